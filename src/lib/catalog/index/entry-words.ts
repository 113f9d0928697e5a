import type { EntryRow } from '../row'
import type { FieldWords } from './search-index'
import { alternateWords, foldWords, isArticle, isConjunction } from './text-folding'

/** More words of one field are not indexed: they would be noise, or an attempt to be found by everything. */
const MAX_WORDS_PER_FIELD = 64
const MAX_WORDS_OF_DESCRIPTION = 128

/** Folded texts kept while indexing: artists and albums come again and again. */
const MAX_REMEMBERED = 4096

/** A text as words in reading order, and other ways to write some of them. */
interface Folded {
	readonly words: readonly string[]
	readonly alternates: readonly string[]
}

export type Fold = (text: string) => Folded

const foldOnce: Fold = (text) => ({ words: foldWords(text), alternates: alternateWords(text) })

/** A fold that remembers; for many rows in a row. */
export function rememberingFold(): Fold {
	const remembered = new Map<string, Folded>()
	return (text) => {
		let folded = remembered.get(text)
		if (folded === undefined) {
			if (remembered.size >= MAX_REMEMBERED) remembered.clear()
			remembered.set(text, (folded = foldOnce(text)))
		}
		return folded
	}
}

/**
 * The words by which a row is found, by field: in reading order, an empty word between two texts. Other ways to write a
 * word ({@link alternateWords}) come at the end. The publisher's name is not among them: it belongs to all its rows.
 */
export function fieldWords(row: EntryRow, fold: Fold = foldOnce): FieldWords {
	const { artists, albumArtists, album, label, k, comment } = row
	const slash = k.lastIndexOf('/')
	const path: string[] = []
	if (slash > 0)
		for (const folder of k.slice(0, slash).split('/')) append(path, fold(folder).words, MAX_WORDS_PER_FIELD)
	append(path, foldWords(withoutExtension(k.slice(slash + 1))), MAX_WORDS_PER_FIELD)
	return [
		gatherOne(foldOnce(row.title)),
		gather(
			albumArtists.length === 0 ? artists : [...artists, ...albumArtists.filter((one) => !artists.includes(one))],
			fold
		),
		album === undefined ? EMPTY : gatherOne(fold(album)),
		row.composers === undefined ? EMPTY : gather(row.composers, fold),
		gather(row.genres, fold),
		label === undefined ? EMPTY : gatherOne(fold(label)),
		EMPTY,
		path,
		comment === undefined ? EMPTY : foldWords(comment).slice(0, MAX_WORDS_OF_DESCRIPTION)
	]
}

const EMPTY: readonly string[] = []

/** The words of a name that belongs to many rows (a publisher, an artist, an album): as one field of {@link fieldWords}. */
export function nameWords(name: string): readonly string[] {
	return gatherOne(foldOnce(name))
}

/**
 * How many words a query must have to say all of a name: those of the field's first text, each once; a leading article
 * and what joins two names need not be said. 0 for no words.
 */
export function wordsToSay(field: readonly string[]): number {
	const gap = field.indexOf('')
	const first = gap === -1 ? field : field.slice(0, gap)
	let said = 0
	for (let at = 0; at < first.length; at++) {
		const word = first[at] ?? ''
		if (at === 0 && isArticle(word)) continue
		if (at > 0 && at < first.length - 1 && isConjunction(word)) continue
		if (first.indexOf(word) === at || (first.indexOf(word) === 0 && isArticle(word))) said++
	}
	return said === 0 && first.length > 0 ? 1 : said
}

function gather(texts: readonly string[], fold: Fold): readonly string[] {
	const words: string[] = []
	for (const text of texts) append(words, fold(text).words, MAX_WORDS_PER_FIELD)
	for (const text of texts) for (const word of fold(text).alternates) append(words, [word], MAX_WORDS_PER_FIELD)
	return words
}

function gatherOne({ words, alternates }: Folded): readonly string[] {
	if (alternates.length === 0 && words.length <= MAX_WORDS_PER_FIELD) return words
	const all = words.slice(0, MAX_WORDS_PER_FIELD)
	for (const word of alternates) append(all, [word], MAX_WORDS_PER_FIELD)
	return all
}

/** Adds a text behind a gap. */
function append(words: string[], text: readonly string[], most: number): void {
	if (text.length === 0 || words.length >= most) return
	if (words.length > 0) words.push('')
	for (let at = 0; at < text.length && words.length < most; at++) words.push(text[at] ?? '')
}

const withoutExtension = (name: string): string => {
	const dot = name.lastIndexOf('.')
	return dot > 0 && name.length - dot <= 9 ? name.slice(0, dot) : name
}
