import * as dagPb from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { describe, expect, test } from 'vitest'
import { parseEntry } from '../entry'
import { FakeBlocks, SOME_CID, blocksOfCar, expected, vector } from '../vectors.fixture'
import { importPlaylistFile, readRoot } from './index'
import { DAG_JSON, cborNode, data, file, folder, jsonNode } from './readers.fixture'

const signal = AbortSignal.timeout(60_000)

async function read(blocks: FakeBlocks, root: CID, path = '') {
	const reading = await readRoot(root, path, blocks, { signal })
	if (reading.kind !== 'listed') throw new Error(`read as ${reading.kind}`)
	// Whatever was listed must stand in a page as it is.
	for (const entry of reading.entries.slice(0, 100)) expect(parseEntry(entry)).toEqual(entry)
	return reading
}

const rejection = (blocks: FakeBlocks, root: CID, path = '') =>
	expect(readRoot(root, path, blocks, { signal })).rejects

describe('vectors', () => {
	test.each(['flat.tsv', 'flat.json'])('%s is a flat list', async (name) => {
		const { flat } = await expected()
		const blocks = await blocksOfCar('publication.car')
		const { entries, dropped } = await read(blocks, await file(blocks, await vector(name)))
		expect(dropped).toBe(0)
		expect(entries.map(({ k }) => k)).toEqual(Object.keys(flat))
		expect(entries[0]).toMatchObject({
			t: 'audio',
			mime: 'audio/mpeg',
			artists: ['Nadia Ório'],
			title: 'Neap',
			size: 0
		})
		expect(entries[0]?.file.toString()).toBe(Object.values(flat)[0])
		expect(entries[1]).toMatchObject({ t: 'video', mime: 'video/webm', title: 'Lighthouse' })
		expect(entries[1]?.file.toString()).toBe('bafkreie4ebdznvlpta63mvwrohyn3gcfvohqppborl66ob3fyge3oii4gu')
	})

	test('track.dag.json is a track, as a node and as a file', async () => {
		const blocks = new FakeBlocks()
		const bytes = await vector('track.dag.json')
		for (const root of [await data(blocks, bytes, DAG_JSON), await file(blocks, bytes)]) {
			const { entries, displayName } = await read(blocks, root)
			expect(displayName).toBe('Neap')
			expect(entries).toEqual([
				expect.objectContaining({
					t: 'audio',
					title: 'Neap',
					artists: ['Nadia Ório'],
					album: 'Tide Tables',
					date: '1998',
					file: CID.parse(SOME_CID),
					cover: CID.parse('bafkreidr6za6dqjtiwhdokc3yr6ippx7xsziw3rvbajcdqt2p6lm4cdf4u')
				})
			])
		}
	})

	test('a folder inside a publication is walked, a file in it listed alone', async () => {
		const { root } = await expected()
		const blocks = await blocksOfCar('publication.car')
		const { entries } = await read(blocks, CID.parse(root), 'Nadia Ório/Tide Tables (1998)')
		expect(entries.map(({ k }) => k)).toEqual(['01 Neap.mp3', '02 Spring.flac', '03 Slack Water.opus'])
		expect(entries[0]).toMatchObject({ track: 1, title: 'Neap', size: 32_756 })
		expect(entries[0]?.lyrics).toBeDefined()
		const alone = await read(blocks, CID.parse(root), 'Lighthouse.webm')
		expect(alone.entries).toEqual([expect.objectContaining({ t: 'video', size: 21_498, title: 'Lighthouse' })])
	})
})

describe('a folder without a catalog', () => {
	test('its media become entries, and what lies beside them goes with them', async () => {
		const blocks = new FakeBlocks()
		const root = await folder(blocks, {
			'Nadia/Tides (1998)/cover.jpg': 'cover',
			'Nadia/Tides (1998)/CD1/01 Neap.mp3': 'neap',
			'Nadia/Tides (1998)/CD1/01 Neap.lrc': '[00:00]',
			'Nadia/Tides (1998)/CD2/01 Spring.mp3': 'spring',
			'Films/Sea.mkv': 'sea',
			'Films/Sea.de.srt': 'untertitel',
			'Films/Sea.vtt': 'WEBVTT',
			'Films/poster.png': 'poster',
			'README.txt': 'hello',
			'book.pdf': 'book',
			'program.exe': 'no'
		})
		const { entries, dropped } = await read(blocks, root)
		expect(entries.map(({ k }) => k)).toEqual([
			'Films/Sea.mkv',
			'Films/poster.png',
			'Nadia/Tides (1998)/CD1/01 Neap.mp3',
			'Nadia/Tides (1998)/CD2/01 Spring.mp3',
			'book.pdf'
		])
		const [sea, , neap, spring] = entries
		expect(sea?.subtitles?.map(({ lang, mime }) => [lang, mime])).toEqual([
			['de', 'application/x-subrip'],
			['und', 'text/vtt']
		])
		expect(neap).toMatchObject({ artists: ['Nadia'], album: 'Tides', date: '1998', disc: 1, track: 1, size: 4 })
		expect(neap?.lyrics).toBeDefined()
		expect(spring).toMatchObject({ disc: 2, title: 'Spring' })
		expect(spring?.cover).toEqual(neap?.cover)
		expect(spring?.cover).toBeDefined()
		expect(dropped).toBe(0)
	})

	test('segments are one entry, whose file is their folder', async () => {
		const blocks = new FakeBlocks()
		const media =
			'#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:4,\nseg%201.m4s\n#EXTINF:1.5,\nseg2.mp4\n'
		const root = await folder(blocks, {
			'Films/Sea/master.m3u8': '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360\nlow/index.m3u8\n',
			'Films/Sea/low/index.m3u8': media,
			'Films/Sea/low/init.mp4': 'init',
			'Films/Sea/low/seg 1.m4s': 'one',
			'Films/Sea/low/seg2.mp4': 'two',
			'Films/other.mp4': 'other',
			'plain.m3u8': '#EXTM3U\nFilms/other.mp4\n',
			'talk/talk.m3u8': '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.aac\n',
			'talk/a.aac': 'a'
		})
		const { entries, dropped } = await read(blocks, root)
		expect(entries.map(({ k, t, title, mime }) => [k, t, title, mime])).toEqual([
			['Films/Sea/master.m3u8', 'video', 'Sea', 'application/vnd.apple.mpegurl'],
			['Films/other.mp4', 'video', 'other', 'video/mp4'],
			['talk/talk.m3u8', 'audio', 'talk', 'application/vnd.apple.mpegurl']
		])
		expect(dropped).toBe(0)
		expect(entries[2]).toMatchObject({ durationMs: 4000, size: 0 })
		const sea = await folder(blocks, {
			'master.m3u8': '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360\nlow/index.m3u8\n',
			'low/index.m3u8': media,
			'low/init.mp4': 'init',
			'low/seg 1.m4s': 'one',
			'low/seg2.mp4': 'two'
		})
		expect(entries[0]?.file).toEqual(sea)
		expect((await read(blocks, sea)).entries.map(({ k, file }) => [k, file])).toEqual([['master.m3u8', sea]])
	})

	test('a CUE sheet cuts its file, also one under another extension', async () => {
		const blocks = new FakeBlocks()
		const cue = new TextDecoder().decode(await vector('album.cue')).replace('album.flac', 'album.wav')
		const root = await folder(blocks, { 'album.cue': cue, 'album.flac': 'sound', 'other.flac': 'other' })
		const { entries } = await read(blocks, root)
		expect(entries.map(({ k, title }) => [k, title])).toEqual([
			['album.flac#01', 'Neap'],
			['album.flac#02', 'Spring'],
			['other.flac', 'other']
		])
		expect(entries[0]).toMatchObject({ clip: { start: 0, end: 2000 }, artists: ['Nadia Ório'] })
	})

	test('a sharded folder is read, listed and followed', async () => {
		const blocks = new FakeBlocks()
		const files = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`s/${i} song.mp3`, `song ${i}`]))
		const root = await folder(blocks, files, { shard: true })
		expect((await read(blocks, root)).entries).toHaveLength(600)
		expect((await read(blocks, root, 's/77 song.mp3')).entries[0]).toMatchObject({ size: 7 })
		await rejection(blocks, root, 's/none.mp3').toMatchObject({ code: 'not-found' })
	})

	test('a file of many blocks is measured', async () => {
		const blocks = new FakeBlocks()
		const root = await folder(blocks, { 'long.flac': new Uint8Array(3_000_000) })
		expect((await read(blocks, root)).entries[0]?.size).toBe(3_000_000)
	})

	test('a sub-folder that nobody has costs only what is in it', async () => {
		const whole = new FakeBlocks()
		const root = await folder(whole, { 'a/1.mp3': '1', 'b/2.mp3': '2' })
		const lost = await folder(whole, { '2.mp3': '2' })
		const blocks = new FakeBlocks()
		for (const cid of [root, await folder(whole, { '1.mp3': '1' })])
			blocks.put(cid, await whole.get(cid, { signal }))
		expect(lost).toBeDefined()
		const { entries, dropped, reasons } = await read(blocks, root)
		expect(entries.map(({ k }) => k)).toEqual(['a/1.mp3'])
		expect({ dropped, reasons }).toEqual({ dropped: 1, reasons: ['b: content-unavailable'] })
	})

	test('a folder that holds itself a million times over is left', { timeout: 60_000 }, async () => {
		const blocks = new FakeBlocks()
		let below = await folder(blocks, { 'x.mp3': 'x' })
		for (let level = 0; level < 30; level++) {
			const node = dagPb.prepare({
				Data: new UnixFS({ type: 'directory' }).marshal(),
				Links: ['a', 'b', 'c', 'd'].map((Name) => ({ Name, Hash: below, Tsize: 1 }))
			})
			const bytes = dagPb.encode(node)
			below = CID.createV1(dagPb.code, await sha256.digest(bytes))
			blocks.put(below, bytes)
		}
		const { entries, dropped } = await read(blocks, below)
		expect(entries).toEqual([])
		expect(dropped).toBeGreaterThan(0)
		expect(blocks.asked.length).toBeLessThan(60_000)
	})

	test('an abort ends the walk as an abort', async () => {
		const blocks = new FakeBlocks()
		const root = await folder(blocks, { 'a/1.mp3': '1' })
		const stopped = AbortSignal.abort()
		await expect(readRoot(root, '', blocks, { signal: stopped })).rejects.toMatchObject({ name: 'AbortError' })
	})

	test('says how far it is', async () => {
		const blocks = new FakeBlocks()
		const root = await folder(blocks, { 'a/1.mp3': '1', 'a/2.mp3': '2' })
		const seen: unknown[] = []
		await readRoot(root, '', blocks, { signal, onprogress: (progress) => seen.push(progress) })
		expect(seen).toEqual([
			{ folders: 1, files: 0 },
			{ folders: 1, files: 0 },
			{ folders: 2, files: 0 },
			{ folders: 2, files: 2 }
		])
	})
})

describe('a head that is wrong', () => {
	test('of many blocks or none is refused', async () => {
		const blocks = new FakeBlocks()
		const root = await folder(blocks, { '.antiphon/catalog.cbor': new Uint8Array(1_500_000), 'a.mp3': 'a' })
		await rejection(blocks, root).toMatchObject({ code: 'invalid-head' })
	})
})

describe('other lists', () => {
	test('a map of links in dag-cbor', async () => {
		const blocks = new FakeBlocks()
		const root = await cborNode(blocks, { 'A - B.mp3': CID.parse(SOME_CID), 'c.ogg': SOME_CID, note: 'x', n: 1 })
		const { entries, dropped } = await read(blocks, root)
		expect(entries.map(({ k, t }) => [k, t])).toEqual([
			['c.ogg', 'audio'],
			['A - B.mp3', 'audio']
		])
		expect(dropped).toBe(2)
	})

	test('a flat list keeps what it can and says why it drops the rest', async () => {
		const blocks = await blocksOfCar('publication.car')
		const { root } = await expected()
		const lines = [
			`a.mp3\t${SOME_CID}`,
			`a.mp3\t${SOME_CID}`,
			'b.mp3\thttps://example.org/b.mp3',
			`c.mp3\t/ipfs/${root}/none.mp3`,
			'd.mp3\t/ipns/example.org/d.mp3',
			'no tab',
			`e\tipfs://${root}/Lighthouse.webm`
		]
		const reading = await read(blocks, await file(blocks, lines.join('\r\n')))
		expect(reading.entries.map(({ k, t }) => [k, t])).toEqual([
			['a.mp3', 'audio'],
			['e', 'video']
		])
		expect(reading.reasons).toEqual([
			'a.mp3: the name is taken by another',
			'b.mp3: an address outside IPFS',
			'c.mp3: not-found',
			'd.mp3: an /ipns/ name, which may point elsewhere tomorrow',
			'no tab: not on IPFS'
		])
	})

	test('an album of tracks in the node and behind links', async () => {
		const blocks = new FakeBlocks()
		const linked = await jsonNode(blocks, {
			tags: { TIT2: 'Spring', TRCK: '2/9' },
			file: { '/': SOME_CID },
			mime: 'audio/flac'
		})
		const cover = CID.parse('bafkreidr6za6dqjtiwhdokc3yr6ippx7xsziw3rvbajcdqt2p6lm4cdf4u')
		const root = await cborNode(blocks, {
			album: {
				title: 'Tide Tables',
				artist: 'Nadia Ório',
				cover,
				tracks: [{ file: CID.parse(SOME_CID), id3: { title: 'Neap' } }, linked, { nothing: 1 }, 'text']
			}
		})
		const { entries, displayName, dropped } = await read(blocks, root)
		expect(displayName).toBe('Tide Tables')
		expect(entries).toEqual([
			expect.objectContaining({ title: 'Neap', track: 1, album: 'Tide Tables', artists: ['Nadia Ório'], cover }),
			expect.objectContaining({
				title: 'Spring',
				track: 2,
				tracks: 9,
				mime: 'audio/flac',
				albumArtists: ['Nadia Ório']
			})
		])
		expect(dropped).toBe(2)
	})

	test('a track with a CUE sheet is cut', async () => {
		const blocks = new FakeBlocks()
		const cue = await file(blocks, await vector('album.cue'))
		const root = await cborNode(blocks, { file: CID.parse(SOME_CID), tags: { title: 'Whole' }, cue })
		expect((await read(blocks, root)).entries.map(({ title }) => title)).toEqual(['Neap', 'Spring'])
	})

	test('a playlist as catalog', async () => {
		const blocks = await blocksOfCar('publication.car')
		const { root } = await expected()
		const m3u = [
			'#EXTM3U',
			'#PLAYLIST:Low tide',
			'#EXTINF:4,Nadia Ório - Neap',
			`https://gateway.example/ipfs/${SOME_CID}?filename=neap.mp3`,
			'#EXTINF:-1,Light',
			`https://${root}.ipfs.gateway.example/Lighthouse.webm#t=1,2`,
			'relative/file.mp3'
		].join('\n')
		const { entries, displayName, dropped } = await read(blocks, await file(blocks, m3u))
		expect(displayName).toBe('Low tide')
		expect(dropped).toBe(1)
		expect(entries).toEqual([
			expect.objectContaining({ k: '0001 Neap', artists: ['Nadia Ório'], durationMs: 4000, mime: 'audio/mpeg' }),
			expect.objectContaining({ k: '0002 Light', t: 'video', clip: { start: 1000, end: 2000 } })
		])
	})

	test.each([
		['text', 'hello there'],
		['bytes', new Uint8Array(5000).map((_, i) => i * 7)],
		['HTML', '<!doctype html><p>hello'],
		['a map that points nowhere', '{"a": "b"}'],
		['a map named like a prototype', '{"__proto__": {"file": "x"}}'],
		['deep JSON', '['.repeat(100_000) + ']'.repeat(100_000)],
		['a list of numbers', '[1,2,3]'],
		['nothing', '']
	])('%s is refused', async (_, content) => {
		const blocks = new FakeBlocks()
		await rejection(blocks, await file(blocks, content)).toMatchObject({ code: 'content-unsupported' })
	})

	test('what nobody has is said so', async () => {
		await rejection(new FakeBlocks(), CID.parse(SOME_CID)).toMatchObject({ code: 'content-unavailable' })
	})

	test('a file too large to be a list is not fetched', async () => {
		const blocks = new FakeBlocks()
		const root = await file(blocks, new Uint8Array(20_000_000))
		const before = blocks.asked.length
		await rejection(blocks, root).toMatchObject({ code: 'content-unsupported' })
		expect(blocks.asked.length - before).toBeLessThan(3)
	})

	test('more lines than are read are cut at the bound', { timeout: 60_000 }, async () => {
		const blocks = new FakeBlocks()
		const lines = Array.from({ length: 60_000 }, (_, i) => `${i}.mp3\t${SOME_CID}`)
		const { entries, dropped } = await read(blocks, await file(blocks, lines.join('\n')))
		expect(entries).toHaveLength(50_000)
		expect(dropped).toBeGreaterThan(0)
	})
})

test('importPlaylistFile gives items of a playlist', async () => {
	const xspf = `<playlist version="1"><title>T</title><trackList><track>
		<location>ipfs://${SOME_CID}</location><title>Neap</title><creator>Nadia</creator></track>
		<track><location>file:///home/x.mp3</location></track></trackList></playlist>`
	const imported = await importPlaylistFile(new TextEncoder().encode(xspf), new FakeBlocks(), { signal })
	expect(imported).toMatchObject({ title: 'T', dropped: 1 })
	expect(imported.items).toEqual([
		{ file: CID.parse(SOME_CID), mime: 'audio/mpeg', title: 'Neap', artists: ['Nadia'] }
	])
})
