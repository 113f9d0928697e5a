import { CID } from 'multiformats/cid'
import { describe, expect, test } from 'vitest'
import { parseCue, splitByCue } from './cue'
import { parseEntry } from './entry'
import { SOME_CID, expected, vector } from './vectors.fixture'

const sheetOf = (text: string) => parseCue(new TextEncoder().encode(text))
const head = 'FILE "a.flac" WAVE\n'

describe('parseCue', () => {
	test('reads the vector', async () => {
		const sheet = parseCue(await vector('album.cue'))
		expect(sheet).toMatchObject({ performer: 'Nadia Ório', title: 'Tide Tables', date: '1998' })
		expect(sheet.files.map(({ name }) => name)).toEqual(['album.flac'])
		const tracks = sheet.files[0]?.tracks.map(({ title, clip }) => ({ title, clip }))
		expect(tracks).toEqual((await expected()).cue)
	})

	test('reads Windows-1252 where it is not UTF-8', () => {
		const bytes = Uint8Array.from([
			...new TextEncoder().encode(`${head}PERFORMER "Nadia `),
			0xd3,
			0x72,
			0x69,
			0x6f,
			0x22
		])
		expect(parseCue(bytes).performer).toBe('Nadia Ório')
	})

	test('reads a byte order mark, tabs, lower case, words without quotes and old line ends', () => {
		const sheet = sheetOf('\ufefftitle Tide\rfile a.flac wave\r\ttrack 01 audio\r\t\tindex 01 00:00:00\r')
		expect(sheet).toMatchObject({
			title: 'Tide',
			files: [{ name: 'a.flac', tracks: [{ number: 1, clip: { start: 0 } }] }]
		})
	})

	test('counts 75 frames a second, and minutes past 99', () => {
		const [track] = sheetOf(`${head}TRACK 01 AUDIO\nINDEX 01 120:01:37`).files[0]?.tracks ?? []
		expect(track?.clip.start).toBe(7_201_493)
	})

	test('leaves out tracks without a start or out of order', () => {
		const times = ['00:00:00', undefined, '00:05:00', '00:04:00', '00:99:00', '00:06:80', '00:07:00']
		const lines = times.map((time, i) => `TRACK 0${i + 1} AUDIO\n${time === undefined ? '' : `INDEX 01 ${time}`}`)
		const tracks = sheetOf(head + lines.join('\n')).files[0]?.tracks
		expect(tracks?.map(({ number, clip }) => [number, clip])).toEqual([
			[1, { start: 0, end: 5000 }],
			[3, { start: 5000, end: 7000 }],
			[7, { start: 7000 }]
		])
	})

	test('starts over with each file', () => {
		const sheet = sheetOf(
			'FILE "1.wav" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nFILE "2.wav" WAVE\nTRACK 02 AUDIO\nINDEX 01 00:00:00'
		)
		expect(sheet.files.map(({ tracks }) => tracks.map(({ clip }) => clip))).toEqual([
			[{ start: 0 }],
			[{ start: 0 }]
		])
	})

	test.each([
		['what is not a sheet', 'hello', 'content-unsupported'],
		['what is too large', 'x'.repeat(1024 * 1024 + 1), 'too-large']
	])('refuses %s', (_, text, code) => {
		expect(() => sheetOf(text)).toThrow(expect.objectContaining({ code }))
	})
})

test('splitByCue makes entries of its own that are valid', async () => {
	const sheet = parseCue(await vector('album.cue'))
	const file = sheet.files[0]
	if (file === undefined) throw new Error('no file')
	const whole = parseEntry({
		k: 'a/album.flac',
		t: 'audio',
		file: CID.parse(SOME_CID),
		size: 100,
		mime: 'audio/flac',
		title: 'album',
		durationMs: 5000,
		genres: ['Ambient'],
		gain: { track: -3 }
	})
	const entries = splitByCue(whole, sheet, file)
	expect(entries.map(parseEntry)).toEqual(entries)
	expect(entries).toEqual([
		expect.objectContaining({
			k: 'a/album.flac#01',
			title: 'Neap',
			track: 1,
			durationMs: 2000,
			clip: { start: 0, end: 2000 }
		}),
		expect.objectContaining({
			k: 'a/album.flac#02',
			title: 'Spring',
			track: 2,
			durationMs: 3000,
			clip: { start: 2000 }
		})
	])
	expect(entries[0]).toMatchObject({
		artists: ['Nadia Ório'],
		album: 'Tide Tables',
		date: '1998',
		genres: ['Ambient'],
		size: 100
	})
	expect(entries[0]).not.toHaveProperty('gain')
})
