/**
 * How results are ordered: the one place that says so. The score of an entry is the plain sum of its parts, in points:
 *
 * | part         | points                                                                                              |
 * | ------------ | --------------------------------------------------------------------------------------------------- |
 * | word         | for each word of the query: 50 · *rarity* · *field* · *quality*, rarities adding up to 1            |
 * | completeness | 50 · the part of the title, or 0.95 · that of the artist's name, that the query says ({@link coverage}) |
 * | publisher    | 4 for one who is followed; -10 to 10 as the person gave; quiet -200; demoted -1000                   |
 * | availability | 3 kept here, else 1 when its publisher can be reached                                               |
 * | quality      | 1 lossless, 0.5 from 256 kbit/s, -0.5 below 128 kbit/s                                              |
 * | popularity   | log2(1 + times played here) / 2, 3 at most                                                          |
 *
 * *Rarity* says how much a word tells: of "the sea" it is the sea. *Field*: the weight of the best field that has it.
 * *Quality*: 1 for the very word, less for one written with or without a space, a longer one, and one with a typo; in
 * this order, so that a typo never comes before the same entry with the word as typed. *Completeness* is as much as all
 * words: who types "queen" wants what is called Queen and what is by Queen before what has a queen in its title.
 *
 * A title that is typed in full has 100 points, so scores of different queries can be compared. What is known of
 * publisher, file and listener decides among entries that match about as well, and does not bring up what matches badly.
 * Only two go the other way: a publisher whose record has expired comes after all who can be heard, one whom the person
 * demoted after all others. At equal scores what came first in its publication comes first.
 */

import { TEXT_FIELDS, type TextField } from '../query/query'
import type { Quality } from '../query/quality'

const WORD_POINTS = 50
export const MOST_COMPLETENESS_POINTS = 50
/** What an artist's name that is said in full counts for, beside a title. */
const NAMED_ARTIST = 0.95

const WEIGHTS: Readonly<Record<TextField, number>> = {
	title: 1,
	artists: 0.8,
	album: 0.5,
	composers: 0.5,
	genres: 0.3,
	label: 0.25,
	publisher: 0.25,
	path: 0.2,
	description: 0.15
}

/** In the order of {@link TEXT_FIELDS}. Of several fields that have a word the one with the greatest weight counts. */
export const FIELD_WEIGHTS: readonly number[] = TEXT_FIELDS.map((field) => WEIGHTS[field])

/** Two words written as one, or one as two. */
export const SPACE_QUALITY = 0.8

/** @param weighted - rarity · field · quality of one word, or their sum @param rarities - sum over all words of the query */
export function wordPoints(weighted: number, rarities: number): number {
	return rarities === 0 ? 0 : (WORD_POINTS * weighted) / rarities
}

/**
 * @param inTitle - Σ {@link coverage} over the words of the query that the title has; `inArtists` likewise
 * @param titleWords - how many there are to say (`wordsToSay`); 0 when not known
 */
export function completenessPoints(
	inTitle: number,
	titleWords: number,
	inArtists: number,
	artistWords: number
): number {
	const title = titleWords === 0 ? 0 : Math.min(1, inTitle / titleWords)
	const artist = artistWords === 0 ? 0 : Math.min(1, inArtists / artistWords)
	return MOST_COMPLETENESS_POINTS * Math.max(title, NAMED_ARTIST * artist)
}

/** Of a publisher whose record has expired. */
export const QUIET_POINTS = -200

/** As in `ListenerFacts`. */
export function publisherPoints({
	points = 0,
	followed,
	demoted
}: {
	readonly points?: number
	readonly followed?: boolean
	readonly demoted?: boolean
}): number {
	return Math.max(-10, Math.min(10, points)) + (followed ? 4 : 0) + (demoted ? -1000 : 0)
}

export function availabilityPoints(kept: boolean, online: boolean): number {
	if (kept) return 3
	return online ? 1 : 0
}

export function soundPoints(quality: Quality | undefined): number {
	switch (quality) {
		case 'lossless':
			return 1
		case 'high':
			return 0.5
		case 'low':
			return -0.5
		default:
			return 0
	}
}

export const MOST_POPULARITY_POINTS = 3

export function popularityPoints(plays: number): number {
	return Math.min(MOST_POPULARITY_POINTS, Math.log2(1 + plays) / 2)
}

const PREFIX_LEAST = 0.3
const PREFIX_MOST = 0.35

/** The very word counts 1; any longer word less than that. */
export function prefixQuality(typed: string, word: string): number {
	return prefixQualityOf(typed.length, word.length)
}

/** {@link prefixQuality} of words that are so long. */
export function prefixQualityOf(typed: number, word: number): number {
	return PREFIX_LEAST + PREFIX_MOST * (typed / word)
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

/** What is left of the rarity of a word that need not be there: "the" says little, however few write it. */
export const OPTIONAL_RARITY = 0.25

/**
 * What a word found in a name counts for in saying it: all of it when it is the very word, nearly so when only a space
 * differs, less when it is longer than what was typed, least when it was misspelt.
 * @param quality - of the reading: 1, {@link SPACE_QUALITY}, {@link prefixQuality} or {@link typoQuality}
 */
export function coverage(quality: number): number {
	if (quality === 1) return 1
	if (quality >= SPACE_QUALITY) return 0.9
	if (quality > PREFIX_LEAST) return 0.35 + (0.25 * (quality - PREFIX_LEAST)) / PREFIX_MOST
	return quality + 0.05
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
