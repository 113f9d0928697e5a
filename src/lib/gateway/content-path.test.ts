import { expect, test } from 'vitest'
import { contentPathText, contentUrl, parseContentPath } from './content-path'

const CID = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
const V0 = 'QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR'

const parse = (path: string, scope = 'https://app.example/') =>
	parseContentPath(new URL(path, scope), new URL(scope))

test.each(['https://app.example/', 'https://app.example/sub/', `https://gateway.example/ipfs/${CID}/`])(
	'content lies below the scope %s',
	(scope) => {
		expect(parse(`ipfs/${V0}/a/b%20c.mp3?filename=x`, scope)).toMatchObject({
			namespace: 'ipfs',
			segments: ['a', 'b c.mp3']
		})
		expect(parse(`ipfs/${CID}`, scope)).toMatchObject({ segments: [] })
		expect(parse('ipns/k51abc/x', scope)).toEqual({ namespace: 'ipns', name: 'k51abc', segments: ['x'] })
	}
)

test.each(['', 'index.html', '_app/immutable/x.js', 'ipfs', 'ipfsx/y', '?ipfs/x'])(
	'"%s" of an app deployed at /ipfs/<cid>/ is its own',
	(path) => {
		expect(parse(path, `https://gateway.example/ipfs/${CID}/`)).toBeUndefined()
	}
)

test('content above the scope, or of another origin, is not ours', () => {
	expect(parse(`/ipfs/${CID}`, 'https://app.example/sub/')).toBeUndefined()
	expect(parse(`https://other.example/ipfs/${CID}`)).toBeUndefined()
})

test.each([
	'ipfs/',
	'ipfs/zzz',
	`ipfs/${CID}/%ff`,
	`ipfs/${CID}/a%2fb`,
	`ipfs/${CID}/a%00`,
	`ipfs/${CID}/a%5c/b`,
	`ipfs/${CID}${'/a'.repeat(65)}`
])('%s is refused', (path) => {
	expect(() => parse(path)).toThrow(expect.objectContaining({ code: 'bad-path' }))
})

test('URLs are relative to the page, and lose its query and route', () => {
	expect(contentUrl('https://app.example/sub/?hubs=#/search', CID)).toBe(`https://app.example/sub/ipfs/${CID}`)
	expect(contentUrl('https://app.example/index.html', CID, { filename: 'ä & b#?.mp3' })).toBe(
		`https://app.example/ipfs/${CID}?filename=%C3%A4+%26+b%23%3F.mp3`
	)
})

test('a path can be told in a header', () => {
	const path = parse(`ipfs/${CID}/ą b/100%25.mp3`)
	expect(path && contentPathText(path)).toBe(`/ipfs/${CID}/%C4%85%20b/100%25.mp3`)
})
