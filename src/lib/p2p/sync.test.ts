import { encode } from '@ipld/dag-cbor'
import { streamPair } from '@libp2p/utils'
import { expect, test } from 'vitest'
import { answerPage, askSync, decodeAnswer, decodeRequest, encodeAnswer, encodeRequest, serveSync } from './sync'
import { TokenBucket } from './token-bucket'

const names = (count: number) => Array.from({ length: count }, (_, i) => `k51-${String(i).padStart(5, '0')}`)
const bytesOf = (sizeBytes: number) => (name: string) => {
	const bytes = new Uint8Array(sizeBytes)
	bytes.set(new TextEncoder().encode(name))
	return bytes
}

test('a page holds no more than was asked for, and the next goes on after it', () => {
	const all = names(5)
	const first = answerPage({ after: '', limit: 2 }, all, bytesOf(20))
	expect(first.announcements).toHaveLength(2)
	expect(first.next).toBe(all[1])
	const second = answerPage({ after: first.next ?? '', limit: 2 }, all, bytesOf(20))
	expect(second.next).toBe(all[3])
	const last = answerPage({ after: second.next ?? '', limit: 2 }, all, bytesOf(20))
	expect(last).toMatchObject({ next: undefined, announcements: [bytesOf(20)(all[4] ?? '')] })
})

test('a page of the largest announcements stays within 1 MiB', () => {
	const all = names(400)
	const page = answerPage({ after: '', limit: 512 }, all, bytesOf(8192))
	expect(encodeAnswer(page).byteLength).toBeLessThanOrEqual(1024 * 1024)
	expect(page.announcements.length).toBeGreaterThan(120)
	expect(page.next).toBe(all[page.announcements.length - 1])
})

test('a name between two that are held, or past all, is a place to go on from', () => {
	const all = names(3)
	expect(answerPage({ after: 'k51-00000x', limit: 9 }, all, bytesOf(20)).announcements).toHaveLength(2)
	expect(answerPage({ after: 'zz', limit: 9 }, all, bytesOf(20))).toEqual({ announcements: [], next: undefined })
})

test('requests and answers out of bounds are refused', () => {
	expect(decodeRequest(encodeRequest({ after: 'k', limit: 512 }))).toEqual({ after: 'k', limit: 512 })
	for (const bad of [
		{ v: 1, after: '', limit: 513 },
		{ v: 1, after: '', limit: 0 },
		{ v: 2, after: '', limit: 1 },
		{},
		7
	]) {
		expect(() => decodeRequest(encode(bad))).toThrow()
	}
	expect(() => decodeAnswer(encode({ v: 1, announcements: 'none', next: null }))).toThrow()
	const mixed = encode({ v: 1, announcements: [new Uint8Array(9000), 'text', new Uint8Array(3)], next: null })
	expect(decodeAnswer(mixed).announcements).toEqual([new Uint8Array(3)])
})

test('one side asks page by page until the other has no more', async () => {
	const [asking, serving] = await streamPair()
	const all = names(1200)
	const stop = new AbortController()
	const served = serveSync(
		serving,
		'peer',
		(request) => answerPage(request, all, bytesOf(20)),
		new TokenBucket(1, 5),
		stop.signal
	)
	const heard: string[] = []
	const count = await askSync(
		asking,
		(bytes) => {
			heard.push(new TextDecoder().decode(bytes.subarray(0, 9)))
			return Promise.resolve(true)
		},
		stop.signal,
		1
	)
	await served
	expect(count).toBe(1200)
	expect(heard).toEqual(all)
})

test('asking ends at the first word that it is enough', async () => {
	const [asking, serving] = await streamPair()
	const stop = new AbortController()
	void serveSync(serving, 'peer', (r) => answerPage(r, names(9), bytesOf(20)), new TokenBucket(1, 5), stop.signal)
	let heard = 0
	await askSync(asking, () => Promise.resolve(++heard < 3), stop.signal, 1)
	expect(heard).toBe(3)
})
