import type { LicenceClass, QueryPhrase, QueryWord, Span, TextField } from '../query/query'
import type { ScorePart, SearchSort } from '../catalog'

/**
 * Folded words of one document by field, in the order of `TEXT_FIELDS`: in reading order, repeated where repeated. An empty
 * word is a gap: what stands before it is no phrase with what follows (two artists, two folders of a path).
 */
export type FieldWords = readonly (readonly string[])[]

/** Numbers of documents that follow each other. */
export interface DocumentRange {
	readonly first: number
	readonly count: number
}

/** What filters, facets, sorts and ranking know of a document besides its words. */
export interface DocumentFacts {
	/** Number of the publisher; given out by the catalog, never used again for another one. At most 2^32 - 1. */
	readonly publisher: number
	/** Place in `KINDS`. */
	readonly kind: number
	/** Calendar year; 0 when unknown. */
	readonly year: number
	/** bit/s; 0 when unknown. */
	readonly bitrate: number
	/** 0 when unknown. */
	readonly durationMs: number
	/** As the facet names it (`flac`, `mp3`, …); empty when unknown. */
	readonly format: string
	readonly licence: LicenceClass
	readonly lossless: boolean | undefined
	/** Folded names. Of very many different ones in one index the rarest may be missing from the facet. */
	readonly genres: readonly string[]
	/** Unix seconds. */
	readonly addedS: number
	/** `fingerprint` of the file's CID. */
	readonly file: number
	/** `fingerprint` of start and end of the clip; 0 for the whole file. */
	readonly clip: number
	/** What titles are sorted by, folded, as one text; its first 16 bytes count. */
	readonly titleKey: string
	/** MusicBrainz ids, lower case. */
	readonly mbids: readonly string[]
}

export interface IndexDocument {
	readonly words: FieldWords
	readonly facts: DocumentFacts
}

/** {@link QueryFilters} with numbers in place of names. All that are given must hold; within a list any one. */
export interface DocumentFilters {
	/** Places in `KINDS`. */
	readonly kinds?: readonly number[]
	readonly genres?: readonly string[]
	readonly years?: Span
	readonly bitrate?: Span
	readonly durationMs?: Span
	readonly lossless?: boolean
	readonly formats?: readonly string[]
	readonly licences?: readonly LicenceClass[]
	readonly publishers?: readonly number[]
	readonly available?: boolean
	readonly kept?: boolean
	readonly mbids?: readonly string[]
	/** Fingerprints of files. */
	readonly files?: readonly number[]
}

/** What the person's side means for publishers and files; in memory only, see {@link SearchIndex.know}. */
export interface Standing {
	/** By number. Publishers that are not named count as `{ points: 0, available: false }`. */
	readonly publishers: ReadonlyMap<number, PublisherStanding>
	/** Fingerprints of files kept offline here. They are available too. */
	readonly kept: ReadonlySet<number>
	/** Times played, by fingerprint of the file. */
	readonly plays: ReadonlyMap<number, number>
}

export interface PublisherStanding {
	/** What the publisher adds to a score: `publisherPoints` of ranking.ts. */
	readonly points: number
	readonly available: boolean
	/** Its record has ended: its documents come after all others, in their order. */
	readonly quiet?: boolean
}

export interface IndexQuery {
	/** All must match, each in any reading. None at all finds everything that the filters leave. */
	readonly words: readonly QueryWord[]
	readonly phrases?: readonly QueryPhrase[]
	readonly notWords?: readonly QueryWord[]
	readonly notPhrases?: readonly QueryPhrase[]
	readonly filters?: DocumentFilters
	/** None of these may hold. */
	readonly notFilters?: DocumentFilters
	/** Mends typos, splits and joins words, and when nothing has all the words settles for most of them. Default false. */
	readonly forgiving?: boolean
	/** Default `relevance`, without words and phrases `newest`. */
	readonly sort?: SearchSort
	readonly limit: number
	readonly offset?: number
	readonly facets?: boolean
	/** Also return {@link IndexAnswer.documents}: all of them. For tests and small answers. */
	readonly all?: boolean
}

/** A word of the index (or two, side by side) that a word of the query is taken for. */
export interface Reading {
	/** Folded; for `split` both words with a space between them. */
	readonly word: string
	readonly how: 'exact' | 'prefix' | 'typo' | 'split' | 'joined'
	/** Letters between it and what was typed. */
	readonly edits: number
	/** 1 for the very word, less for others: see ranking.ts. */
	readonly quality: number
	/** Documents with it, those included that are gone but not cleared away. */
	readonly frequency: number
}

/** What one word of the query was taken for. */
export interface WordReadings {
	/** As in {@link IndexQuery.words}; for `joined` readings of two words, with the second one's `word` appended. */
	readonly typed: string
	readonly field?: TextField
	/** Weight of the word: see `rarity` in ranking.ts. */
	readonly rarity: number
	/** Best first. Long lists (of a short prefix) are cut here, not in the search. */
	readonly readings: readonly Reading[]
}

export interface IndexHit {
	readonly document: number
	/** 0 unless sorted by relevance. */
	readonly score: number
	/** Further documents with what this one plays, at most 20; of any publisher, alive. */
	readonly copies: readonly number[]
}

export interface CountedValue<Value> {
	readonly value: Value
	readonly count: number
}

/** Counts over the whole answer; each group as if nothing of its own were chosen. Most frequent first, at most 40. */
export interface IndexFacets {
	/** Places in `KINDS`. */
	readonly kinds: readonly CountedValue<number>[]
	readonly genres: readonly CountedValue<string>[]
	/** First year of each decade. */
	readonly decades: readonly CountedValue<number>[]
	readonly formats: readonly CountedValue<string>[]
	/** `lossless`, `high` (256 kbit/s and more), `medium` (128 and more), `low`. */
	readonly qualities: readonly CountedValue<'lossless' | 'high' | 'medium' | 'low'>[]
	readonly licences: readonly CountedValue<LicenceClass>[]
	/** Numbers. */
	readonly publishers: readonly CountedValue<number>[]
	readonly available: number
	readonly kept: number
}

export interface IndexAnswer {
	/** Documents that match, copies folded. */
	readonly total: number
	readonly hits: readonly IndexHit[]
	/** Place in `KINDS` to count, before the filter by kind. */
	readonly byKind: ReadonlyMap<number, number>
	readonly words: readonly WordReadings[]
	/** True when nothing had all the words, and these have most of them. */
	readonly partial: boolean
	/** True when a prefix was too short to follow every word that begins with it. */
	readonly cut: boolean
	/** By place in {@link words}: a word that would find much more. */
	readonly better: readonly (string | undefined)[]
	/** Publishers of the answer whose names have at least one of the words, by number. */
	readonly facets?: IndexFacets
	/** All documents that match, copies not folded, in no order. */
	readonly documents?: Uint32Array
}

export type Fact = 'bitrate' | 'durationMs' | 'addedS' | 'publisher' | 'kind' | 'year'

/** A word of the index that begins as asked. */
export interface Completion {
	readonly word: string
	/** Documents with it, about. */
	readonly documents: number
}

/**
 * Words and facts to documents, ranked: the engine behind the catalog, and the seam at which another takes its place.
 *
 * A document has a number that is never given to another one. It is *added* (findable by nobody yet), *shown*, and at
 * some time *hidden*, for ever; showing and hiding are kept in memory only, the truth about them is the caller's: at
 * opening nothing is shown. Added documents are searched from memory until they are *flushed* into an immutable segment
 * of the database; those that a crash took from memory are named by {@link missing} and can be added again.
 *
 * One process writes ({@link flush}, {@link tidy}): the caller holds the lock. Others call {@link refresh} when told to.
 */
export interface SearchIndex {
	/** Documents shown. */
	readonly shown: number
	/** Added, not flushed. */
	readonly unflushed: number
	/** Why nothing is written any more, when that is so: what comes now is searched, and lost with the tab. */
	readonly degraded: 'full' | 'lost' | undefined
	/** Bytes of the segments in the database. */
	readonly sizeBytes: number
	/** One above the highest number of a document that is in a segment or in memory, shown or not; 0 when none is. */
	readonly end: number

	/** Makes a document known, not yet shown. Numbers may come in any order, each once. Takes no turn of the event loop. */
	add(document: number, entry: IndexDocument): void
	/** True when so much is unflushed that it should be flushed before more is added. */
	readonly full: boolean
	/**
	 * Writes what is unflushed as a segment that becomes valid in one transaction. In slices: searching and adding go on
	 * meanwhile. Over quota or without a database it stays in memory, and {@link degraded} says so; it does not throw.
	 */
	flush(): Promise<void>
	/** Resolves when all that was to be flushed until now is written. */
	flushed(): Promise<void>
	/**
	 * Merges segments that have become many, and clears away what is hidden; in slices, until there is nothing to do or
	 * `signal` is aborted, which leaves no trace. Documents added and not shown are kept.
	 * @param options - `atRest`: nothing comes in at present, so that few segments are worth more work
	 */
	tidy(options?: { readonly atRest?: boolean; readonly signal?: AbortSignal }): Promise<void>

	show(ranges: readonly DocumentRange[]): void
	/** At once and for ever. */
	hide(ranges: readonly DocumentRange[]): void
	/** The parts of these ranges that have never been added, or were lost. */
	missing(ranges: readonly DocumentRange[]): readonly DocumentRange[]
	/** Takes up segments that another process has written, in place of what of them is in memory. */
	refresh(): Promise<void>

	/** Words of a publisher's name, in order: all its documents are found by them, in the field `publisher`. Replaces those of before. */
	namePublisher(publisher: number, words: readonly string[]): void
	know(standing: Standing): void

	search(query: IndexQuery, signal?: AbortSignal): Promise<IndexAnswer>
	/** Words that begin like this one, most frequent first. */
	complete(prefix: string, limit: number, signal?: AbortSignal): Promise<readonly Completion[]>
	/** Shown documents with this file (fingerprint), clips of it included. A few may have another file: look at the rows. */
	documentsOfFile(file: number): readonly number[]
	/** The same for several files, each named once, in one go. */
	documentsOfFiles(files: readonly number[]): readonly (readonly number[])[]
	/** 0 for a document that is not here. */
	factOf(document: number, fact: Fact): number
	/** What a hit's score is made of, from the words and facts of its row. */
	explain(answer: IndexAnswer, document: number, words: FieldWords): readonly ScorePart[]

	close(): void
}
