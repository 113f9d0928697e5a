import { CID } from 'multiformats/cid'
import { expect, test } from 'vitest'
import { responseHead } from './response-head'

const audio = { type: 'audio/mpeg', inline: true }

test('what a CID names is kept for ever, what a name names for a minute', () => {
	expect(responseHead({ served: audio, etag: '"a"', lasts: 'ever' }).get('cache-control')).toContain('immutable')
	expect(responseHead({ served: audio, etag: '"a"', lasts: 'minute' }).get('cache-control')).toBe(
		'public, max-age=60'
	)
})

test('content is never sniffed, and never a page that runs or reaches anything', () => {
	for (const type of ['audio/mpeg', 'text/plain; charset=utf-8', 'text/html; charset=utf-8']) {
		const head = responseHead({ served: { type, inline: true }, etag: '"a"', lasts: 'ever' })
		expect(head.get('x-content-type-options')).toBe('nosniff')
		const policy = head.get('content-security-policy')
		expect(policy).toContain("default-src 'none'")
		expect(policy).toContain('sandbox')
		expect(policy).not.toContain('allow-scripts')
		expect(policy?.includes('allow-same-origin')).toBe(type.startsWith('audio'))
	}
})

test('names for saving are cleaned and carried in full', () => {
	const named = (filename: string) =>
		responseHead({ served: audio, etag: '"a"', lasts: 'ever', filename, download: true }).get(
			'content-disposition'
		)
	expect(named('a "b"/ü\r\nX: y.mp3')).toBe(
		`attachment; filename="a _b_____X: y.mp3"; filename*=UTF-8''a%20%22b%22_%C3%BC__X%3A%20y.mp3`
	)
	expect(named('\ud800.mp3')).toContain('%EF%BF%BD.mp3')
	expect(named('')).toBe('attachment')
})

test('what cannot be shown is saved', () => {
	const served = { type: 'application/octet-stream', inline: false }
	expect(responseHead({ served, etag: '"a"', lasts: 'ever' }).get('content-disposition')).toBe('attachment')
})

test('the path and the CIDs along it are told', () => {
	const root = CID.parse('bafkqaaa')
	const path = { text: '/ipfs/bafkqaaa', roots: [root, root] }
	const head = responseHead({ served: audio, etag: '"a"', lasts: 'ever', path })
	expect(head.get('x-ipfs-path')).toBe('/ipfs/bafkqaaa')
	expect(head.get('x-ipfs-roots')).toBe('bafkqaaa,bafkqaaa')
})
