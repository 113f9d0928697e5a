import type { AlbumRow, ArtistRow } from '../catalog'
import type { LayeredStore } from './layered-store'
import { ALBUM, ARTIST } from './document-kinds'
import type { HeldPage, Holdings } from './holdings'
import type { NameBlock } from './names-codec'
import { albumNumber, artistNumber, type AlbumPart, type ArtistPart } from './page-names'
import { Recent } from './recent'
import type { IndexHit, IndexQuery, SearchIndex } from './search-index'

/** Pages whose names are kept, read: some 10 KB each. */
const MAX_PAGES = 512
/** Copies of a hit that the index names at most. */
const SOME = 20

interface Placed<Part> {
	readonly part: Part
	readonly page: HeldPage
	/** Of the index of names. */
	readonly document: number
}

export interface FoundAlbum {
	readonly row: AlbumRow
	/** Its rows, page by page. */
	readonly documents: readonly number[]
}

/** Albums and artists: sums of the parts that the pages in use have of them. */
export class CatalogNames {
	readonly #store: LayeredStore
	readonly #index: SearchIndex
	readonly #holdings: Holdings
	readonly #seed: number
	readonly #read = new Recent<number, NameBlock>(MAX_PAGES)

	constructor(store: LayeredStore, index: SearchIndex, holdings: Holdings, seed: number) {
		this.#store = store
		this.#index = index
		this.#holdings = holdings
		this.#seed = seed
	}

	/** Newest first. */
	async newestAlbums(options: { publisher?: number; limit: number; offset?: number }): Promise<AlbumRow[]> {
		const { publisher, limit, offset = 0 } = options
		const { hits } = await this.#index.search({
			words: [],
			sort: 'newest',
			filters: { kinds: [ALBUM], ...(publisher === undefined ? {} : { publishers: [publisher] }) },
			limit,
			offset
		})
		return this.#albumRows(hits)
	}

	/** Those with most tracks on one page. */
	async largestArtists(options: { publisher?: number; limit: number }): Promise<ArtistRow[]> {
		const { publisher, limit } = options
		const { hits } = await this.#index.search({
			words: [],
			sort: 'bitrate',
			filters: { kinds: [ARTIST], ...(publisher === undefined ? {} : { publishers: [publisher] }) },
			limit
		})
		return (await this.#artistRows(hits.map(partsOf))).sort((a, b) => b.tracks - a.tracks)
	}

	/** Albums whose name, or whose artists, have the words. */
	async albumsNamed(query: IndexQuery): Promise<AlbumRow[]> {
		const { hits } = await this.#index.search({ ...query, filters: { ...query.filters, kinds: [ALBUM] } })
		return this.#albumRows(hits)
	}

	async artistsNamed(query: IndexQuery): Promise<ArtistRow[]> {
		const { hits } = await this.#index.search({ ...query, filters: { ...query.filters, kinds: [ARTIST] } })
		return this.#artistRows(hits.map(partsOf))
	}

	/** By {@link albumKey}. */
	async album(key: string): Promise<FoundAlbum | undefined> {
		const documents = this.#index.documentsOfFile(albumNumber(key, this.#seed))
		const parts = (await this.#albumParts(documents)).filter(({ part }) => part.key === key)
		const row = this.#albumRow(parts)
		if (row === undefined) return undefined
		return {
			row,
			documents: parts.flatMap(({ part, page }) =>
				part.rows.flatMap(({ first, count }) => Array.from({ length: count }, (_, at) => page.first + first + at))
			)
		}
	}

	/** By the folded words of their names; those that are not there are left out. */
	async artists(keys: readonly string[]): Promise<ArtistRow[]> {
		const documents = this.#index.documentsOfFiles(keys.map((key) => artistNumber(key, this.#seed)))
		return this.#artistRows(documents.filter((parts) => parts.length > 0))
	}

	async #albumRows(hits: readonly IndexHit[]): Promise<AlbumRow[]> {
		const parts = await this.#albumParts(hits.flatMap(({ document, copies }) => [document, ...copies]))
		const byKey = Map.groupBy(parts, ({ part }) => part.key)
		const rows: AlbumRow[] = []
		// In the order of the hits: a part of each stands first in its group.
		for (const group of byKey.values()) {
			const row = this.#albumRow(group)
			if (row !== undefined) rows.push(row)
		}
		return rows
	}

	#albumRow(parts: readonly Placed<AlbumPart>[]): AlbumRow | undefined {
		const all = parts.toSorted((a, b) => a.page.first - b.page.first)
		const [first] = all
		if (first === undefined) return undefined
		const publisher = this.#holdings.publisherAt(first.page.publisher)?.record
		if (publisher === undefined) return undefined
		const pieces = all.map(({ part }) => part)
		const covered = pieces.find(({ cover }) => cover !== undefined)
		const date = pieces.find((piece) => piece.date !== undefined)?.date
		const lossless = pieces.flatMap((piece) => piece.lossless ?? [])
		return {
			key: first.part.key,
			album: first.part.album,
			artists: first.part.artists,
			publisher: publisher.name,
			publisherName: publisher.displayName,
			tracks: pieces.reduce((sum, { tracks }) => sum + tracks, 0),
			durationMs: pieces.reduce((sum, { durationMs }) => sum + durationMs, 0),
			indexedMs: Math.min(...pieces.map(({ indexedMs }) => indexedMs)),
			...(date === undefined ? {} : { date }),
			...(covered?.cover === undefined ? {} : { cover: covered.cover }),
			...(covered?.hue === undefined ? {} : { hue: covered.hue }),
			...(lossless.length === 0 ? {} : { lossless: lossless.every(Boolean) })
		}
	}

	/** @param found - of each artist some parts: all of them, where they are less than {@link SOME} */
	async #artistRows(found: readonly (readonly number[])[]): Promise<ArtistRow[]> {
		// The part with most tracks tells how the name is written, and has the cover.
		const largest = found.map(
			(parts) => parts.toSorted((a, b) => this.#tracksOf(b) - this.#tracksOf(a) || a - b)[0] ?? 0
		)
		const read = new Map((await this.#artistParts(largest)).map(({ part, document }) => [document, part]))
		const many = found.flatMap((some, at) => (some.length > SOME ? (read.get(largest[at] ?? 0) ?? []) : []))
		const allOf = this.#index.documentsOfFiles(many.map(({ key }) => artistNumber(key, this.#seed)))
		return found.flatMap((some, at): ArtistRow[] => {
			const part = read.get(largest[at] ?? 0)
			if (part === undefined) return []
			const parts = some.length > SOME ? (allOf[many.indexOf(part)] ?? some) : some
			return [
				{
					artist: part.artist,
					tracks: sumOf(parts, (document) => this.#tracksOf(document)),
					albums: sumOf(parts, (document) => this.#index.factOf(document, 'year')),
					...(part.cover === undefined ? {} : { cover: part.cover }),
					...(part.hue === undefined ? {} : { hue: part.hue })
				}
			]
		})
	}

	#tracksOf(document: number): number {
		return this.#index.factOf(document, 'bitrate')
	}

	async #albumParts(documents: readonly number[]): Promise<Placed<AlbumPart>[]> {
		return (await this.#places(documents)).flatMap(({ names, page, at, document }) => {
			const part = names.album(at)
			return part === undefined ? [] : [{ part, page, document }]
		})
	}

	async #artistParts(documents: readonly number[]): Promise<Placed<ArtistPart>[]> {
		return (await this.#places(documents)).flatMap(({ names, page, at, document }) => {
			const part = names.artist(at)
			return part === undefined ? [] : [{ part, page, document }]
		})
	}

	/** The names of the documents' pages, in the order of the documents; those that have gone are left out. */
	async #places(
		documents: readonly number[]
	): Promise<{ names: NameBlock; page: HeldPage; at: number; document: number }[]> {
		const places = documents.flatMap((document) => {
			const page = this.#holdings.pageOfName(document)
			return page === undefined ? [] : [{ page, document, at: document - page.names.first }]
		})
		const found = new Map<number, NameBlock>()
		const missing = new Set<number>()
		for (const { page } of places) {
			const names = this.#read.get(page.first)
			if (names === undefined) missing.add(page.first)
			else found.set(page.first, names)
		}
		const firsts = [...missing]
		for (const [at, names] of (await this.#store.names(firsts)).entries()) {
			if (names === undefined) continue
			const first = firsts[at] ?? 0
			this.#read.set(first, names)
			found.set(first, names)
		}
		return places.flatMap((place) => {
			const names = found.get(place.page.first)
			return names === undefined ? [] : [{ ...place, names }]
		})
	}
}

const partsOf = ({ document, copies }: IndexHit) => [document, ...copies]

const sumOf = (documents: readonly number[], of: (document: number) => number) =>
	documents.reduce((sum, document) => sum + of(document), 0)
