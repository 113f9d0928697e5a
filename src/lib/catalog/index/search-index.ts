import type { DocumentRange } from './document-table'
import type { TimeSlices } from './time-slices'

/** The fields that are told apart in ranking, most telling first; a place in {@link FieldWords}. */
export const FIELDS = ['title', 'artists', 'album', 'others'] as const

/** Folded words of one document by field, in the order of {@link FIELDS}. */
export type FieldWords = readonly [
	title: readonly string[],
	artists: readonly string[],
	album: readonly string[],
	others: readonly string[]
]

export interface QueryWord {
	/** Folded. */
	readonly word: string
	/** Typing may go on: longer words that begin like this match too. */
	readonly open: boolean
}

export interface IndexQuery {
	readonly words: readonly QueryWord[]
	/** Mends typos, and when nothing has all the words settles for most of them. */
	readonly forgiving: boolean
	/** Number of the only publisher wanted. */
	readonly publisher?: number
}

/** A word of the index that a word of the query may mean. */
export interface Reading {
	readonly word: string
	readonly edits: number
	/** 1 for the very word, less for a longer one and for one with another spelling. */
	readonly quality: number
	/** Documents with the word, those that are gone included. */
	readonly frequency: number
}

export interface Matches {
	/** Numbers of the documents that match, alive, in no order. */
	readonly documents: Uint32Array
	/** 0 to 1, in the order of `documents`. */
	readonly scores: Float64Array
	/** For each word of the query what it was taken for, best first. */
	readonly readings: readonly (readonly Reading[])[]
}

/**
 * Words to documents, ranked: the engine behind the catalog, and the seam at which another takes its place. It holds
 * words and numbers only; what a document is and whether it is alive stands in the {@link DocumentTable} it was made with.
 */
export interface SearchIndex {
	/** Different words, those of documents that are gone included. */
	readonly wordCount: number
	/** Makes a document findable, once it is alive. Each number once. */
	add(document: number, fields: FieldWords): void
	/** Words that stand for all documents of a publisher: its name. Replaces those of before. */
	namePublisher(publisher: number, words: readonly string[], documents: () => readonly DocumentRange[]): void
	search(query: IndexQuery): Matches
	/** Parts from which the engine can be restored; {@link add} must not be called meanwhile. */
	save(slices: TimeSlices): Promise<readonly IndexPart[]>
}

export interface IndexPart {
	readonly key: string
	readonly data: string
}
