import { CID } from 'multiformats/cid'
import { identity } from 'multiformats/hashes/identity'
import * as Digest from 'multiformats/hashes/digest'
import { describe, expect, test } from 'vitest'
import { parseEntry, toRow } from './entry'
import { SOME_CID } from './vectors.fixture'

const file = CID.parse(SOME_CID)
const least = { k: 'a/b.mp3', t: 'audio', file, size: 10, mime: 'audio/mpeg', title: 'B' }
const origin = { id: 3, publisher: 'k51x', publisherName: 'Someone', root: 'bafyroot' }
const row = (more: object) => toRow(parseEntry({ ...least, ...more }), origin)
const refused = (more: object, detail: RegExp) => {
	expect(() => parseEntry({ ...least, ...more })).toThrow(
		expect.objectContaining({ code: 'invalid-entry', detail: expect.stringMatching(detail) as string })
	)
}

describe('parseEntry', () => {
	test('takes the required keys alone', () => {
		expect(parseEntry(least)).toEqual(least)
	})

	test.each(Object.keys(least))('refuses an entry without %s', (key) => {
		const { [key as 'k']: _, ...rest } = least
		expect(() => parseEntry(rest)).toThrow(expect.objectContaining({ detail: `${key} is missing` }))
	})

	test.each([
		['a negative size', { size: -1 }, /^size/],
		['a size that is not whole', { size: 1.5 }, /^size/],
		['a size that is not finite', { size: Infinity }, /^size/],
		['a size past what is exact', { size: 2n ** 60n }, /^size/],
		['an unknown kind', { t: 'game' }, /^t must be one of/],
		['a key of a prototype as kind', { t: 'toString' }, /^t /],
		['an empty key', { k: '' }, /^k/],
		['a key too long', { k: 'x'.repeat(1025) }, /^k/],
		['a title too long', { title: '𝄞'.repeat(501) }, /^title/],
		['a giant title', { title: 'x'.repeat(10_000_000) }, /^title/],
		['a title that is a list', { title: ['x'] }, /^title/],
		['too many artists', { artists: Array.from({ length: 1001 }, () => 'x') }, /^artists/],
		['an artist that is a number', { artists: ['x', 3] }, /^artists/],
		['a type that is no type', { mime: 'audio' }, /^mime/],
		['a type with a line break', { mime: 'audio/mpeg\nX-Header: 1' }, /^mime/],
		['a date of another form', { date: '21.11.2026' }, /^date/],
		['a month that is none', { date: '1998-13' }, /^date/],
		['a thumb too long', { thumb: new Uint8Array(65) }, /^thumb/],
		['a gain that is not a number', { gain: { track: NaN } }, /^gain/],
		['a gain that hurts', { gain: { track: 1000 } }, /^gain/],
		['a clip that ends before it starts', { clip: { start: 10, end: 10 } }, /^clip/],
		['a cover that is text', { cover: SOME_CID }, /^cover/],
		['null for a key that is not there', { album: null }, /^album/],
		['a file of dag-cbor', { file: CID.createV1(0x71, file.multihash) }, /^file/],
		[
			'a hash that is not checked here',
			{ file: CID.createV1(0x55, Digest.create(0x11, new Uint8Array(20))) },
			/^file/
		],
		['a hash cut short', { file: CID.createV1(0x55, Digest.create(0x12, new Uint8Array(4))) }, /^file/],
		['a long identity CID', { file: CID.createV1(0x55, identity.digest(new Uint8Array(129))) }, /^file/]
	])('refuses %s', (_, more, detail) => {
		refused(more, detail)
	})

	test.each([[null], ['text'], [[least]], [file], [new Uint8Array(3)], [undefined]])(
		'refuses %o for an entry',
		(value) => {
			expect(() => parseEntry(value)).toThrow(expect.objectContaining({ code: 'invalid-entry' }))
		}
	)

	test('counts characters, not UTF-16 units', () => {
		expect(parseEntry({ ...least, title: '𝄞'.repeat(500) }).title).toHaveLength(1000)
	})

	test('puts text into NFC', () => {
		expect(parseEntry({ ...least, title: 'O\u0301rio' }).title).toBe('Ório')
	})

	test('does not take keys from a prototype', () => {
		const inherits = Object.create(least) as object
		expect(() => parseEntry(inherits)).toThrow(expect.objectContaining({ code: 'invalid-entry' }))
	})

	test('keeps unknown keys, whatever their names', () => {
		const hostile = JSON.parse('{"__proto__": {"size": 1}, "constructor": 1, "futureKey": [1]}') as object
		const entry = parseEntry(Object.defineProperties({ ...least }, Object.getOwnPropertyDescriptors(hostile)))
		expect(Object.keys(entry.extra ?? {}).sort()).toEqual(['__proto__', 'constructor', 'futureKey'])
		expect(Object.getPrototypeOf(entry)).toBe(Object.prototype)
		expect(({} as { size?: number }).size).toBeUndefined()
	})

	test('takes a short identity CID', () => {
		const small = CID.createV1(0x55, identity.digest(new Uint8Array([1, 2, 3])))
		expect(parseEntry({ ...least, file: small }).file).toEqual(small)
	})
})

describe('toRow', () => {
	test('gives plain values that pass structured cloning', () => {
		const all = row({ cover: file, artists: ['A'], subtitles: [{ lang: 'en', file, mime: 'text/vtt' }], extra: 1 })
		expect(structuredClone(all)).toEqual(all)
		expect(all).toMatchObject({
			id: 3,
			publisher: 'k51x',
			kind: 'audio',
			file: SOME_CID,
			cover: SOME_CID,
			sizeBytes: 10
		})
	})

	test('leaves out what is not there', () => {
		const bare = row({ album: '' })
		expect(bare).not.toHaveProperty('album')
		expect(bare).not.toHaveProperty('durationMs')
		expect(bare.artists).toEqual([])
	})

	test('takes out what turns, hides or breaks lines', () => {
		expect(row({ title: 'ab\u202egpj.exe\u0000\r\n c\u2066\ufeff' }).title).toBe('abgpj.exe c')
		expect(row({ artists: ['\u0007', ' A\tB '] }).artists).toEqual(['A B'])
		expect(row({ comment: 'one\r\ntwo\u0000\n' }).comment).toBe('one\ntwo')
	})

	test('keeps what languages and emoji need', () => {
		expect(row({ title: 'می\u200cخواهم 👩\u200d🎤' }).title).toBe('می\u200cخواهم 👩\u200d🎤')
	})

	test('shows the file name where the title is blank', () => {
		expect(row({ title: ' \u200e' }).title).toBe('b.mp3')
	})

	test('says a CIDv0 as the CIDv1 of the same content', () => {
		const v0 = CID.parse('QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n')
		expect(row({ file: v0 }).file).toBe(v0.toV1().toString())
	})
})
