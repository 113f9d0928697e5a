import type { EntryRow } from '../row'
import type { QueryWord, Reading } from './search-index'
import { endsInsideWord, foldQuery, foldWords, isUnspaced } from './text-folding'

/** Further words of a query are not looked at. */
const MAX_QUERY_WORDS = 16
const MAX_QUERY_LENGTH = 1000

/** The words of what was typed, each once. The last is open as long as no space follows it. */
export function readQuery(text: string): QueryWord[] {
	const typed = text.slice(0, MAX_QUERY_LENGTH).trimStart()
	const folded = foldQuery(typed)
	const last = endsInsideWord(typed) ? folded.at(-1) : undefined
	return [...new Set(folded)].slice(0, MAX_QUERY_WORDS).map((word) => ({
		word,
		// A single letter of an unspaced script is indexed as the beginning of pairs.
		open: word === last || (isUnspaced(word) && Array.from(word).length === 1)
	}))
}

/**
 * What was typed, with the words that were mended as the row writes them.
 * @param readings - by word of the query, what the row was found by
 * @returns undefined when nothing was mended
 */
export function heardAs(
	text: string,
	words: readonly QueryWord[],
	readings: readonly (Reading | undefined)[],
	row: EntryRow
): string | undefined {
	const mended = new Map<string, string>()
	words.forEach(({ word }, at) => {
		const reading = readings[at]
		if (reading !== undefined && reading.edits > 0) mended.set(word, asWritten(reading.word, row))
	})
	if (mended.size === 0) return undefined
	return text
		.trim()
		.split(/\s+/u)
		.map((piece) => {
			const folded = foldQuery(piece)
			return folded.some((word) => mended.has(word))
				? folded.map((word) => mended.get(word) ?? word).join(' ')
				: piece
		})
		.join(' ')
}

/** The first word of the row that folds to this one; the folded word where it is in none of the texts that are shown. */
function asWritten(word: string, row: EntryRow): string {
	const texts = [row.title, ...row.artists, row.album ?? '', ...row.albumArtists, ...row.genres, row.publisherName]
	for (const text of texts) {
		for (const piece of text.split(/[^\p{L}\p{N}\p{M}'’]+/u)) {
			const folded = foldWords(piece)
			if (folded.length === 1 && folded[0] === word) return piece
		}
	}
	return word
}
