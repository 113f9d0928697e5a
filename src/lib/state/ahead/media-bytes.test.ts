import { expect, test } from 'vitest'
import { bitrateOf, byteAt, firstRanges, rangeAround } from './media-bytes'

const KIB = 1024
const MB = 1_000_000
const mp3 = { sizeBytes: 14 * MB, mime: 'audio/mpeg', durationMs: 600_000 }

test('the bitrate is that of the whole file, and as told where the row is a part of it', () => {
	expect(Math.round(bitrateOf(mp3))).toBe(186_667)
	expect(bitrateOf({ ...mp3, clip: { start: 0 }, bitrate: 128_000 })).toBe(128_000)
	expect(bitrateOf({ sizeBytes: 0, mime: '' })).toBeGreaterThan(0)
})

test('a file begins with its first bytes: more of them for a higher bitrate, within bounds', () => {
	expect(firstRanges(mp3)).toEqual([{ from: 0, to: 512 * KIB - 1 }])
	const flac = { sizeBytes: 40 * MB, mime: 'audio/flac', durationMs: 300_000 }
	expect(firstRanges(flac)[0]?.to).toBeGreaterThan(900_000)
	const film = { sizeBytes: 4000 * MB, mime: 'video/webm', durationMs: 600_000 }
	expect(firstRanges(film)).toEqual([{ from: 0, to: 2 * KIB * KIB - 1 }])
})

test('the end too, where an element reads it before it begins', () => {
	const mp4 = { sizeBytes: 100 * MB, mime: 'video/mp4; codecs="avc1"', durationMs: 300_000 }
	expect(firstRanges(mp4)[1]).toEqual({ from: 100 * MB - 256 * KIB, to: 100 * MB - 1 })
	expect(firstRanges({ ...mp3, mime: 'audio/ogg' })[1]).toEqual({ from: 14 * MB - 64 * KIB, to: 14 * MB - 1 })
})

test('never past the end, and from the start alone where the size is not known', () => {
	expect(firstRanges({ ...mp3, sizeBytes: 1000 })).toEqual([{ from: 0, to: 999 }])
	expect(firstRanges({ ...mp3, mime: 'audio/ogg', sizeBytes: 530 * KIB })).toEqual([
		{ from: 0, to: 512 * KIB - 1 },
		{ from: 512 * KIB, to: 530 * KIB - 1 }
	])
	expect(firstRanges({ sizeBytes: 0, mime: 'audio/ogg' })).toEqual([{ from: 0, to: 512 * KIB - 1 }])
})

test('a time is a place by proportion', () => {
	expect(byteAt(1000, 30_000, 60_000)).toBe(500)
	expect(byteAt(1000, 90_000, 60_000)).toBe(1000)
	const around = rangeAround(mp3, 300_000, 600_000)
	expect(around?.from).toBeLessThan(7 * MB)
	expect(around?.to).toBeGreaterThan(7 * MB + 100_000)
	expect(rangeAround(mp3, 600_000, 600_000)?.to).toBe(14 * MB - 1)
	expect(rangeAround({ ...mp3, sizeBytes: 0 }, 1, 2)).toBeUndefined()
})
