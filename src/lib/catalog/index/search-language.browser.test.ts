import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SearchQuery } from '../catalog'
import type { EntryRow } from '../row'
import { IndexedCatalog } from './indexed-catalog'

/* The language of the search box against a whole catalog: what is typed, and what is found. */

const name = `search-language-${Date.now()}`
let catalog = new IndexedCatalog({ name })
const SHELF = 'k51qzi5uqu5dh9ihj4p2v5sl3hxvv27ryx2w0xrsv6jmmqi91t9xp8p9kaipc2'
const OTHER = 'k51qzi5uqu5dm6hxvkzovuzjxefg2dqvlxqz7nt3qxj2tkb1a0q5mzt1v2hdqi'
const FILE = 'bafkreidbunvlvvjtjhn4eyqnjorg46zjpv4c2olxukqv2hucs6ux2kmotq'
const MBID = 'b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d'

let rowNumber = 0
const row = (title: string, fields: Partial<EntryRow> = {}): EntryRow => ({
	id: 0,
	publisher: SHELF,
	publisherName: 'Shelfmark',
	root: 'r',
	k: `${++rowNumber}`,
	kind: 'audio',
	file: `bafyfile${rowNumber}`,
	sizeBytes: 1,
	mime: 'audio/mpeg',
	title,
	artists: [],
	albumArtists: [],
	genres: [],
	...fields
})
const neap = { artists: ['Nadia Ório'], album: 'Neap', date: '1994', genres: ['Folk'], mime: 'audio/flac', lossless: true, bitrate: 900_000, durationMs: 200_000 } // prettier-ignore
const print = { artists: ['The Weirs'], album: 'Blueprint', date: '2003-05', genres: ['Progressive Rock'], bitrate: 320_000, durationMs: 180_000 } // prettier-ignore

const rows: readonly EntryRow[] = [
	row('Low Tide', { ...neap, file: FILE, licence: 'CC-BY-4.0' }),
	row('Spring Tide', { ...neap, comment: 'Recorded beside the lighthouse.' }),
	row('Long Swell', { ...neap, durationMs: 600_000, mbids: [MBID] }),
	row('The Wall of Water', print),
	row("Rock 'n' Roll Ferry", print),
	row("Schindler's Harbour", { artists: ['Simon & Ferry feat. Grid Hum'], date: '2011', genres: ['Rock', 'Hip-Hop'], mime: 'audio/ogg; codecs=opus', codec: 'opus', bitrate: 64_000, durationMs: 90_000 }), // prettier-ignore
	row('Море зовёт', { artists: ['Анна Волна'], date: '1987', genres: ['Folk'], composers: ['Пётр Волков'] }),
	row('海の歌', { artists: ['潮'], date: '2019', label: 'Umi' }),
	row('Κύματα', { artists: ['Θάλασσα'] }),
	row('أغنية البحر', { artists: ['فيروز'] }),
	row('Tide Clock', { kind: 'video', mime: 'video/mp4', k: 'films/tide/clock.mp4', durationMs: 1_450_000 }),
	row('AC/DC Müller 1984', { k: 'odd/ones.mp3' })
]

const NEAP = ['Low Tide', 'Long Swell', 'Spring Tide']
const WALL = 'The Wall of Water'
const ROCK = "Rock 'n' Roll Ferry"
const HARBOUR = "Schindler's Harbour"
const ODD = 'AC/DC Müller 1984'

async function found(text: string, query: Partial<SearchQuery> = {}): Promise<string[]> {
	const { hits, total } = await catalog.search({ text, ...query })
	expect(total).toBe(hits.length)
	return hits.map(({ row: { title } }) => title)
}
const sorted = (titles: readonly string[]) => titles.toSorted()

beforeAll(async () => {
	const listed = (displayName: string, own: readonly EntryRow[]) => ({ displayName, rows: own, dropped: 0 })
	const root = { root: 'r', sequence: 1, validUntilMs: Infinity, pages: [] }
	await catalog.apply({ ...root, publisher: SHELF, listed: listed('Shelfmark', rows) })
	const copy = { ...rows[0], publisher: OTHER, publisherName: 'Northing', k: 'copy' } as EntryRow
	await catalog.apply({ ...root, publisher: OTHER, listed: listed('Northing', [copy]) })
})
afterAll(() => {
	catalog.dispose()
})

const FOUND = [
	['words in any order, of title and artist', 'tide nadia', ['Low Tide', 'Spring Tide']],
	['case and diacritics folded, the last word unfinished', 'NADIA orio sprin', ['Spring Tide']],
	['only whole words before the last', 'sprin tide', ['Spring Tide']],
	['a phrase', '"spring tide"', ['Spring Tide']],
	['no phrase in another order', '"tide spring"', []],
	['a phrase of one word: that word', '"tid"', []],
	['a phrase in its field', 'album:"low tide"', []],
	['without a word and a kind', 'tide -spring -kind:video', ['Low Tide']],
	['without a phrase', 'tide -"low tide" -kind:video', ['Spring Tide']],
	['a word of the artist', 'artist:nadia', NEAP],
	['a word of the album beside one anywhere', 'album:neap tide', ['Low Tide', 'Spring Tide']],
	['no word of the title as one of the artist', 'artist:swell', []],
	['a word of the genre', 'genre:rock', [ROCK, WALL, HARBOUR]],
	['the whole genre', 'genre:="Progressive Rock"', [ROCK, WALL]],
	['the composer', 'composer:волков', ['Море зовёт']],
	['the label', 'label:umi', ['海の歌']],
	['the path', 'path:films', ['Tide Clock']],
	['the description', 'description:lighthouse', ['Spring Tide']],
	['the description without being asked', 'lighthouse spring', ['Spring Tide']],
	['the name of the publisher', 'publisher:northing', ['Low Tide']],
	['a publisher by its key', `publisher:${OTHER}`, ['Low Tide']],
	['years', 'year:1990..1999', NEAP],
	['years before', 'year:<1990', ['Море зовёт']],
	['not those years', 'tide -year:1994', ['Tide Clock']],
	['the kind', 'kind:video', ['Tide Clock']],
	['lossless', 'lossless:yes', NEAP],
	['a bitrate, and not lossless', 'bitrate:>=256k lossless:no', [ROCK, WALL]],
	['longer than', 'duration:>9m', ['Long Swell', 'Tide Clock']],
	['shorter than', 'duration:<2m genre:rock', [HARBOUR]],
	['the format', 'format:opus', [HARBOUR]],
	['the licence', 'licence:cc', ['Low Tide']],
	['a MusicBrainz id', `mbid:${MBID}`, ['Long Swell']],
	['a file', `cid:${FILE}`, ['Low Tide']],
	['a letter too much', 'sprinng tide', ['Spring Tide']],
	['letters swapped, beside a word that is right', 'neap sewll', ['Long Swell']],
	['two typos in a long word', 'shindlers harbuor', [HARBOUR]],
	['a space too much', 'blue print ferry', [ROCK]],
	['a space missing', 'longswell', ['Long Swell']],
	["and for 'n'", 'rock and roll ferry', [ROCK]],
	['n for and', 'rock n roll', [ROCK]],
	['and for &', 'simon and ferry', [HARBOUR]],
	['& left out', 'simon ferry', [HARBOUR]],
	['feat. left out', 'simon grid hum', [HARBOUR]],
	['feat. said', 'simon feat. grid hum', [HARBOUR]],
	['without the apostrophe', 'schindler harbour', [HARBOUR]],
	['with an article that is there', 'the weirs wall', [WALL]],
	['with an article that is not there', 'the nadia low tide', ['Low Tide']],
	['Cyrillic', 'море', ['Море зовёт']],
	['Cyrillic without its dots', 'зовет', ['Море зовёт']],
	['Greek without its accents', 'κυματα', ['Κύματα']],
	['Arabic without its article', 'بحر', ['أغنية البحر']],
	['Arabic with another alef', 'اغنيه', ['أغنية البحر']],
	['a part of a run of Japanese', '海の', ['海の歌']],
	['another part of it', 'の歌', ['海の歌']],
	['its last letter', '歌', ['海の歌']],
	['full width', 'ＮＡＤＩＡ ｌｏｗ', ['Low Tide']],
	['figures whole', '1984', [ODD]],
	['no figures with a typo', '1985', []],
	['what a stroke joins, as one word', 'acdc', [ODD]],
	['German letters as two', 'mueller', [ODD]],
	['where nothing has all the words, what has most of them', 'quagmire wall water', [WALL]]
] as const

describe('finds what is in memory', () => {
	test.each(FOUND)('%s: %s', async (_, text, titles) => {
		expect(sorted(await found(text))).toEqual(sorted(titles))
	})
})

test('as typed, nothing is mended', async () => {
	expect(await found('sprinng tide', { forgiving: false })).toEqual([])
	const { heardAs, didYouMean } = await catalog.search({ text: 'sprinng tide' })
	expect(heardAs).toBe('Spring tide')
	expect(didYouMean).toBeUndefined()
})

test('what was chosen beside the words holds as well', async () => {
	expect(sorted(await found('tide', { filters: { lossless: true } }))).toEqual(['Low Tide', 'Spring Tide'])
	expect(await found('year:1990..1999', { filters: { years: { from: 2000 } } })).toEqual([])
	expect(await found('', { filters: { genres: ['progressive rock'] }, sort: 'title' })).toEqual([ROCK, WALL])
})

test('orders', async () => {
	expect(await found('artist:nadia', { sort: 'title' })).toEqual(['Long Swell', 'Low Tide', 'Spring Tide'])
	expect((await found('artist:nadia', { sort: 'duration' }))[0]).toBe('Long Swell')
	expect((await found('genre:rock', { sort: 'bitrate' })).at(-1)).toBe(HARBOUR)
})

test('facets count the whole answer, each as if nothing of its own were chosen', async () => {
	const { facets, hits } = await catalog.search({
		text: 'genre:rock',
		filters: { genres: ['rock'] },
		facets: true,
		limit: 0
	})
	expect(hits).toEqual([])
	expect(facets?.genres).toEqual(
		expect.arrayContaining([
			{ value: 'progressive rock', count: 2 },
			{ value: 'rock', count: 1 },
			{ value: 'hip hop', count: 1 }
		])
	)
	expect(facets?.decades).toEqual([{ value: '2010', count: 1 }])
	expect(facets?.formats).toEqual([{ value: 'opus', count: 1 }])
	expect(facets?.publishers).toEqual([{ value: SHELF, count: 1 }])
})

test('copies of one file are one result, and may be told apart', async () => {
	const { hits } = await catalog.search({ text: 'low tide' })
	expect(hits.map(({ copies }) => copies.length)).toEqual([1])
})

test('the parts of a score add up, and say what was found where', async () => {
	await catalog.know({ publishers: { [SHELF]: { followed: true } }, keptFiles: [FILE], plays: { [FILE]: 3 }, reachable: true }) // prettier-ignore
	const { hits } = await catalog.search({ text: 'nadai tide', explain: true })
	for (const { score, why = [] } of hits)
		expect(why.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(score, 2)
	const [best] = hits
	expect(best?.row.title).toBe('Low Tide')
	expect(best?.why).toEqual(
		expect.arrayContaining([
			expect.objectContaining({ word: { typed: 'nadai', found: 'nadia', field: 'artists', how: 'typo' } }),
			expect.objectContaining({ word: { typed: 'tide', found: 'tide', field: 'title', how: 'exact' } }),
			expect.objectContaining({ part: 'publisher' }),
			expect.objectContaining({ part: 'availability', points: 3 }),
			expect.objectContaining({ part: 'popularity', points: 1 })
		])
	)
	expect(sorted(await found('kept:yes'))).toEqual(['Low Tide'])
	expect((await found('available:yes tide')).length).toBe(3)
})

test('suggestions keep the words before, and name what there is', async () => {
	const suggestions = await catalog.suggest('nad', 6)
	expect(suggestions.map(({ text }) => text)).toContain('Nadia Ório')
	const longer = await catalog.suggest('nadia sp', 6)
	expect(longer.some(({ text }) => /^nadia sp(?:ring)/i.test(text) || /spring tide/i.test(text))).toBe(true)
})

describe('finds what is on the disk', () => {
	beforeAll(async () => {
		catalog.dispose()
		catalog = new IndexedCatalog({ name })
		await catalog.open()
	})
	test.each(FOUND)('%s: %s', async (_, text, titles) => {
		expect(sorted(await found(text))).toEqual(sorted(titles))
	})
})
