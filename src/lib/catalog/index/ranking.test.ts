import { describe, expect, test } from 'vitest'
import { readQuery } from '../query/read-query'
import type { EntryRow } from '../row'
import { documentFacts } from './document-facts'
import { fieldWords, nameWords, rememberingFold } from './entry-words'
import {
	availabilityPoints,
	completenessPoints,
	coverage,
	matchName,
	popularityPoints,
	prefixQuality,
	publisherPoints,
	QUIET_POINTS,
	soundPoints,
	SPACE_QUALITY,
	typoQuality
} from './ranking'
import type { SearchIndex, Standing } from './search-index'
import { openSearchIndex } from './segments/segment-index'

const row = (fields: Partial<EntryRow>): EntryRow => ({
	id: 0,
	publisher: 'k',
	publisherName: 'p',
	root: 'r',
	k: '',
	kind: 'audio',
	file: `file of ${fields.k ?? ''}`,
	sizeBytes: 1,
	mime: 'audio/mpeg',
	title: '',
	artists: [],
	albumArtists: [],
	genres: [],
	...fields // prettier-ignore
})

const fold = rememberingFold()

/** An index in memory of rows that are told apart by `k`; each row of a publisher of its own, numbered from 1. */
async function indexed(rows: readonly EntryRow[], standing: Partial<Standing> = {}): Promise<SearchIndex> {
	const index = await openSearchIndex({})
	rows.forEach((one, document) => {
		const words = fieldWords(one, fold)
		const page = { publisher: document + 1, createdS: 1, nowS: 1, seed: 7 }
		index.add(document, { words, facts: documentFacts(one, words, fold, page) })
		index.namePublisher(document + 1, nameWords(one.publisherName))
	})
	index.show([{ first: 0, count: rows.length }])
	index.know({ publishers: new Map(), kept: new Set(), plays: new Map(), ...standing })
	return index
}

/** The rows in the order in which the query finds them. */
async function order(query: string, rows: readonly EntryRow[], standing?: Partial<Standing>): Promise<string[]> {
	const index = await indexed(rows, standing)
	const { words, phrases } = readQuery(query)
	const { hits } = await index.search({ words, phrases, forgiving: true, limit: 100 })
	return hits.map(({ document }) => rows[document]?.k ?? '')
}

test('a word of the title outweighs one of the artist, of the album, of anything else', async () => {
	const rows = [
		row({ k: 'description', title: 'Nothing', comment: 'Tide' }),
		row({ k: 'genre', title: 'One', genres: ['Tide'] }),
		row({ k: 'album', title: 'Two', album: 'Tide' }),
		row({ k: 'artist', title: 'Three', artists: ['Tide'] }),
		row({ k: 'title', title: 'Tide' })
	]
	expect(await order('tide ', rows)).toEqual(['title', 'artist', 'album', 'genre', 'description'])
})

test('the very word comes before a longer one, that before a mended one', async () => {
	const rows = [row({ k: 'longer', title: 'Spring Tides' }), row({ k: 'exact', title: 'Spring Tide' })]
	expect(await order('spring tide', rows)).toEqual(['exact', 'longer'])
	expect(SPACE_QUALITY).toBeLessThan(1)
	expect(prefixQuality('tide', 'tides')).toBeLessThan(SPACE_QUALITY)
	expect(prefixQuality('t', 'tidelands')).toBeGreaterThan(typoQuality(1))
	const qualities = [
		1,
		SPACE_QUALITY,
		prefixQuality('tide', 'tides'),
		prefixQuality('t', 'tidelands'),
		typoQuality(1),
		typoQuality(2)
	]
	expect(qualities.map(coverage)).toEqual(qualities.map(coverage).toSorted((a, b) => b - a))
	expect(typoQuality(1)).toBeGreaterThan(typoQuality(2))
})

test('the very word in the artist comes before a longer one in the title', async () => {
	const rows = [row({ k: 'longer', title: 'Queens' }), row({ k: 'exact', title: 'Else', artists: ['Queen'] })]
	expect(await order('queen', rows)).toEqual(['exact', 'longer'])
})

test('a title that is said in full comes before one that has more words', async () => {
	const rows = [
		row({ k: 'long', title: 'Low Tide at the Old Harbour' }),
		row({ k: 'full', title: 'Low Tide' }),
		row({ k: 'longer', title: 'Low Low Tide in Another Harbour of the North' })
	]
	expect(await order('tide low', rows)).toEqual(['full', 'long', 'longer'])
})

test('an artist who is named in full comes before one of whom a part is named', async () => {
	const rows = [
		row({ k: 'part', title: 'One', artists: ['Queen of the Stone Age'] }),
		row({ k: 'full', title: 'Two', artists: ['Queen'] })
	]
	expect(await order('queen ', rows)).toEqual(['full', 'part'])
})

test('the artist who is named comes before a title that has the name in it, however it is typed', async () => {
	const rows = [
		row({ k: 'karaoke', title: "Sweet Child (in the Style of Guns N' Roses)", artists: ['Karaoke Factory'] }),
		row({ k: 'theirs', title: 'November Rain', artists: ["Guns N' Roses"] })
	]
	for (const query of ['guns n roses', 'guns and roses ', 'guns roses ', 'gunsn roses', 'guns n rosess'])
		expect((await order(query, rows))[0], query).toBe('theirs')
})

test('an article before a name neither keeps it away nor lets another be more complete', async () => {
	const rows = [
		row({ k: 'without', title: 'Wall' }),
		row({ k: 'with', title: 'The Wall' }),
		row({ k: 'more', title: 'Brick in the Wall' })
	]
	expect(await order('the wall ', rows)).toEqual(['with', 'without', 'more'])
	expect((await order('wall ', rows)).at(-1)).toBe('more')
})

test('a rare word says more than a common one', async () => {
	const common = Array.from({ length: 30 }, (_, at) => row({ k: `filler ${at}`, title: `Blue Song ${at}` }))
	const rows = [
		...common,
		row({ k: 'common in title', title: 'Blue Piece', artists: ['Zephyr'] }),
		row({ k: 'rare in title', title: 'Zephyr Piece', artists: ['Blue'] })
	]
	expect(await order('blue zephyr', rows)).toEqual(['rare in title', 'common in title'])
})

test('equal matches keep their order', async () => {
	const rows = Array.from({ length: 20 }, (_, at) => row({ k: String(at), title: 'Same' }))
	expect(await order('same', rows)).toEqual(rows.map(({ k }) => k))
})

test('whom the person cares for comes first among equals, and not before a better match', async () => {
	const rows = [
		row({ k: 'other', title: 'Low Tide' }),
		row({ k: 'followed', title: 'Low Tide' }),
		row({ k: 'followed, worse', title: 'At Low Tide in Autumn' })
	]
	const followed = { points: publisherPoints({ followed: true }), available: false }
	const publishers = new Map([
		[2, followed],
		[3, followed]
	])
	expect(await order('low tide', rows, { publishers })).toEqual(['followed', 'other', 'followed, worse'])
})

test('a quiet publisher comes after the least match of others, a demoted one after all', async () => {
	const rows = [
		row({ k: 'demoted', title: 'Tide' }),
		row({ k: 'quiet', title: 'Tide' }),
		row({ k: 'least', title: 'Nothing', comment: 'of many things a tide is one' })
	]
	const publishers = new Map([
		[1, { points: publisherPoints({ points: 10, followed: true, demoted: true }), available: true }],
		[2, { points: publisherPoints({ points: 10 }), available: false, quiet: true }]
	])
	expect(await order('tide ', rows, { publishers })).toEqual(['least', 'quiet', 'demoted'])
})

test('sound, nearness and habit decide among equals alone', async () => {
	const rows = [
		row({ k: 'low', title: 'Tide', bitrate: 64_000 }),
		row({ k: 'medium', title: 'Tide', bitrate: 128_000 }),
		row({ k: 'high', title: 'Tide', bitrate: 320_000 }),
		row({ k: 'lossless', title: 'Tide', lossless: true })
	]
	expect(await order('tide ', rows)).toEqual(['lossless', 'high', 'medium', 'low'])
	const most = availabilityPoints(true, true) + soundPoints('lossless') + popularityPoints(1e9)
	// What lies between a title of two words and one of three, of which both are said.
	expect(most).toBeLessThan(50 / 3)
	expect(availabilityPoints(false, true)).toBeLessThan(availabilityPoints(true, false))
})

test('the parts of a score add up to it', async () => {
	const rows = [
		row({ k: 'one', title: 'Low Tide', artists: ['Nadia Ório'], lossless: true, publisherName: 'Tidewater' })
	]
	const index = await indexed(rows, { publishers: new Map([[1, { points: 4, available: true }]]) })
	for (const text of ['tide', 'nadia low', 'tidewater', 'low "tide"', 'nadai tide', 'the tide']) {
		const { words, phrases } = readQuery(text)
		const answer = await index.search({ words, phrases, forgiving: true, limit: 1 })
		const why = index.explain(answer, 0, fieldWords(rows[0] as EntryRow))
		expect(
			why.reduce((sum, { points }) => sum + points, 0),
			text
		).toBeCloseTo(answer.hits[0]?.score ?? NaN, 3)
	}
})

test('a title typed in full has 100 points, a part of a name its share', () => {
	expect(completenessPoints(2, 2, 0, 0)).toBeCloseTo(50)
	expect(completenessPoints(1, 2, 0, 0)).toBeCloseTo(25)
	expect(completenessPoints(0, 0, 5, 1)).toBeCloseTo(47.5)
	expect(completenessPoints(0, 0, 0, 0)).toBe(0)
	expect(QUIET_POINTS).toBeLessThan(-100 - 10 - 4)
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
