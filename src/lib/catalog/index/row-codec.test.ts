import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EntryRow } from '../row'
import { encodeRows, RowBlock } from './row-codec'
import { decodeTexts, encodeTexts } from './text-codec'

const CIDS = [
	'bafkreidbunvlvvjtjhn4eyqnjorg46zjpv4c2olxukqv2hucs6ux2kmotq',
	'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
	'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG',
	''
]
const texts = fc.string({ unit: 'binary', maxLength: 200 })
const names = fc.array(texts, { maxLength: 3 })
const whole = fc.nat(Number.MAX_SAFE_INTEGER)
const odd = fc.oneof(whole, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer())

const optional = fc.record(
	{
		composers: names,
		album: texts,
		date: fc.constantFrom('1999', '2001-02-03'),
		label: texts,
		licence: texts,
		track: odd,
		disc: odd,
		durationMs: odd,
		bitrate: odd,
		sampleRate: odd,
		width: odd,
		codec: texts,
		lossless: fc.boolean(),
		cover: fc.constantFrom(...CIDS),
		thumb: fc.uint8Array({ maxLength: 64 }),
		hue: fc.nat(359),
		clip: fc.record({ start: whole, end: whole }),
		lyrics: fc.constantFrom(...CIDS),
		subtitles: fc.array(fc.record({ lang: texts, file: fc.constantFrom(...CIDS), mime: texts }), { maxLength: 2 }),
		gain: fc.record({ track: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
		mbids: names,
		added: odd
	},
	{ requiredKeys: [] }
)
const rows = fc
	.record({
		k: fc.oneof(texts, fc.constantFrom('A/B/01 Title.flac', 'A/B/02 Title', 'A/B/', '/', '01 Title.mp3')),
		kind: fc.constantFrom('audio', 'video'),
		file: fc.constantFrom(...CIDS),
		sizeBytes: odd,
		mime: fc.constantFrom('audio/flac', 'video/mp4'),
		title: fc.oneof(texts, fc.constant('Title')),
		artists: names,
		albumArtists: names,
		genres: names
	})
	.chain((row) => optional.map((more) => ({ ...row, ...more })))

const origin = { id: 1, publisher: 'k51', publisherName: 'P', root: 'bafy' }

/** As JSON keeps numbers. */
const positive = (value: unknown): unknown =>
	JSON.parse(JSON.stringify(value, (_, one: unknown) => (Object.is(one, -0) ? 0 : one)))

test('a block gives back each row as it was', () => {
	fc.assert(
		fc.property(fc.array(rows, { minLength: 1, maxLength: 32 }), (all) => {
			const block = new RowBlock(encodeRows(all.map((row) => ({ ...origin, ...row }))))
			expect(block.count).toBe(all.length)
			all.forEach((row, at) => {
				const wellFormed = JSON.parse(JSON.stringify(row).replace(/\\ud[89a-f][0-9a-f]{2}/g, '\ufffd')) as object
				expect(positive({ ...block.row(at), thumb: null })).toEqual(positive({ ...wellFormed, thumb: null }))
				expect(block.row(at)?.thumb).toEqual((row as Partial<EntryRow>).thumb)
			})
			expect(block.row(all.length)).toBeUndefined()
		}),
		{ numRuns: 300 }
	)
})

test('what repeats from row to row is written once', () => {
	const row = (at: number) =>
		({
			...origin,
			k: `Artist/Album/${String(at).padStart(2, '0')} Song number ${at}.flac`,
			kind: 'audio',
			file: CIDS[0] ?? '',
			sizeBytes: 30_000_000 + at,
			mime: 'audio/flac',
			title: `Song number ${at}`,
			artists: ['Artist'],
			albumArtists: ['Artist'],
			genres: ['Rock'],
			album: 'Album',
			cover: CIDS[1],
			track: at,
			durationMs: 200_000 + at
		}) as EntryRow
	const rows = Array.from({ length: 32 }, (_, at) => row(at))
	expect(encodeRows(rows).byteLength / 32).toBeLessThan(80)
})

test('long texts are kept for the rows that have them', () => {
	const row = (more: Partial<EntryRow>) => ({ ...origin, k: '', ...more }) as EntryRow
	const chapters = [{ start: 0, title: 'One' }]
	const bytes = encodeTexts([row({}), row({ comment: 'Words, words' }), row({}), row({ chapters })])
	expect(bytes && decodeTexts(bytes)).toEqual(
		new Map<number, unknown>([
			[1, { comment: 'Words, words' }],
			[3, { chapters }]
		])
	)
	expect(encodeTexts([row({})])).toBeUndefined()
})
