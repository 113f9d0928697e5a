import type { EntryKind } from './entry'
import type { ParsedQuery, QueryFilters, TextField } from './query/query'
import type { EntryRow } from './row'

/** What a tab knows of one publisher. Times are Unix ms. */
export interface PublisherRow {
	/** IPNS name. */
	readonly name: string
	readonly displayName: string
	readonly about?: string
	readonly homepage?: string
	readonly licence?: string
	/** CID of an image. */
	readonly icon?: string
	/** Root CID of the publication in use. */
	readonly root: string
	/** IPNS sequence of the record that led to it. */
	readonly sequence: number
	/** When the publication says it was made. */
	readonly createdMs: number
	/** When this tab indexed it. */
	readonly indexedMs: number
	/** End of the record's validity; Infinity when there is no record. */
	readonly validUntilMs: number
	readonly entries: number
	readonly dropped: number
	readonly sizeBytes: number
	/** Pages in use, by CID, in key order. */
	readonly pages: readonly string[]
	/** CIDs of playlists that the publication lists, the first 1,000; absent where it lists none. */
	readonly playlists?: readonly string[]
}

/** A publisher who says that they keep what another has published. */
export interface Keeper {
	/** IPNS name. */
	readonly name: string
	readonly displayName: string
	/** They name the publication in use, not an earlier one. */
	readonly current: boolean
}

/** One publication, fetched and hashed, ready to be indexed. */
export interface PublicationInput {
	/** IPNS name; for a root with no announcement the root's CID. */
	readonly publisher: string
	readonly root: string
	readonly sequence: number
	readonly validUntilMs: number
	/** The head's bytes, already checked against their CID; absent for the other kinds of root. */
	readonly head?: Uint8Array
	/** In key order; `bytes` is absent for a page that {@link Catalog.heldPages} named. */
	readonly pages: readonly { readonly cid: string; readonly bytes?: Uint8Array }[]
	/** For the other kinds of root (protocol section 2): what their reader found, and a name to show. */
	readonly listed?: { readonly displayName: string; readonly rows: readonly EntryRow[]; readonly dropped: number }
}

export interface ApplyOutcome {
	readonly accepted: number
	readonly dropped: number
	/** Reasons of the first dropped entries, at most 20. */
	readonly reasons: readonly string[]
}

export interface SearchQuery {
	readonly text: string
	/** Empty means all. */
	readonly kinds?: readonly EntryKind[]
	readonly publisher?: string
	readonly limit?: number
	readonly offset?: number
	/** False searches for the words as typed, without mending typos. Default true. */
	readonly forgiving?: boolean
	/** Chosen beside the text; what the text itself says holds as well. */
	readonly filters?: QueryFilters
	/** Default `relevance`; without words `newest`. */
	readonly sort?: SearchSort
	/** Gives {@link SearchHit.why}. */
	readonly explain?: boolean
	/** Gives {@link SearchAnswer.facets}: counting costs time that typing need not pay. */
	readonly facets?: boolean
}

export type SearchSort = 'relevance' | 'newest' | 'title' | 'duration' | 'bitrate'

/** One value of a facet, and how many rows of the answer have it. */
export interface FacetCount {
	readonly value: string
	readonly count: number
}

/**
 * Counts over the whole answer. Each facet is counted as if nothing of its own kind were chosen, so that another of its
 * values can be chosen as well. Most frequent first, at most 40 values each.
 */
export interface Facets {
	readonly kinds: readonly FacetCount[]
	readonly genres: readonly FacetCount[]
	/** Decades: `1990`. */
	readonly decades: readonly FacetCount[]
	readonly formats: readonly FacetCount[]
	/** `lossless`, `high` (256 kbit/s and more), `medium` (128 and more), `low`. */
	readonly qualities: readonly FacetCount[]
	readonly licences: readonly FacetCount[]
	/** IPNS names. */
	readonly publishers: readonly FacetCount[]
	readonly available: number
	readonly kept: number
}

/** One summand of a score, as "Why here?" shows it. The parts add up to the score. */
export interface ScorePart {
	readonly part: 'word' | 'completeness' | 'publisher' | 'availability' | 'quality' | 'popularity'
	readonly points: number
	/** For `word`: as typed, as found, where, and how. */
	readonly word?: {
		readonly typed: string
		readonly found: string
		readonly field: TextField
		readonly how: 'exact' | 'prefix' | 'typo' | 'split' | 'joined'
	}
}

/** What the person and this tab know that the catalog does not; for ranking and filters. Kept in memory only. */
export interface ListenerFacts {
	/** By IPNS name. `points` are the person's own, -10 to 10; a blocked publisher is removed, not demoted. */
	readonly publishers: Readonly<
		Record<
			string,
			{
				readonly points?: number
				readonly followed?: boolean
				readonly demoted?: boolean
				readonly online?: boolean
			}
		>
	>
	/** CIDs of files kept offline. */
	readonly keptFiles: readonly string[]
	/** How often files were played here, by CID. */
	readonly plays: Readonly<Record<string, number>>
	/** Peers or gateways can be asked: what publishers have whose records hold counts as available, even if none is known to be online. */
	readonly reachable?: boolean
	/** What the index may grow to; the least valued publishers leave first. Absent: what the browser lets it have. */
	readonly budget?: { readonly entries?: number; readonly bytes?: number }
}

export interface Suggestion {
	readonly kind: 'query' | 'artist' | 'album' | 'title' | 'genre' | 'publisher'
	/** What the search box becomes. */
	readonly text: string
	readonly entries: number
}

/** A standing search: each page that is indexed is matched against it. */
export interface Wish {
	readonly id: string
	readonly text: string
	readonly filters?: QueryFilters
	/** Unix ms. */
	readonly createdMs: number
	/** Entries that came since it was last looked at. */
	readonly newHits: number
	/** Unix ms of the last look. */
	readonly seenMs: number
}

export interface SearchHit {
	readonly row: EntryRow
	readonly score: number
	/** Words of the index that matched, folded; for marking them in the title. */
	readonly words: readonly string[]
	/** Letters between a word that was typed and the one that was found; 0 when all match. */
	readonly edits: number
	/** Other rows with the same file, best first. */
	readonly copies: readonly EntryRow[]
	/** Asked for with {@link SearchQuery.explain}. */
	readonly why?: readonly ScorePart[]
}

export interface AlbumRow {
	/** Stable key: {@link albumKey} of publisher, album artist and album. */
	readonly key: string
	readonly album: string
	readonly artists: readonly string[]
	readonly publisher: string
	readonly publisherName: string
	readonly date?: string
	readonly tracks: number
	readonly durationMs: number
	readonly cover?: string
	readonly hue?: number
	readonly lossless?: boolean
	readonly indexedMs: number
}

export interface ArtistRow {
	readonly artist: string
	readonly tracks: number
	readonly albums: number
	readonly cover?: string
	readonly hue?: number
}

export interface SearchAnswer {
	/** Rows that match in all, copies folded. */
	readonly total: number
	readonly hits: readonly SearchHit[]
	readonly albums: readonly AlbumRow[]
	readonly artists: readonly ArtistRow[]
	readonly publishers: readonly PublisherRow[]
	readonly byKind: Readonly<Partial<Record<EntryKind, number>>>
	/** What the words were heard as, when a typo was mended. */
	readonly heardAs?: string
	/** Another spelling that would find much more. */
	readonly didYouMean?: string
	readonly facets?: Facets
	/** Parts of the query that were not understood. */
	readonly problems?: ParsedQuery['problems']
	readonly tookMs: number
}

export interface LeftPublication {
	/** IPNS name of its publisher. */
	readonly name: string
	readonly sequence: number
}

export interface CatalogTotals {
	readonly entries: number
	readonly publishers: number
	readonly albums: number
	/** What comes now is searched and lost with the tab: the disk is full, or the browser has taken the storage away. */
	readonly degraded?: 'full' | 'lost'
	/** Rows and index on the disk, as far as it is known. */
	readonly bytes?: number
	/** Publishers that had to leave for the budget. */
	readonly left?: number
}

/**
 * Everything this browser has heard, and the search over it. One a profile: it lives in a shared worker that every tab
 * asks (a dedicated one where a browser has no shared workers). All methods may reject with `storage-failed` or
 * `storage-full`; queries answer also while a publication is being applied.
 */
export interface Catalog {
	/** Resolves once search answers. Called again it gives the present totals. */
	open(): Promise<CatalogTotals>
	/** Replaces what is held of this publisher. Safe to repeat; a crash in between leaves the old or the new state. */
	apply(publication: PublicationInput): Promise<ApplyOutcome>
	/** CIDs of the pages held for this publisher: their entries need not be fetched again. */
	heldPages(publisher: string): Promise<readonly string[]>
	/** Its entries leave the index at once. */
	remove(publisher: string): Promise<void>
	/** Publications that left for the budget and would have to leave again: they need not be fetched. */
	left(): Promise<readonly LeftPublication[]>
	search(query: SearchQuery, signal?: AbortSignal): Promise<SearchAnswer>
	/** Completions of what is being typed, most useful first; from the index only, never from the network. */
	suggest(text: string, limit?: number, signal?: AbortSignal): Promise<readonly Suggestion[]>
	/** Replaces what is known of the person's side; each tab may say it again at any time. */
	know(facts: ListenerFacts): Promise<void>
	/** Standing searches, newest first. */
	wishes(): Promise<readonly Wish[]>
	/** Adds one, or changes the one with this id. */
	wish(wish: Pick<Wish, 'text'> & { readonly id?: string; readonly filters?: QueryFilters }): Promise<Wish>
	/** Its hits have been looked at. */
	sawWish(id: string): Promise<void>
	forgetWish(id: string): Promise<void>
	publishers(): Promise<readonly PublisherRow[]>
	publisher(name: string): Promise<PublisherRow | undefined>
	/**
	 * Who of the publishers in use says that they keep what this one published, those with the publication in use first. It
	 * is their word, in heads that they signed; records past their end count for nothing.
	 */
	keepersOf(
		publisher: string,
		limit: number
	): Promise<{ readonly total: number; readonly keepers: readonly Keeper[] }>
	/** In key order. */
	entriesOf(publisher: string, from: number, limit: number): Promise<readonly EntryRow[]>
	/** Every row with this file, best first. */
	entriesByFile(file: string): Promise<readonly EntryRow[]>
	/** Newest first. */
	albums(options: { publisher?: string; limit: number; offset?: number }): Promise<readonly AlbumRow[]>
	/** Rows of one album in disc and track order. */
	album(key: string): Promise<{ album: AlbumRow; rows: readonly EntryRow[] } | undefined>
	/** Called after each change of what is indexed, in any tab. Returns a function that stops it. */
	onchange(listener: (totals: CatalogTotals) => void): () => void
	dispose(): void
}
