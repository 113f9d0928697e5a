import { TEXT_FIELDS } from '../../query/query'
import { FIELD_WEIGHTS } from '../ranking'
import { MASK } from './postings'

export const ALL_FIELDS = MASK
export const TITLE = 1 << TEXT_FIELDS.indexOf('title')
export const ARTISTS = 1 << TEXT_FIELDS.indexOf('artists')
export const PUBLISHER = 1 << TEXT_FIELDS.indexOf('publisher')

const tables = new Map<number, Float32Array>()

/** By mask: the weight of the best of its fields that are asked for; 0 when none is. */
export function weightsOf(fields: number): Float32Array {
	let weights = tables.get(fields)
	if (weights === undefined) {
		weights = Float32Array.from({ length: MASK + 1 }, (_, mask) =>
			FIELD_WEIGHTS.reduce(
				(best, weight, field) => (((mask & fields) >> field) & 1 ? Math.max(best, weight) : best),
				0
			)
		)
		tables.set(fields, weights)
	}
	return weights
}

/** One way in which a word of a query may stand in a document. */
export type TermReading =
	/** One word of the index, or several that stand side by side. */
	| { readonly terms: readonly string[]; readonly quality: number }
	/** All longer words that begin so. */
	| { readonly prefix: string }

/** A word of a query with all that it may mean. */
export interface Term {
	/** Best first. */
	readonly readings: readonly TermReading[]
	/** Fields in which it may stand, as bits. */
	readonly fields: number
	/** Publishers whose names have it, with the quality of that. */
	readonly publishers: ReadonlyMap<number, number>
	/** Weight of the word: see `rarity`. */
	readonly rarity: number
}

export interface Phrase {
	readonly words: readonly string[]
	readonly fields: number
	/** Publishers whose names have it. */
	readonly publishers: ReadonlySet<number>
}

export interface MatchQuery {
	/** Rarest first. */
	readonly required: readonly Term[]
	readonly optional: readonly Term[]
	readonly not: readonly Term[]
	readonly phrases: readonly Phrase[]
	readonly notPhrases: readonly Phrase[]
	/** So many of the required words suffice, when it is not all of them. */
	readonly enough?: number
}
