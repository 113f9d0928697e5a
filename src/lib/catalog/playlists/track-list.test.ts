import { describe, expect, test } from 'vitest'
import { parseTrackList } from './track-list'

const parse = (text: string) => parseTrackList(new TextEncoder().encode(text))

describe('a list of tracks', () => {
	test('is read by its header, in any order of columns', () => {
		const { items } = parse(
			'Track Name,Artist Name(s),Album Name,Duration (ms)\n"Hoppípolla","Sigur Rós","Takk...",268000\n'
		)
		expect(items).toEqual([
			{ location: '', title: 'Hoppípolla', artists: ['Sigur Rós'], album: 'Takk...', durationMs: 268_000 }
		])
	})

	test('without a header says artist and title, by commas, semicolons or tabs', () => {
		for (const separator of [',', ';', '\t']) {
			expect(parse(`Nina Simone${separator}Sinnerman\r\nCan${separator}Halleluhwah`).items).toEqual([
				{ location: '', title: 'Sinnerman', artists: ['Nina Simone'] },
				{ location: '', title: 'Halleluhwah', artists: ['Can'] }
			])
		}
	})

	test('has quotes, commas and line ends in quoted cells', () => {
		expect(parse('title,artist\n"Hello, ""World""\nagain","A, B"').items).toEqual([
			{ location: '', title: 'Hello, "World"\nagain', artists: ['A, B'] }
		])
	})

	test('may be plain lines of "Artist - Title", numbered or not', () => {
		expect(parse('1. Nina Simone - Sinnerman\n2. Can – Halleluhwah\nAlone').items).toEqual([
			{ location: '', title: 'Sinnerman', artists: ['Nina Simone'] },
			{ location: '', title: 'Halleluhwah', artists: ['Can'] },
			{ location: '', title: 'Alone' }
		])
	})

	test('reads lengths as people write them', () => {
		const { items } = parse('title;artist;length\na;x;3:25\nb;x;1:02:03\nc;x;245\nd;x;0')
		expect(items.map(({ durationMs }) => durationMs)).toEqual([205_000, 3_723_000, 245_000, undefined])
	})

	test('counts lines that say nothing, and refuses what has no title at all', () => {
		expect(parse('artist,title\nX,\nY,Song').dropped).toBe(1)
		expect(() => parse('artist,title\n')).toThrow(expect.objectContaining({ code: 'content-unsupported' }))
		expect(() => parseTrackList(new Uint8Array(9 * 1024 * 1024))).toThrow(
			expect.objectContaining({ code: 'too-large' })
		)
	})
})
