import { CID } from 'multiformats/cid'
import { describe, expect, test } from 'vitest'
import type { Playlist } from './playlist'
import { fileNameOf, parsePlaylistFile, toCsv, toM3u, toM3u8, toXspf } from './playlist-files'
import { parseTrackList } from './playlists/track-list'
import { SOME_CID } from './vectors.fixture'

const file = CID.parse(SOME_CID)
const parse = (text: string) => parsePlaylistFile(new TextEncoder().encode(text))
const playlist: Playlist = {
	v: 1,
	title: 'Low & "tide"',
	note: 'A note',
	created: 1,
	items: [
		{
			file,
			mime: 'audio/mpeg',
			title: 'Neap',
			artists: ['Nadia Ório', 'B'],
			album: 'Tide <Tables>',
			durationMs: 4400
		},
		{ file, mime: 'audio/flac', title: 'Part', clip: { start: 61_500, end: 75_000 } },
		{ file, mime: 'video/webm', title: 'a/b\n#EXTINF:1,evil' }
	]
}

describe('export', () => {
	test('M3U8 names files by a gateway and keeps their extension', () => {
		expect(toM3u8(playlist, { gateway: 'https://gateway.example/' }).split('\n')).toEqual([
			'#EXTM3U',
			'#PLAYLIST:Low & "tide"',
			'#EXTINF:4,Nadia Ório, B - Neap',
			'#EXTALB:Tide <Tables>',
			`https://gateway.example/ipfs/${SOME_CID}?filename=Nadia%20%C3%93rio%2C%20B%20-%20Neap.mp3`,
			'#EXTINF:-1,Part',
			'#EXTVLCOPT:start-time=61.5',
			'#EXTVLCOPT:stop-time=75',
			`https://gateway.example/ipfs/${SOME_CID}?filename=Part.flac`,
			'#EXTINF:-1,a/b #EXTINF:1,evil',
			`https://gateway.example/ipfs/${SOME_CID}?filename=a_b%20%23EXTINF_1%2Cevil.webm`,
			''
		])
	})

	test.each(['ipfs', { gateway: 'https://gateway.example' }] as const)(
		'what is exported to %o comes back',
		(target) => {
			for (const text of [toM3u8(playlist, target), toXspf(playlist, target)]) {
				const again = parse(text)
				expect(again.title).toBe(playlist.title)
				expect(again.items.map(({ title }) => title)).toEqual(['Neap', 'Part', 'a/b #EXTINF:1,evil'])
				expect(again.items[0]).toMatchObject({ artists: ['Nadia Ório, B'], album: 'Tide <Tables>' })
				expect(again.items.every(({ location }) => location.includes(SOME_CID))).toBe(true)
				expect(again.dropped).toBe(0)
			}
		}
	)

	test('a file name has no signs that a disk refuses', () => {
		expect(fileNameOf({ title: 'a/b:c?\u202e', mime: 'audio/mpeg' })).toBe('a_b_c_.mp3')
		expect(fileNameOf({ title: '', mime: 'x/y' })).toBe('file')
	})

	test('M3U is the same in Latin-1, and its locations lose nothing', () => {
		const title = 'Übung 夜'
		const written = toM3u({ ...playlist, items: [{ file, mime: 'audio/flac', title }] }, 'ipfs')
		const text = new TextDecoder('latin1').decode(written)
		expect(text).toContain('#EXTINF:-1,Übung ?\n')
		expect(text).toContain(encodeURIComponent(title))
		expect(new TextDecoder().decode(toM3u({ ...playlist, title: 'Low' }, 'ipfs').slice(0, 7))).toBe('#EXTM3U')
	})

	test('CSV is read back as the same list', () => {
		const csv = toCsv(playlist, 'ipfs')
		const { items, dropped } = parseTrackList(new TextEncoder().encode(csv))
		expect(dropped).toBe(0)
		expect(items.map(({ title, artists, album, durationMs }) => ({ title, artists, album, durationMs }))).toEqual([
			{ title: 'Neap', artists: ['Nadia Ório, B'], album: 'Tide <Tables>', durationMs: 4000 },
			{ title: 'Part', artists: undefined, album: undefined, durationMs: undefined },
			{ title: 'a/b #EXTINF:1,evil', artists: undefined, album: undefined, durationMs: undefined }
		])
		expect(items.every(({ location }) => location.startsWith(`ipfs://${SOME_CID}`))).toBe(true)
	})
})

describe('import', () => {
	test('extended M3U with attributes, a cover and VLC times', () => {
		const text =
			'\ufeff#EXTM3U\r\n#EXTALB:Al\r\n#EXTINF:12.5 tvg-id="x",A - B - C\r\n#EXTIMG:/ipfs/x\r\n#EXTVLCOPT:start-time=2\r\nloc\r\n\r\n# comment\r\nloc2'
		expect(parse(text).items).toEqual([
			{
				location: 'loc',
				album: 'Al',
				durationMs: 12_500,
				artists: ['A'],
				title: 'B - C',
				cover: '/ipfs/x',
				clip: { start: 2000 }
			},
			{ location: 'loc2', album: 'Al' }
		])
	})

	test('M3U in Windows-1252', () => {
		const bytes = Uint8Array.from([
			...new TextEncoder().encode('#EXTINF:1,'),
			0xd3,
			...new TextEncoder().encode('rio\nloc')
		])
		expect(parsePlaylistFile(bytes).items[0]?.title).toBe('Ório')
	})

	test('XSPF with prefixes, CDATA, entities and comments', () => {
		const text = `<?xml version="1.0"?><!-- a > b --><x:playlist xmlns:x="http://xspf.org/ns/0/"><x:trackList>
			<x:track><x:location>ipfs://a?b&amp;c</x:location><x:title><![CDATA[<T>]]></x:title><x:creator>&#211;&#xf3;</x:creator>
			<x:duration>4000</x:duration><x:trackNum>3</x:trackNum><meta rel="http://x">y</meta></x:track><x:track/></x:trackList></x:playlist>`
		expect(parse(text)).toEqual({
			items: [{ location: 'ipfs://a?b&c', title: '<T>', artists: ['Óó'], durationMs: 4000, track: 3 }],
			dropped: 1
		})
	})

	test('JSPF', () => {
		const jspf = {
			playlist: { title: 'P', track: [{ location: ['ipfs://a'], title: 'T', creator: 'C', duration: 5 }, 3] }
		}
		expect(parse(JSON.stringify(jspf))).toEqual({
			title: 'P',
			items: [{ location: 'ipfs://a', title: 'T', artists: ['C'], durationMs: 5 }],
			dropped: 1
		})
	})

	test('an XML bomb stays small', () => {
		const text = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><playlist><title>&b;</title><trackList/></playlist>`
		expect(() => parse(text)).not.toThrow()
		expect(parse(text).title).not.toContain('aaaa')
	})

	test.each([
		['no playlist', '<html></html>'],
		['cut off XML', '<playlist><trackList>'],
		['crossed tags', '<playlist><a></playlist></a>'],
		['deep XML', '<playlist>' + '<a>'.repeat(10_000)],
		['comments without an end', '<?xml?>' + '<!--'.repeat(500_000)],
		['CDATA without an end', '<playlist>' + '<![CDATA['.repeat(200_000)],
		['declarations without an end', '<?xml?>' + '<!'.repeat(1_000_000)],
		['quotes without an end', '<playlist>' + '<a b="'.repeat(500_000)],
		['signs without an end', '<?xml?>' + '<a '.repeat(100_000)],
		['other JSON', '{"a":1}'],
		['broken JSON', '{"a":'],
		['comments alone', '#EXTM3U\n# nothing'],
		['nothing', '']
	])('%s is refused', (_, text) => {
		expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'content-unsupported' }))
	})
})
