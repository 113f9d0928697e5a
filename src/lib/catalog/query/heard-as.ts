import { foldQuery, foldWords } from '../index/text-folding'
import type { ScorePart } from '../catalog'
import type { EntryRow } from '../row'
import { FIELD_NAMES, FILTER_NAMES } from './names'
import { tokens } from './tokens'

const NAMES: ReadonlySet<string> = new Set([...FIELD_NAMES.keys(), ...FILTER_NAMES.keys()])

/**
 * What was typed, with the words that were mended as the row writes them.
 * @param why - how the row was found
 * @returns undefined when nothing was mended
 */
export function heardAs(text: string, why: readonly ScorePart[], row: EntryRow): string | undefined {
	const mended = new Map<string, string>()
	for (const { word } of why) {
		if (word === undefined || word.how === 'exact' || word.how === 'prefix') continue
		const written = word.found
			.split(' ')
			.map((one) => asWritten(one, row))
			.join(' ')
		mended.set(word.typed.replaceAll(' ', ''), written)
	}
	return mended.size === 0 ? undefined : withWords(text, mended)
}

/** The query with other words, by what they fold to. Two words that were typed apart may be replaced as one. */
export function withWords(text: string, words: ReadonlyMap<string, string>): string {
	const found = tokens(text, NAMES)
	const pieces: string[] = []
	for (let at = 0; at < found.length; at++) {
		const token = found[at]
		const next = found[at + 1]
		if (token === undefined || token.not || token.kind === 'phrase' || (token.kind === 'field' && token.quoted)) {
			if (token) pieces.push(token.typed)
			continue
		}
		const both =
			next?.kind === 'word' && !next.not ? words.get(foldQuery(token.text + next.text).join('')) : undefined
		if (both !== undefined && token.kind === 'word' && !words.has(foldQuery(token.text).join(''))) {
			pieces.push(both)
			at++
			continue
		}
		const folded = foldQuery(token.text)
		const before = token.typed.slice(0, token.typed.length - token.text.length)
		pieces.push(
			folded.some((word) => words.has(word))
				? before + folded.map((word) => words.get(word) ?? word).join(' ')
				: token.typed
		)
	}
	return pieces.join(' ')
}

/** The first word of the row that folds to this one; the folded word where it is in none of the texts that are shown. */
function asWritten(word: string, row: EntryRow): string {
	const texts = [row.title, ...row.artists, row.album ?? '', ...row.albumArtists, ...row.genres, row.publisherName]
	for (const text of texts) {
		for (const piece of text.split(/[^\p{L}\p{N}\p{M}'\u2019]+/u)) {
			const folded = foldWords(piece)
			if (folded.length === 1 && folded[0] === word) return piece
		}
	}
	return word
}
