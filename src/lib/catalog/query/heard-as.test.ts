import { expect, test } from 'vitest'
import type { ScorePart } from '../catalog'
import type { EntryRow } from '../row'
import { heardAs, withWords } from './heard-as'

const row = { title: 'Beethoven’s Ninth', artists: ['Blueprint'], albumArtists: [], genres: [], publisherName: 'P' } as unknown as EntryRow // prettier-ignore

const part = (typed: string, found: string, how: 'exact' | 'prefix' | 'typo' | 'split' | 'joined'): ScorePart => ({
	part: 'word',
	points: 1,
	word: { typed, found, field: 'title', how }
})

test('words that were mended stand as the row writes them, the rest as typed', () => {
	expect(heardAs('NINTH bethovens', [part('ninth', 'ninth', 'exact'), part('bethovens', 'beethovens', 'typo')], row)).toBe('NINTH Beethoven’s') // prettier-ignore
	expect(heardAs('title:bethovens year:1824', [part('bethovens', 'beethovens', 'typo')], row)).toBe('title:Beethoven’s year:1824') // prettier-ignore
})

test('a space that was missing or too much', () => {
	expect(heardAs('blue print ninth', [part('blue print', 'blueprint', 'joined')], row)).toBe('Blueprint ninth')
	expect(heardAs('blue print', [part('blueprint', 'blueprint', 'joined')], row)).toBe('Blueprint')
	expect(heardAs('beethovensninth', [part('beethovensninth', 'beethovens ninth', 'split')], row)).toBe('Beethoven’s Ninth') // prettier-ignore
})

test('nothing was mended', () => {
	expect(heardAs('nin', [part('nin', 'ninth', 'prefix')], row)).toBeUndefined()
})

test('phrases and what is not wanted stay', () => {
	expect(withWords('"tide" -tide tide', new Map([['tide', 'tides']]))).toBe('"tide" -tide tides')
})
