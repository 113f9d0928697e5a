import { describe, expect, test } from 'vitest'
import type { EntryRow } from '../row'
import { DocumentTable } from './document-table'
import { fieldWords } from './entry-words'
import { FlexsearchIndex } from './flexsearch-index'
import { readQuery } from './query-words'
import { matchName, prefixQuality, quietScore, typoQuality } from './ranking'

const row = (fields: Partial<EntryRow>): EntryRow => ({
	id: 0,
	publisher: 'k',
	publisherName: 'p',
	root: 'r',
	k: '',
	kind: 'audio',
	file: 'f',
	sizeBytes: 1,
	mime: 'audio/mpeg',
	title: '',
	artists: [],
	albumArtists: [],
	genres: [],
	...fields // prettier-ignore
})

/** Titles (or other names of the rows) in the order in which the query finds them. */
function order(query: string, rows: readonly EntryRow[]): string[] {
	const documents = new DocumentTable()
	const index = new FlexsearchIndex(documents)
	const words = rows.map((one) => fieldWords(one))
	const count = rows.length
	documents.add(
		{
			kinds: new Uint8Array(count),
			titleWords: Uint8Array.from(words, ([title]) => title.length),
			works: Float64Array.from(rows.keys()),
			recency: new Uint32Array(count)
		},
		0,
		0
	)
	words.forEach((fields, document) => index.add(document, fields))
	documents.show({ first: 0, count })
	const { documents: found, scores } = index.search({ words: readQuery(query), forgiving: true })
	return Array.from(found, (document, at) => ({ document, score: scores[at] ?? 0 }))
		.sort((a, b) => b.score - a.score || a.document - b.document)
		.map(({ document }) => rows[document]?.k ?? '')
}

test('a word of the title outweighs one of the artist, of the album, of anything else', () => {
	const rows = [
		row({ k: 'genre', title: 'One', genres: ['Tide'] }),
		row({ k: 'album', title: 'Two', album: 'Tide' }),
		row({ k: 'artist', title: 'Three', artists: ['Tide'] }),
		row({ k: 'title', title: 'Tide' })
	]
	expect(order('tide ', rows)).toEqual(['title', 'artist', 'album', 'genre'])
})

test('the very word comes before a longer one, that before a mended one', () => {
	const rows = [row({ k: 'longer', title: 'Spring Tides' }), row({ k: 'exact', title: 'Spring Tide' })]
	expect(order('spring tide', rows)).toEqual(['exact', 'longer'])
	expect(prefixQuality('tide', 'tides')).toBeLessThan(1)
	expect(prefixQuality('t', 'tidelands')).toBeGreaterThan(typoQuality(1))
	expect(typoQuality(1)).toBeGreaterThan(typoQuality(2))
})

test('the very word in the artist comes before a longer one in the title', () => {
	const rows = [row({ k: 'longer', title: 'Queens' }), row({ k: 'exact', title: 'Else', artists: ['Queen'] })]
	expect(order('queen', rows)).toEqual(['exact', 'longer'])
})

test('a title that is covered comes before one that has more words', () => {
	const rows = [
		row({ k: 'long', title: 'Low Tide at the Old Harbour' }),
		row({ k: 'full', title: 'Low Tide' }),
		row({ k: 'longer', title: 'Low Low Tide in Another Harbour of the North' })
	]
	expect(order('tide low', rows)).toEqual(['full', 'long', 'longer'])
})

test('a rare word says more than a common one', () => {
	const common = Array.from({ length: 30 }, (_, at) => row({ k: `filler ${at}`, title: `Blue Song ${at}` }))
	const rows = [
		...common,
		row({ k: 'common in title', title: 'Blue Piece', artists: ['Zephyr'] }),
		row({ k: 'rare in title', title: 'Zephyr Piece', artists: ['Blue'] })
	]
	expect(order('blue zephyr', rows)).toEqual(['rare in title', 'common in title'])
})

test('equal matches keep their order', () => {
	const rows = Array.from({ length: 20 }, (_, at) => row({ k: String(at), title: 'Same' }))
	expect(order('same', rows)).toEqual(rows.map(({ k }) => k))
})

test('a quiet publisher comes after the least match of another', () => {
	expect(quietScore(1)).toBeLessThan(0.001)
	expect(quietScore(0.5)).toBeGreaterThan(quietScore(0.4))
})

describe('matchName', () => {
	const meaning = new Map([
		['nadia', 1],
		['neap', 2]
	])
	test('takes a name that has every word, its artists counted', () => {
		expect(matchName(['neap'], ['nadia', 'orio'], meaning, 2)).toEqual({ matched: 2, share: 1 })
	})
	test('takes a name of which half is said', () => {
		expect(matchName(['nadia', 'orio'], [], meaning, 2)).toEqual({ matched: 1, share: 0.5 })
	})
	test('leaves out one with a word in passing', () => {
		expect(matchName(['songs', 'about', 'neap'], [], meaning, 2)).toBeUndefined()
	})
})
