import { expect, test } from 'vitest'
import { isDiscFolder, tagsOfPath } from './path-tags'

test.each([
	[
		'Nadia Ório/Tide Tables (1998)/01 Neap.mp3',
		{ artist: 'Nadia Ório', album: 'Tide Tables', date: '1998', track: 1, title: 'Neap' }
	],
	[
		'Music/Nadia Ório/1998 - Tide Tables/02 - Spring.flac',
		{ artist: 'Nadia Ório', album: 'Tide Tables', date: '1998', track: 2, title: 'Spring' }
	],
	['A/B [2001]/CD2/03. C.ogg', { artist: 'A', album: 'B', date: '2001', disc: 2, track: 3, title: 'C' }],
	['A/B/Disc 1 - Live/1-07 C.ogg', { artist: 'A', album: 'B', disc: 1, track: 7, title: 'C' }],
	['A - B (1999)/04 A - C.mp3', { artist: 'A', album: 'B', date: '1999', track: 4, title: 'C' }],
	['A/A - 2004 - B/05 C.mp3', { artist: 'A', album: 'B', date: '2004', track: 5, title: 'C' }],
	['Various/Hits/06 Guest - Song.mp3', { artist: 'Various', album: 'Hits', track: 6, title: 'Guest - Song' }],
	['B/07_C_D.mp3', { album: 'B', track: 7, title: 'C D' }],
	['A - C.mp3', { artist: 'A', title: 'C' }],
	['99 Luftballons.mp3', { title: '99 Luftballons' }],
	['1979.mp3', { title: '1979' }],
	['01 - C.mp3', { track: 1, title: 'C' }],
	['Dr. No.mkv', { title: 'Dr. No' }],
	['A/B/.hidden', { artist: 'A', album: 'B', title: '.hidden' }],
	['A/2001/01 C.mp3', { artist: 'A', album: '2001', track: 1, title: 'C' }],
	['O\u0301rio - C.mp3', { artist: 'Ório', title: 'C' }],
	['', { title: '' }]
])('%s', (path, tags) => {
	expect(tagsOfPath(path)).toEqual(tags)
})

test('a folder of one disc is told from an album', () => {
	expect(['CD1', 'cd 2', 'Disc 1 - Live', 'Disk_3'].every(isDiscFolder)).toBe(true)
	expect(['CDs', 'Discovery', 'Disc', 'A CD1'].some(isDiscFolder)).toBe(false)
})

test('a giant name costs no more than a long one', () => {
	const { title } = tagsOfPath(`a${' '.repeat(5_000_000)}(1998/${'x '.repeat(2_000_000)}`)
	expect(title.length).toBeLessThanOrEqual(500)
})
