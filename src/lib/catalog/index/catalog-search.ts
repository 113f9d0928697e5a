import type { AlbumRow, ArtistRow, Facets, PublisherRow, SearchAnswer, SearchHit, SearchQuery } from '../catalog'
import type { EntryKind } from '../entry'
import { heardAs, withWords } from '../query/heard-as'
import type { ParsedQuery, QueryFilters, QueryPhrase, QueryWord, TextField } from '../query/query'
import { readQuery } from '../query/read-query'
import type { EntryRow } from '../row'
import type { CatalogNames } from './catalog-names'
import { KINDS } from './document-kinds'
import { fieldWords, rememberingFold, type Fold } from './entry-words'
import type { Holdings } from './holdings'
import { publisherRow } from './publisher-row'
import { bothFilters, filterNumbers } from './query-filters'
import { compareNames, matchName, type NameMatch } from './ranking'
import type { RowReader } from './row-reader'
import type { DocumentFilters, IndexAnswer, IndexQuery, SearchIndex } from './search-index'
import { foldWords } from './text-folding'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 1000
const MAX_ALBUMS = 24
const MAX_ARTISTS = 24
const MAX_PUBLISHERS = 12
/** Hits whose artists are looked at, when they have part of the query's words. */
const TELLING_HITS = 10

/** What a query is answered from. */
export interface Searched {
	readonly holdings: Holdings
	readonly entries: SearchIndex
	readonly names: CatalogNames
	readonly reader: RowReader
	/** Of the fingerprints. */
	readonly seed: number
	/** Orders rows with the same file. */
	readonly bestFirst: (a: EntryRow, b: EntryRow) => number
}

const NOTHING = { total: 0, hits: [], albums: [], artists: [], publishers: [], byKind: {} } as const
const NO_FACETS: Facets = {
	kinds: [],
	genres: [],
	decades: [],
	formats: [],
	qualities: [],
	licences: [],
	publishers: [],
	available: 0,
	kept: 0
}

type Answer = Omit<SearchAnswer, 'tookMs'>

/** Answers a query. Without words it finds everything that the filters leave, newest first. */
export async function searchCatalog(on: Searched, query: SearchQuery, signal?: AbortSignal): Promise<Answer> {
	const parsed = readQuery(query.text)
	const problems = parsed.problems.length === 0 ? {} : { problems: parsed.problems }
	const asked = askedOf(on, parsed, query)
	if (asked === undefined) return { ...NOTHING, ...(query.facets ? { facets: NO_FACETS } : {}), ...problems }
	const limit = Math.min(MAX_LIMIT, Math.max(0, query.limit ?? DEFAULT_LIMIT))
	const answer = await on.entries.search(
		{
			...asked,
			limit,
			offset: Math.max(0, query.offset ?? 0),
			...(query.sort === undefined ? {} : { sort: query.sort }),
			...(query.facets === undefined ? {} : { facets: query.facets })
		},
		signal
	)
	signal?.throwIfAborted()
	const [hits, sections] = await Promise.all([
		readHits(on, query, answer),
		query.offset || limit === 0 ? NO_SECTIONS : sectionsOf(on, parsed, asked, answer)
	])
	signal?.throwIfAborted()
	const [best] = hits
	const heard = best && heardAs(query.text, best.parts, best.hit.row)
	const better = betterWords(query.text, answer)
	return {
		total: answer.total,
		hits: hits.map(({ hit }) => hit),
		byKind: Object.fromEntries(
			Array.from(answer.byKind, ([kind, count]): [EntryKind, number] => [KINDS[kind] ?? 'other', count])
		),
		...(await withHits(on, sections, parsed, answer, hits)),
		...(heard === undefined ? {} : { heardAs: heard }),
		...(better === undefined ? {} : { didYouMean: better }),
		...(answer.facets === undefined ? {} : { facets: facetsOf(on.holdings, answer.facets) }),
		...problems
	}
}

/** The query as the index takes it; undefined when nothing can meet it. */
export function askedOf(
	{ holdings, seed }: Pick<Searched, 'holdings' | 'seed'>,
	parsed: ParsedQuery,
	query: Pick<SearchQuery, 'kinds' | 'publisher' | 'filters' | 'forgiving'>
): Omit<IndexQuery, 'limit'> | undefined {
	const numbers = { seed, publisher: (name: string) => holdings.publisher(name)?.record.number }
	const beside: QueryFilters = {
		...(query.kinds === undefined || query.kinds.length === 0 ? {} : { kinds: query.kinds }),
		...(query.publisher === undefined ? {} : { publishers: [query.publisher] })
	}
	const chosen = bothFilters(query.filters ?? {}, beside)
	const both = chosen && bothFilters(parsed.filters, chosen)
	const filters = both && filterNumbers(both, numbers)
	if (filters === undefined) return undefined
	// Filters that name nothing known exclude nothing.
	const notFilters: DocumentFilters = filterNumbers(parsed.notFilters, numbers) ?? {}
	return {
		words: parsed.words,
		phrases: parsed.phrases,
		notWords: parsed.notWords,
		notPhrases: parsed.notPhrases,
		filters,
		notFilters,
		forgiving: query.forgiving ?? true
	}
}

interface ReadHit {
	readonly hit: SearchHit
	readonly parts: NonNullable<SearchHit['why']>
}

async function readHits(
	{ holdings, entries, reader, bestFirst }: Searched,
	query: SearchQuery,
	answer: IndexAnswer
): Promise<ReadHit[]> {
	const documents = answer.hits.flatMap(({ document, copies }) => [document, ...copies])
	const rows = await reader.rows(holdings, documents, { texts: query.explain === true })
	const fold = rememberingFold()
	let at = 0
	return answer.hits.flatMap(({ document, score, copies: { length: copyCount } }): ReadHit[] => {
		const row = rows[at]
		const copies = rows.slice(at + 1, at + 1 + copyCount).filter((copy) => copy?.file === row?.file)
		at += 1 + copyCount
		if (row === undefined) return []
		const parts =
			answer.words.length === 0 && !query.explain ? [] : entries.explain(answer, document, wordsOf(row, fold))
		return [
			{
				parts,
				hit: {
					row,
					score,
					...wordsFound(answer, parts),
					copies: copies.filter((copy) => copy !== undefined).sort(bestFirst),
					...(query.explain ? { why: parts } : {})
				}
			}
		]
	})
}

/** Words of the row and of its publisher's name. */
function wordsOf(row: EntryRow, fold: Fold): readonly (readonly string[])[] {
	return fieldWords(row, fold)
}

function wordsFound(
	answer: IndexAnswer,
	parts: NonNullable<SearchHit['why']>
): Pick<SearchHit, 'words' | 'edits'> {
	const words = new Set<string>()
	let edits = 0
	for (const { word } of parts) {
		if (word === undefined) continue
		for (const one of word.found.split(' ')) words.add(one)
		if (word.how !== 'typo') continue
		const readings = answer.words.find(({ typed }) => typed === word.typed)?.readings
		edits += readings?.find((reading) => reading.word === word.found)?.edits ?? 1
	}
	return { words: [...words], edits }
}

function betterWords(text: string, { words, better }: IndexAnswer): string | undefined {
	const mended = new Map<string, string>()
	words.forEach(({ typed }, at) => {
		const word = better[at]
		if (word !== undefined) mended.set(typed.replaceAll(' ', ''), word)
	})
	return mended.size === 0 ? undefined : withWords(text, mended)
}

interface Sections {
	readonly albums: readonly AlbumRow[]
	readonly artists: readonly ArtistRow[]
	readonly publishers: readonly PublisherRow[]
}

const NO_SECTIONS: Sections = { albums: [], artists: [], publishers: [] }

/** What is named as asked; without words what is newest, or largest. */
async function sectionsOf(
	on: Searched,
	parsed: ParsedQuery,
	{ filters = {} }: Omit<IndexQuery, 'limit'>,
	answer: IndexAnswer
): Promise<Sections> {
	const { kinds: _kinds, publishers, years, ...others } = filters
	// Of albums and artists no more is known than whose they are, and when: other filters leave those of the hits.
	const narrowed = Object.keys(others).length > 0
	if (parsed.words.length === 0 && parsed.phrases.length === 0) {
		if (narrowed || years !== undefined || parsed.notWords.length > 0) return NO_SECTIONS
		const of = publishers?.[0] === undefined ? {} : { publisher: publishers[0] }
		const [albums, artists] = await Promise.all([
			on.names.newestAlbums({ ...of, limit: MAX_ALBUMS }),
			on.names.largestArtists({ ...of, limit: MAX_ARTISTS })
		])
		return { albums, artists, publishers: newestPublishers(on.holdings, publishers) }
	}
	if (narrowed) return NO_SECTIONS
	const shared = publishers === undefined ? {} : { filters: { publishers } }
	const named = { ...parsed, words: asFound(parsed.words, answer) }
	const ofAlbums = inFields(named, { title: undefined, album: 'title', artists: 'artists' })
	const ofArtists = years === undefined ? inFields(named, { artists: 'title' }) : undefined
	const [albums, artists] = await Promise.all([
		ofAlbums &&
			on.names.albumsNamed({
				...ofAlbums,
				...shared,
				filters: { ...(publishers && { publishers }), ...(years === undefined ? {} : { years }) },
				limit: MAX_ALBUMS
			}),
		ofArtists && on.names.artistsNamed({ ...ofArtists, ...shared, limit: MAX_ARTISTS })
	])
	return {
		albums: albums ?? [],
		artists: artists ?? [],
		publishers: []
	}
}

/** The words as the entries have them: mended once for all, and not again for the names. */
function asFound(words: readonly QueryWord[], answer: IndexAnswer): QueryWord[] {
	return words.flatMap((word) => {
		const readings = answer.words.find(({ typed }) => typed === word.word)?.readings ?? []
		const [best] = readings
		if (best === undefined || readings.some(({ how }) => how === 'exact' || how === 'prefix')) return [word]
		return best.word.split(' ').map((mended) => ({ ...word, word: mended, open: false }))
	})
}

/**
 * The query for the index of names: its words in the fields there.
 * @param fields - by field of an entry, the field of a name; a word of another field finds no name at all
 */
function inFields(
	{ words, phrases, notWords, notPhrases }: ParsedQuery,
	fields: Readonly<Partial<Record<TextField, TextField | undefined>>>
): Pick<IndexQuery, 'words' | 'phrases' | 'notWords' | 'notPhrases'> | undefined {
	const renamed = <Item extends QueryWord | QueryPhrase>(items: readonly Item[]): Item[] =>
		items.flatMap((item) => {
			if (item.field === undefined) return [item]
			const field = fields[item.field]
			return field === undefined ? [] : [{ ...item, field }]
		})
	const all = { words: renamed(words), phrases: renamed(phrases) }
	if (all.words.length < words.length || all.phrases.length < phrases.length) return undefined
	return { ...all, notWords: renamed(notWords), notPhrases: renamed(notPhrases) }
}

/** For each word of the index that the query can mean, the words of the query as bits. */
function meaningOf({ words }: IndexAnswer): Map<string, number> {
	const meaning = new Map<string, number>()
	words.forEach(({ readings }, at) => {
		for (const { word } of readings) {
			for (const one of word.split(' ')) meaning.set(one, (meaning.get(one) ?? 0) | (1 << (at % 31)))
		}
	})
	return meaning
}

/** The sections, with the artists of the best hits whose names were said, and the publishers that were named. */
async function withHits(
	on: Searched,
	sections: Sections,
	parsed: ParsedQuery,
	answer: IndexAnswer,
	hits: readonly ReadHit[]
): Promise<Sections> {
	if (sections === NO_SECTIONS || answer.words.length === 0) return sections
	const meaning = meaningOf(answer)
	const wordCount = answer.words.length
	const known = new Set(sections.artists.map(({ artist }) => foldWords(artist).join(' ')))
	const said = new Set<string>()
	for (const { hit } of hits.slice(0, TELLING_HITS)) {
		for (const artist of [...hit.row.artists, ...hit.row.albumArtists]) {
			const words = foldWords(artist)
			const key = words.join(' ')
			if (known.has(key) || said.has(key)) continue
			if (matchName(unique(words), [], meaning, wordCount) !== undefined) said.add(key)
		}
	}
	const more = said.size === 0 ? [] : await on.names.artists([...said])
	const publishers = [...on.holdings.publishers()].flatMap(({ record, words }) => {
		const name = matchName(words, [], meaning, wordCount)
		return name === undefined ? [] : [{ record, name }]
	})
	const byName = (a: { record: PublisherRow; name: NameMatch }, b: { record: PublisherRow; name: NameMatch }) =>
		compareNames(a.name, b.name) || b.record.entries - a.record.entries
	return {
		albums: sections.albums,
		artists: [...sections.artists, ...more].slice(0, MAX_ARTISTS),
		publishers: publishers
			.sort(byName)
			.slice(0, MAX_PUBLISHERS)
			.map(({ record }) => publisherRow(record))
	}
}

function newestPublishers(holdings: Holdings, numbers: readonly number[] | undefined): PublisherRow[] {
	const all =
		numbers === undefined
			? [...holdings.publishers()]
			: numbers.flatMap((number) => holdings.publisherAt(number) ?? [])
	return all
		.sort((a, b) => b.record.indexedMs - a.record.indexedMs)
		.slice(0, MAX_PUBLISHERS)
		.map(({ record }) => publisherRow(record))
}

function facetsOf(holdings: Holdings, facets: NonNullable<IndexAnswer['facets']>): Facets {
	const texts = <Value>(
		counted: readonly { readonly value: Value; readonly count: number }[],
		text: (value: Value) => string | undefined = String
	) =>
		counted.flatMap(({ value, count }) => {
			const written = text(value)
			return written === undefined ? [] : [{ value: written, count }]
		})
	return {
		kinds: texts(facets.kinds, (kind) => KINDS[kind]),
		genres: texts(facets.genres),
		decades: texts(facets.decades),
		formats: texts(facets.formats),
		qualities: texts(facets.qualities),
		licences: texts(facets.licences),
		publishers: texts(facets.publishers, (number) => holdings.publisherAt(number)?.record.name),
		available: facets.available,
		kept: facets.kept
	}
}

const unique = (words: readonly string[]) => [...new Set(words)]
