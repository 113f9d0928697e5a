import type { AlbumRow, ArtistRow, PublisherRow, SearchQuery } from '../catalog'
import type { EntryKind } from '../entry'
import { bestOf } from './best-of'
import { KINDS } from './document-table'
import type { Thing } from './gathered'
import type { HeldPublisher, Holdings } from './holdings'
import type { ArtistPart } from './page-record'
import { readQuery } from './query-words'
import { compareNames, matchName, quietScore, type NameMatch } from './ranking'
import type { Matches, QueryWord } from './search-index'
import { foldWords } from './text-folding'
import { publisherRow } from './publisher-row'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 1000
const MAX_ALBUMS = 24
const MAX_ARTISTS = 24
const MAX_PUBLISHERS = 12
/** Rows with the same file that are named beside a hit. */
const MAX_COPIES = 20

/** What was found, before any row is read. */
export interface Found {
	readonly total: number
	/** In order; document numbers. */
	readonly hits: readonly {
		readonly document: number
		readonly score: number
		readonly copies: readonly number[]
	}[]
	/** Counted before the filter by kind, so that each kind can say how many it has. */
	readonly byKind: Readonly<Partial<Record<EntryKind, number>>>
	readonly albums: readonly AlbumRow[]
	readonly artists: readonly ArtistRow[]
	readonly publishers: readonly PublisherRow[]
	readonly words: readonly QueryWord[]
	readonly readings: Matches['readings']
}

/**
 * Answers a query from memory, in one go: nothing can change in between. No words (a blank text) finds everything, newest
 * first.
 * @param nowMs - publishers whose records end before this have gone quiet
 */
export function findInCatalog(holdings: Holdings, query: SearchQuery, nowMs: number): Found {
	const words = readQuery(query.text)
	const publisher = query.publisher === undefined ? undefined : holdings.publisher(query.publisher)
	if (query.publisher !== undefined && publisher === undefined) {
		return { total: 0, hits: [], byKind: {}, albums: [], artists: [], publishers: [], words, readings: [] }
	}
	const matches =
		words.length === 0
			? everything(holdings, publisher?.number)
			: holdings.index.search({
					words,
					forgiving: query.forgiving ?? true,
					...(publisher === undefined ? {} : { publisher: publisher.number })
				})
	demoteQuiet(holdings, matches, nowMs)
	const { works, byKind } = foldCopies(holdings, matches, query.kinds ?? [])
	const limit = Math.min(MAX_LIMIT, Math.max(0, query.limit ?? DEFAULT_LIMIT))
	const offset = Math.max(0, query.offset ?? 0)
	const { documents, scores } = matches
	const chosen = bestOf(
		works,
		offset + limit,
		(a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (documents[a] ?? 0) - (documents[b] ?? 0)
	).slice(offset)
	const hits = withCopies(
		holdings,
		chosen.map((at) => documents[at] ?? 0)
	)
	const sections = words.length === 0 ? newest(holdings, publisher) : named(holdings, matches, works, words)
	return {
		total: works.length,
		hits: hits.map((hit, at) => ({ ...hit, score: words.length === 0 ? 0 : (scores[chosen[at] ?? -1] ?? 0) })),
		byKind,
		...sections,
		words,
		readings: matches.readings
	}
}

function everything({ documents }: Holdings, publisher: number | undefined): Matches {
	const found: number[] = []
	for (let document = 0; document < documents.count; document++) {
		if (documents.alive[document] !== 1) continue
		if (publisher === undefined || documents.publishers[document] === publisher) found.push(document)
	}
	const scores = Float64Array.from(found, (document) => documents.recency[document] ?? 0)
	return { documents: Uint32Array.from(found), scores, readings: [] }
}

function demoteQuiet(holdings: Holdings, { documents, scores }: Matches, nowMs: number): void {
	const quiet = new Set<number>()
	for (const { number, record } of holdings.publishers()) if (record.validUntilMs < nowMs) quiet.add(number)
	if (quiet.size === 0) return
	const { publishers } = holdings.documents
	documents.forEach((document, at) => {
		if (quiet.has(publishers[document] ?? -1)) scores[at] = quietScore(scores[at] ?? 0)
	})
}

/** The best document of each work, as places in `matches`. */
function foldCopies(
	{ documents: table }: Holdings,
	{ documents, scores }: Matches,
	kinds: readonly EntryKind[]
): { works: number[]; byKind: Partial<Record<EntryKind, number>> } {
	const bestOfWork = new Int32Array(table.workCount).fill(-1)
	const all: number[] = []
	documents.forEach((document, at) => {
		const work = table.works[document] ?? 0
		const best = bestOfWork[work] ?? -1
		if (best === -1) all.push(work)
		const order = best === -1 ? 1 : (scores[at] ?? 0) - (scores[best] ?? 0) || (documents[best] ?? 0) - document
		if (order > 0) bestOfWork[work] = at
	})
	const wanted = new Set(kinds)
	const byKind: Partial<Record<EntryKind, number>> = {}
	const works: number[] = []
	for (const work of all) {
		const at = bestOfWork[work] ?? -1
		const kind = KINDS[table.kinds[documents[at] ?? 0] ?? 0] ?? 'other'
		byKind[kind] = (byKind[kind] ?? 0) + 1
		if (wanted.size === 0 || wanted.has(kind)) works.push(at)
	}
	return { works, byKind }
}

function withCopies(
	{ documents: table }: Holdings,
	chosen: readonly number[]
): { document: number; copies: number[] }[] {
	const byWork = new Map(
		chosen.map((document) => [table.works[document] ?? 0, { document, copies: [] as number[] }])
	)
	for (let document = 0; document < table.count; document++) {
		if (table.alive[document] !== 1) continue
		const hit = byWork.get(table.works[document] ?? 0)
		if (hit !== undefined && hit.document !== document && hit.copies.length < MAX_COPIES) hit.copies.push(document)
	}
	return [...byWork.values()]
}

type Sections = Pick<Found, 'albums' | 'artists' | 'publishers'>

/** For a blank query. */
function newest(holdings: Holdings, publisher: HeldPublisher | undefined): Sections {
	const albums = holdings
		.albumsByAge()
		.filter((album) => publisher === undefined || album.publisher === publisher.record.name)
	const artists = publisher === undefined ? [...holdings.artists] : artistsOfPages(holdings, publisher)
	const publishers = publisher === undefined ? [...holdings.publishers()] : [publisher]
	return {
		albums: albums.slice(0, MAX_ALBUMS),
		artists: bestOf(
			artists.map((thing) => ({ thing, tracks: tracksOf(thing) })),
			MAX_ARTISTS,
			byTracks
		).map(({ thing }) => artistRow(holdings, thing)),
		publishers: bestOf(publishers, MAX_PUBLISHERS, (a, b) => b.record.indexedMs - a.record.indexedMs).map(
			publisherRow
		)
	}
}

function artistsOfPages(holdings: Holdings, { pages }: HeldPublisher): Thing<ArtistPart>[] {
	const numbers = new Set(pages.flatMap((page) => page.artists))
	return [...numbers].flatMap((number) => holdings.artists.at(number) ?? [])
}

/** What among the documents found has a name that was asked for. */
function named(
	holdings: Holdings,
	matches: Matches,
	works: readonly number[],
	words: readonly QueryWord[]
): Sections {
	const meaning = new Map<string, number>()
	matches.readings.forEach((readings, at) => {
		for (const { word } of readings) meaning.set(word, (meaning.get(word) ?? 0) | (1 << at))
	})
	const albums = new Marks(holdings.albums.bound)
	const artists = new Marks(holdings.artists.bound)
	const publishers = new Set<number>()
	for (const at of works) {
		const document = matches.documents[at] ?? 0
		const page = holdings.pageOf(document)
		if (page === undefined) continue
		const { albumOf, artistsOf, artistStarts } = page.record
		const row = document - page.first
		albums.add(page.albums[albumOf[row] ?? -1])
		const end = artistStarts[row + 1] ?? 0
		for (let place = artistStarts[row] ?? 0; place < end; place++)
			artists.add(page.artists[artistsOf[place] ?? -1])
		publishers.add(holdings.documents.publishers[document] ?? -1)
	}
	const match = (name: readonly string[], beside: readonly string[]) =>
		matchName(name, beside, meaning, words.length)
	const foundAlbums = albums.numbers.flatMap((number) => {
		const thing = holdings.albums.at(number)
		const [part] = thing?.parts.values() ?? []
		if (thing === undefined || part === undefined) return []
		const name = match(foldRemembered(part.album), part.artists.flatMap(foldRemembered))
		return name === undefined ? [] : [{ thing, name }]
	})
	const foundArtists = artists.numbers.flatMap((number) => {
		const thing = holdings.artists.at(number)
		const name = thing && match(thing.key.split(' '), [])
		return thing === undefined || name === undefined ? [] : [{ thing, tracks: tracksOf(thing), name }]
	})
	const foundPublishers = [...publishers].flatMap((number) => {
		const publisher = holdings.publisherAt(number)
		const name = publisher && match(publisher.words, [])
		return publisher === undefined || name === undefined ? [] : [{ publisher, name }]
	})
	return {
		albums: bestOf(
			foundAlbums,
			MAX_ALBUMS,
			byName((a, b) => (a.thing.key < b.thing.key ? -1 : 1))
		).map(({ thing }) => holdings.albumRow(thing)),
		artists: bestOf(
			foundArtists,
			MAX_ARTISTS,
			byName((a, b) => byTracks(a, b))
		).map(({ thing }) => artistRow(holdings, thing)),
		publishers: bestOf(
			foundPublishers,
			MAX_PUBLISHERS,
			byName((a, b) => b.publisher.record.entries - a.publisher.record.entries)
		).map(({ publisher }) => publisherRow(publisher))
	}
}

const byName =
	<Item extends { readonly name: NameMatch }>(otherwise: (a: Item, b: Item) => number) =>
	(a: Item, b: Item) =>
		compareNames(a.name, b.name) || otherwise(a, b)

interface CountedArtist {
	readonly thing: Thing<ArtistPart>
	readonly tracks: number
}

const byTracks = (a: CountedArtist, b: CountedArtist) =>
	b.tracks - a.tracks || (a.thing.key < b.thing.key ? -1 : 1)

function tracksOf({ parts }: Thing<ArtistPart>): number {
	let tracks = 0
	for (const part of parts.values()) tracks += part.tracks
	return tracks
}

/** A set of small numbers. */
class Marks {
	readonly numbers: number[] = []
	readonly #marked: Uint8Array

	constructor(bound: number) {
		this.#marked = new Uint8Array(bound)
	}

	add(number: number | undefined): void {
		if (number === undefined || this.#marked[number] === 1) return
		this.#marked[number] = 1
		this.numbers.push(number)
	}
}

function artistRow(holdings: Holdings, thing: Thing<ArtistPart>): ArtistRow {
	const albums = new Set<number>()
	let most: ArtistPart | undefined
	let covered: ArtistPart | undefined
	for (const [number, part] of thing.parts) {
		const page = holdings.pageAt(number)
		for (const place of part.albums) albums.add(page?.albums[place] ?? -1)
		if (most === undefined || part.tracks > most.tracks) most = part
		if (covered === undefined && part.cover !== undefined) covered = part
	}
	return {
		artist: most?.artist ?? '',
		tracks: tracksOf(thing),
		albums: albums.size,
		...(covered?.cover === undefined ? {} : { cover: covered.cover }),
		...(covered?.hue === undefined ? {} : { hue: covered.hue })
	}
}

const MAX_REMEMBERED = 20_000
const remembered = new Map<string, readonly string[]>()

/** Names of albums are folded at each search: those of the index's albums come again and again. */
function foldRemembered(text: string): readonly string[] {
	let words = remembered.get(text)
	if (words === undefined) {
		if (remembered.size >= MAX_REMEMBERED) remembered.clear()
		remembered.set(text, (words = [...new Set(foldWords(text))]))
	}
	return words
}
