import { describe, expect, test } from 'vitest'
import type { EntryRow } from '../row'
import { matchTrack, wantedTrack, wordsOf, type WantedTrack } from './match-item'

const row = (file: string, title: string, artist: string, more: Partial<EntryRow> = {}): EntryRow => ({
	id: 1,
	publisher: 'k51',
	publisherName: '',
	root: 'root',
	k: `${file}.mp3`,
	kind: 'audio',
	file,
	sizeBytes: 1,
	mime: 'audio/mpeg',
	title,
	artists: [artist],
	albumArtists: [],
	genres: [],
	...more
})
const wanted = (title: string, artist?: string, more: Partial<WantedTrack> = {}): WantedTrack => ({
	title,
	artists: artist === undefined ? [] : [artist],
	...more
})

describe('matching a track', () => {
	test('finds it whatever the case, the accents and the words in brackets', () => {
		const rows = [row('a', 'Hoppipolla', 'Sigur Ros'), row('b', 'Glósóli', 'Sigur Rós')]
		expect(matchTrack(wanted('Hoppípolla (2011 Remaster)', 'SIGUR RÓS'), rows)).toMatchObject({
			state: 'found',
			row: { file: 'a' }
		})
	})

	test('is missing when only the title or only the artist is the same', () => {
		const rows = [row('a', 'Angel', 'Massive Attack'), row('b', 'Teardrop', 'Somebody')]
		expect(matchTrack(wanted('Angel', 'Jimi Hendrix'), rows).state).toBe('missing')
		expect(matchTrack(wanted('Risingson', 'Massive Attack'), rows).state).toBe('missing')
	})

	test('is ambiguous between different recordings, best first', () => {
		const rows = [
			row('live', 'Angel', 'Massive Attack', { durationMs: 500_000, album: 'Live' }),
			row('studio', 'Angel', 'Massive Attack', { durationMs: 380_000, album: 'Mezzanine' })
		]
		expect(matchTrack(wanted('Angel', 'Massive Attack'), rows)).toMatchObject({ state: 'ambiguous' })
		expect(matchTrack(wanted('Angel', 'Massive Attack', { durationMs: 381_000 }), rows)).toMatchObject({
			state: 'found',
			row: { file: 'studio' }
		})
	})

	test('takes any of several rips of one track', () => {
		const same = { durationMs: 380_000, album: 'Mezzanine' }
		const rows = [row('a', 'Angel', 'Massive Attack', same), row('b', 'Angel', 'Massive Attack', same)]
		expect(matchTrack(wanted('angel', 'massive attack'), rows)).toMatchObject({
			state: 'found',
			row: { file: 'a' }
		})
	})

	test('asks when the list names no artist and several have the title', () => {
		const rows = [row('a', 'Angel', 'Massive Attack'), row('b', 'Angel', 'Jimi Hendrix')]
		expect(matchTrack(wanted('Angel'), rows)).toMatchObject({ state: 'ambiguous', rows: [{}, {}] })
	})
})

describe('what an item says', () => {
	test('comes from its words', () => {
		const item = { location: '/music/x.mp3', title: 'Angel', artists: ['Massive Attack'], durationMs: 1 }
		expect(wantedTrack(item)).toEqual({ title: 'Angel', artists: ['Massive Attack'], durationMs: 1 })
	})

	test('comes from the path of a file where it has no words', () => {
		const location = 'file:///home/me/Massive%20Attack/Mezzanine%20(1998)/01%20-%20Angel.flac'
		expect(wantedTrack({ location })).toMatchObject({
			title: 'Angel',
			artists: ['Massive Attack'],
			album: 'Mezzanine'
		})
		expect(wantedTrack({ location: 'C:\\Music\\Can - Halleluhwah.mp3' })).toMatchObject({
			title: 'Halleluhwah',
			artists: ['Can']
		})
		expect(wantedTrack({ location: '' })).toBeUndefined()
	})

	test('is asked of the index without asides', () => {
		expect(wordsOf(wanted('Angel (feat. Horace Andy)', 'Massive Attack'))).toBe('Angel Massive Attack')
		expect(wordsOf(wanted('(Remaster)', undefined))).toBe('(Remaster)')
	})
})
