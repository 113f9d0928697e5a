import { TEXT_FIELDS, type QueryPhrase, type QueryWord, type Span, type TextField } from '../query/query'
import type { DocumentFilters, FieldWords, IndexDocument, IndexQuery } from './search-index'

/**
 * Whether one document matches a query, words as they are typed (nothing is mended): what {@link SearchIndex.search} finds
 * when it is not forgiving. For standing searches, which look at each entry as it comes.
 * @param name - words of its publisher's name
 * @param playable - whether it is available, and whether it is kept here
 */
export function matchesDocument(
	query: Pick<IndexQuery, 'words' | 'phrases' | 'notWords' | 'notPhrases' | 'filters' | 'notFilters'>,
	{ words, facts }: IndexDocument,
	name: readonly string[],
	playable: { readonly available: boolean; readonly kept: boolean } = { available: false, kept: false }
): boolean {
	const fields = words.map((field, place) => (TEXT_FIELDS[place] === 'publisher' ? name : field))
	return (
		query.words.every((word) => word.optional === true || hasWord(fields, word)) &&
		(query.phrases ?? []).every((phrase) => hasPhrase(fields, phrase)) &&
		!(query.notWords ?? []).some((word) => hasWord(fields, word)) &&
		!(query.notPhrases ?? []).some((phrase) => hasPhrase(fields, phrase)) &&
		holds(query.filters ?? {}, facts, playable).every((one) => one) &&
		!holds(query.notFilters ?? {}, facts, playable).some((one) => one)
	)
}

const chosen = (fields: FieldWords, field: TextField | undefined) =>
	field === undefined ? fields : [fields[TEXT_FIELDS.indexOf(field)] ?? []]

function hasWord(fields: FieldWords, { word, open, field }: QueryWord): boolean {
	return chosen(fields, field).some((words) =>
		words.some((found) => found === word || (open && found.startsWith(word)))
	)
}

function hasPhrase(fields: FieldWords, { words: phrase, field }: QueryPhrase): boolean {
	return chosen(fields, field).some((words) =>
		words.some((_, start) => phrase.every((word, at) => words[start + at] === word))
	)
}

/** For each filter that is given, whether it holds. */
function holds(
	filters: DocumentFilters,
	facts: IndexDocument['facts'],
	{ available, kept }: { readonly available: boolean; readonly kept: boolean }
): boolean[] {
	const among = <Value>(wanted: readonly Value[] | undefined, ...values: readonly Value[]) =>
		wanted === undefined ? [] : [values.some((value) => wanted.includes(value))]
	const within = (span: Span | undefined, value: number) =>
		span === undefined ? [] : [value > 0 && value >= (span.from ?? 0) && value <= (span.to ?? Infinity)]
	return [
		...among(filters.kinds, facts.kind),
		...among(filters.genres, ...facts.genres),
		...within(filters.years, facts.year),
		...within(filters.bitrate, facts.bitrate),
		...within(filters.durationMs, facts.durationMs),
		...(filters.lossless === undefined ? [] : [(facts.lossless === true) === filters.lossless]),
		...among(filters.formats, facts.format),
		...among(filters.licences, facts.licence),
		...among(filters.publishers, facts.publisher),
		...(filters.available === undefined ? [] : [(available || kept) === filters.available]),
		...(filters.kept === undefined ? [] : [kept === filters.kept]),
		...among(filters.mbids, ...facts.mbids),
		...among(filters.files, facts.file)
	]
}
