import { expect, test } from 'vitest'
import { formatAgo, formatBytes, formatDuration, formatFormat, formatLength, shorten } from './format'

test('positions read as on a clock', () => {
	expect(formatDuration(138_900)).toBe('2:18')
	expect(formatDuration(3_723_000)).toBe('1:02:03')
	expect(formatDuration(-5)).toBe('0:00')
	expect(formatDuration(Number.NaN)).toBe('–:––')
})

test('lengths and sizes follow the language', () => {
	expect(formatLength(4_320_000, 'en')).toBe('1 hr 12 min')
	expect(formatLength(41_000, 'en')).toBe('41 sec')
	expect(formatBytes(1_420_000_000, 'en')).toBe('1.4 GB')
	expect(formatBytes(1_420_000_000, 'de')).toMatch(/^1,4\sGB$/)
	expect(formatBytes(0, 'en')).toBe('0 bytes')
})

test('time gone by', () => {
	const now = Date.UTC(2026, 10, 21, 12)
	expect(formatAgo(now - 5 * 60_000, now, 'en')).toBe('5 min. ago')
	expect(formatAgo(now - 26 * 3_600_000, now, 'en')).toBe('yesterday')
	expect(formatAgo(now - 90 * 86_400_000, now, 'en')).toBe('Aug 23, 2026')
})

test('formats in a few letters', () => {
	expect(formatFormat({ mime: 'audio/flac', lossless: true, sampleRate: 44_100 })).toBe('FLAC 44.1')
	expect(formatFormat({ mime: 'audio/mpeg', bitrate: 319_800 })).toBe('MP3 320')
	expect(formatFormat({ mime: 'video/mp4', height: 1080, bitrate: 5_000_000 })).toBe('MP4 1080p')
	expect(formatFormat({ mime: 'audio/x-mystery' })).toBe('MYSTERY')
})

test('addresses are cut in the middle', () => {
	expect(shorten('bafybeigdyrzt5sfp7udm7hu76uh7y26nf3')).toBe('bafybeigd…y26nf3')
	expect(shorten('short')).toBe('short')
})
