import { base64url } from 'multiformats/bases/base64'
import { CID } from 'multiformats/cid'
import { describe, expect, test } from 'vitest'
import { encodeStrict } from './dag-cbor'
import { decodePlaylist, encodePlaylist, itemOfRow, playlistCid, rowOfItem, type Playlist } from './playlist'
import { makeInlineLink, makeShareLink, parseShareLink, readInlinePlaylist, type ShareLink } from './share-link'
import { SOME_CID, expected, vector } from './vectors.fixture'

const leaf = CID.parse(SOME_CID)
const FOLDER_CID = 'bafybeianqaxtzyhyh3r4uf3vapqb6lo64pgy3momkphw2u5froabpblqtq'
const folder = CID.parse(FOLDER_CID)
const invalidLink = (detail = /./) =>
	expect.objectContaining({ code: 'invalid-link', detail: expect.stringMatching(detail) as string }) as Error
const inline = async (bytes: Uint8Array) => {
	const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new CompressionStream('deflate-raw'))
	return base64url.encode(new Uint8Array(await new Response(stream).arrayBuffer())).slice(1)
}

describe('the playlist vector', () => {
	test('decodes, and encodes to the same bytes', async () => {
		const bytes = await vector('playlist.cbor')
		const wanted = (await expected()).playlist
		const { playlist, dropped } = decodePlaylist(bytes)
		expect({ title: playlist.title, items: playlist.items.length, dropped }).toEqual({
			title: wanted.title,
			items: wanted.items,
			dropped: 0
		})
		expect(encodePlaylist(playlist)).toEqual(bytes)
		expect((await playlistCid(bytes)).toString()).toBe(wanted.cid)
	})

	test('its link holds the same playlist', async () => {
		const link = parseShareLink((await expected()).playlist.link)
		if (link.kind !== 'inline-playlist') throw new Error(link.kind)
		const reading = await readInlinePlaylist(link.data)
		expect(reading).toEqual(decodePlaylist(await vector('playlist.cbor')))
		const again = parseShareLink(await makeInlineLink(reading.playlist))
		if (again.kind !== 'inline-playlist') throw new Error(again.kind)
		expect(await readInlinePlaylist(again.data)).toEqual(reading)
	})

	test('its items pass through rows unchanged', async () => {
		const { items } = decodePlaylist(await vector('playlist.cbor')).playlist
		for (const item of items) expect(itemOfRow(rowOfItem(item))).toMatchObject(item)
	})
})

describe('decodePlaylist', () => {
	const item = { file: leaf, mime: 'audio/mpeg', title: 'T' }
	const mixed: Playlist = { v: 1, title: 'P', created: 1, items: [item, { ...item, durationMs: -1 }] }

	test('drops items that break a rule', () => {
		const { playlist, dropped, reasons } = decodePlaylist(encodeStrict(mixed))
		expect(playlist.items).toEqual([item])
		expect(dropped).toBe(1)
		expect(reasons).toEqual(['item 2: durationMs must be a whole number, 0 or more'])
	})

	test('such a playlist is not made here', () => {
		expect(() => encodePlaylist(mixed)).toThrow(expect.objectContaining({ code: 'invalid-playlist' }))
	})

	test.each([
		['a later version', { v: 2, title: 'P', created: 1, items: [] }],
		['no title', { v: 1, created: 1, items: [] }],
		['items that are no list', { v: 1, title: 'P', created: 1, items: {} }],
		['too many items', { v: 1, title: 'P', created: 1, items: Array.from({ length: 10_001 }, () => 0) }]
	])('refuses %s', (_, playlist) => {
		expect(() => encodePlaylist(playlist as unknown as Playlist)).toThrow(
			expect.objectContaining({ code: 'invalid-playlist' })
		)
	})
})

describe('share links', () => {
	const name = 'k51qzi5uqu5dkogtleiytfxubg506sz0dwl3em00pptg88pmktkh0zbdgv5417'
	test.each<[string, ShareLink]>([
		[`#/p/${SOME_CID}`, { kind: 'playlist', cid: leaf }],
		['#/p/~abc_-', { kind: 'inline-playlist', data: 'abc_-' }],
		[`#/e/${SOME_CID}`, { kind: 'entry', file: leaf }],
		[`#/e/${SOME_CID}?t=61.5`, { kind: 'entry', file: leaf, clip: { start: 61_500 } }],
		[`#/e/${SOME_CID}?t=61.5,75`, { kind: 'entry', file: leaf, clip: { start: 61_500, end: 75_000 } }],
		[`#/u/${name}`, { kind: 'publisher', name }],
		[`#/r/${FOLDER_CID}`, { kind: 'root', cid: folder, path: '' }],
		[`#/r/${FOLDER_CID}/a%20b/%23c%3F.m3u`, { kind: 'root', cid: folder, path: 'a b/#c?.m3u' }]
	])('%s is read and made', (text, link) => {
		expect(parseShareLink(text)).toEqual(link)
		expect(makeShareLink(link)).toBe(text)
	})

	test('a whole URL of any deployment is read', () => {
		const url = `https://example.org/ipfs/${FOLDER_CID}/?hubs=&local=1#/u/${name}`
		expect(parseShareLink(url)).toEqual({ kind: 'publisher', name })
	})

	test.each([
		['', /nothing to open/],
		['https://example.org/', /nothing to open/],
		['#/x/abc', /nothing to open/],
		['#/p/', /nothing to open/],
		['#/p/abc', /not a CID/],
		[`#/p/${FOLDER_CID}`, /cannot be opened/],
		[`#/p/${SOME_CID}/more`, /more behind/],
		[`#/e/${SOME_CID}?t=later`, /seconds/],
		[`#/e/${SOME_CID}?t=-5`, /seconds/],
		[`#/e/${SOME_CID}?t=9,8`, /before it starts/],
		[`#/e/${CID.createV1(0x71, leaf.multihash).toString()}`, /cannot be opened/],
		['#/u/somebody', /publisher/],
		[`#/u/${SOME_CID}`, /publisher/],
		[`#/r/${FOLDER_CID}/%ff`, /escape/],
		[`#/r/${FOLDER_CID}/a%2Fb`, /cannot be/],
		[`#/r/${FOLDER_CID}/${'a/'.repeat(65)}`, /too deep/],
		[`#/p/~${'a'.repeat(8000)}`, /8000/]
	])('%s is refused', (text, detail) => {
		expect(() => parseShareLink(text)).toThrow(invalidLink(detail))
	})

	test('a playlist too long for a link is refused', async () => {
		const items = Array.from({ length: 800 }, (_, i) => ({
			file: leaf,
			mime: 'audio/mpeg',
			title: `${Math.sin(i)}`
		}))
		await expect(makeInlineLink({ v: 1, title: 'P', created: 1, items })).rejects.toThrow(invalidLink(/8000/))
	})

	test.each([
		['not base64url', () => 'a b', 'invalid-link'],
		['not deflated', () => base64url.encode(new Uint8Array([255, 255, 255])).slice(1), 'invalid-link'],
		['cut off', async () => (await inline(new Uint8Array(500).map((_, i) => i))).slice(0, 100), 'invalid-link'],
		['a bomb', () => inline(new Uint8Array(3_000_000)), 'invalid-link'],
		['not a playlist', () => inline(new Uint8Array([1])), 'invalid-playlist']
	])('a playlist in a link that is %s is refused', async (_, make, code) => {
		await expect(readInlinePlaylist(await make())).rejects.toMatchObject({ code })
	})
})

describe('the publisher that a link to an entry names', () => {
	const NAME = 'k51qzi5uqu5dh69gngqlrf2yohbravtkp8zt3vwfb76ask5tue4cr269igrn4g'
	const file = leaf

	test('goes with the clip, and comes back', () => {
		const clip = { start: 61_500, end: 75_000 }
		const link: ShareLink = { kind: 'entry', file, clip, by: NAME }
		expect(makeShareLink(link)).toBe(`#/e/${SOME_CID}?t=61.5,75&by=${NAME}`)
		expect(parseShareLink(makeShareLink(link))).toEqual(link)
	})

	test('is advice: one that is no name, and what is not known, are passed over', () => {
		const bare = { kind: 'entry', file }
		expect(parseShareLink(`#/e/${SOME_CID}?by=nobody`)).toEqual(bare)
		expect(parseShareLink(`#/e/${SOME_CID}?other=1`)).toEqual(bare)
	})
})
