import type { EntryRow } from '../row'
import type { FieldWords, Reading } from './search-index'
import { foldWords } from './text-folding'

/** More words of one field are not indexed: they would be noise, or an attempt to be found by everything. */
const MAX_WORDS_PER_FIELD = 64

/** Folded texts kept while indexing: artists and albums come again and again. */
const MAX_REMEMBERED = 4096

export type Fold = (text: string) => readonly string[]

/** {@link foldWords} that remembers; for many rows in a row. */
export function rememberingFold(): Fold {
	const folded = new Map<string, readonly string[]>()
	return (text) => {
		let words = folded.get(text)
		if (words === undefined) {
			if (folded.size >= MAX_REMEMBERED) folded.clear()
			folded.set(text, (words = foldWords(text)))
		}
		return words
	}
}

/** The words by which a row is found, by field. The publisher's name is not among them: it belongs to all its rows. */
export function fieldWords(row: EntryRow, fold: Fold = foldWords): FieldWords {
	return [
		gather([row.title], foldWords),
		gather([...row.artists, ...row.albumArtists], fold),
		gather([row.album ?? ''], fold),
		gather([...row.genres, ...(row.composers ?? []), row.label ?? '', ...pathParts(row.k)], fold)
	]
}

/**
 * Which words of the index a document was found by, and how far they are from what was typed.
 * @param words - all words of the document, its publisher's name included
 */
export function explain(
	words: ReadonlySet<string>,
	readings: readonly (readonly Reading[])[]
): { words: string[]; edits: number; readings: (Reading | undefined)[] } {
	const found = readings.map((word) => word.find((reading) => words.has(reading.word)))
	return {
		words: [...new Set(found.flatMap((reading) => (reading === undefined ? [] : [reading.word])))],
		edits: found.reduce((edits, reading) => edits + (reading?.edits ?? 0), 0),
		readings: found
	}
}

function gather(texts: readonly string[], fold: Fold): string[] {
	const words = new Set<string>()
	for (const text of texts) {
		for (const word of fold(text)) {
			if (words.size >= MAX_WORDS_PER_FIELD) return [...words]
			words.add(word)
		}
	}
	return [...words]
}

/** Folders one by one, as they repeat from row to row, and the name of the file without its extension. */
function pathParts(path: string): string[] {
	return path.replace(/\.[^./]{1,8}$/u, '').split('/')
}
