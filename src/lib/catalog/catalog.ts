import type { EntryKind } from './entry'
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
	readonly tookMs: number
}

export interface CatalogTotals {
	readonly entries: number
	readonly publishers: number
	readonly albums: number
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
	search(query: SearchQuery, signal?: AbortSignal): Promise<SearchAnswer>
	publishers(): Promise<readonly PublisherRow[]>
	publisher(name: string): Promise<PublisherRow | undefined>
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
