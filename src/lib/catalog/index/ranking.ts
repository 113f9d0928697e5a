/**
 * How results are ordered. The score of a document is
 *
 *     (Σ rarity · field · quality  +  COMPLETENESS · Σ rarity · share)  /  ((1 + COMPLETENESS) · Σ rarity)
 *
 * over the words of the query: *rarity* of the word in all documents, *field* the weight of the best field that has it,
 * *quality* how well the word found is the word typed, *share* the part of the title that the query covers (see {@link coverage}). It is 1 for a
 * title typed in full, so scores of different queries can be compared. At equal scores what came first in its
 * publication stays first. Documents of a publisher that has gone quiet come after all others.
 */

/** Weights of title, artists, album and others, as in `FIELDS`. */
export const FIELD_WEIGHTS = [1, 0.75, 0.5, 0.25] as const

/** How much a title that is covered by the query outweighs one that merely has its words. */
const COMPLETENESS = 0.5

/** Brings quiet publishers below any score of the others, and keeps their order. */
const QUIET = 1e-4

/** The very word counts 1; any longer word less than that, in the next weaker field too. */
export function prefixQuality(typed: string, word: string): number {
	return 0.3 + 0.35 * (typed.length / word.length)
}

/** Below that of any longer word of twice the length. */
export function typoQuality(edits: number): number {
	return edits === 1 ? 0.25 : 0.15
}

/**
 * Weight of a word that `matching` of `all` documents have: a rare word says more. (The idf of BM25 without its negative
 * values.)
 */
export function rarity(matching: number, all: number): number {
	return Math.log(1 + (Math.max(all, matching) + 0.5) / (matching + 0.5))
}

/** What a word found in the title counts for in covering it: little when it is not the very word typed. */
export function coverage(quality: number): number {
	return quality === 1 ? 1 : quality / 4
}

/**
 * @param weighted - Σ rarity · field · quality
 * @param covered - Σ coverage over the words found in the title
 * @param titleWords - different words of the title
 * @param rarities - Σ rarity over all words of the query
 */
export function scoreOf(weighted: number, covered: number, titleWords: number, rarities: number): number {
	if (rarities === 0) return 0
	const share = titleWords === 0 ? 0 : Math.min(1, covered / titleWords)
	return (weighted / rarities + COMPLETENESS * share) / (1 + COMPLETENESS)
}

/** Score of a document whose publisher's record has expired. */
export function quietScore(score: number): number {
	return score * QUIET
}

/** What is known of a named thing (an artist, an album, a publisher) and of the query, for placing it in its section. */
export interface NameMatch {
	/** Words of the query that the thing has. */
	readonly matched: number
	/** Part of the name's own words that the query has, 0 to 1. */
	readonly share: number
}

/**
 * @param name - words of the name
 * @param beside - words that count for the query, not for the name: the artists of an album
 * @param meaning - for each word of the index that the query can mean, the words of the query as bits
 * @param words - number of words in the query
 * @returns undefined when the thing is not what was asked for: neither has it all words, nor is half its name said
 */
export function matchName(
	name: readonly string[],
	beside: readonly string[],
	meaning: ReadonlyMap<string, number>,
	words: number
): NameMatch | undefined {
	let bits = 0
	let said = 0
	for (const word of name) {
		const meant = meaning.get(word)
		if (meant === undefined) continue
		said++
		bits |= meant
	}
	const share = name.length === 0 ? 0 : said / name.length
	for (const word of beside) bits |= meaning.get(word) ?? 0
	let matched = 0
	for (let rest = bits; rest !== 0; rest &= rest - 1) matched++
	return matched === words || share >= 0.5 ? { matched, share } : undefined
}

/** Best first. */
export function compareNames(a: NameMatch, b: NameMatch): number {
	return b.matched - a.matched || b.share - a.share
}
