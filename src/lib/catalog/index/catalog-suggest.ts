import type { Suggestion } from '../catalog'
import { readQuery } from '../query/read-query'
import type { CatalogNames } from './catalog-names'
import type { Holdings } from './holdings'
import type { SearchIndex } from './search-index'
import { foldWords } from './text-folding'

const DEFAULT_LIMIT = 6
const MAX_LIMIT = 20
/** Suggestions of each kind, at most. */
const OF_A_KIND = 3

/** What completions come from. */
export interface SuggestedFrom {
	readonly holdings: Holdings
	readonly entries: SearchIndex
	readonly names: CatalogNames
}

/** Whole names that have the words so far, and longer words in place of the last one. */
export async function suggestFrom(
	{ holdings, entries, names }: SuggestedFrom,
	text: string,
	limit = DEFAULT_LIMIT,
	signal?: AbortSignal
): Promise<Suggestion[]> {
	const wanted = Math.min(MAX_LIMIT, limit)
	const { words, phrases } = readQuery(text)
	const last = words.at(-1)
	if (last === undefined || last.field !== undefined || phrases.length > 0 || wanted <= 0) return []
	const query = { words, limit: OF_A_KIND, forgiving: false }
	const [artists, albums, completions] = await Promise.all([
		names.artistsNamed(query),
		names.albumsNamed({ ...query, words: words.map((word) => ({ ...word, field: 'title' as const })) }),
		last.open ? entries.complete(last.word, wanted + 1, signal) : []
	])
	signal?.throwIfAborted()
	const before = text.slice(0, text.length - lastPiece(text).length)
	const publishers = [...holdings.publishers()]
		.filter(({ words: own }) =>
			words.every(({ word, open }) => own.some((one) => (open ? one.startsWith(word) : one === word)))
		)
		.sort((a, b) => b.record.entries - a.record.entries)
	const found: Suggestion[] = [
		...artists.map(({ artist, tracks }): Suggestion => ({ kind: 'artist', text: artist, entries: tracks })),
		...albums.map(({ album, tracks }): Suggestion => ({ kind: 'album', text: album, entries: tracks })),
		...publishers
			.slice(0, 1)
			.map(({ record }): Suggestion => ({ kind: 'publisher', text: record.displayName, entries: record.entries })),
		...completions
			.filter(({ word }) => word !== last.word)
			.map(({ word, documents }): Suggestion => ({ kind: 'query', text: `${before}${word}`, entries: documents }))
	]
	const seen = new Set([foldWords(text).join(' ')])
	return found
		.filter((suggestion) => {
			const key = foldWords(suggestion.text).join(' ')
			if (seen.has(key)) return false
			seen.add(key)
			return true
		})
		.slice(0, wanted)
}

/** What stands behind the last space. */
const lastPiece = (text: string) => /\S*$/u.exec(text)?.[0] ?? ''
