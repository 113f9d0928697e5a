import MiniSearch, { type Query, type SearchOptions } from 'minisearch'
import type { EntryRow } from '../../../src/lib/catalog/row'
import { serveRival } from './serve'
import { rowsOf } from './rows'

/** MiniSearch as its documentation proposes it: fields with boosts, kept in memory. Rows stay in memory too, cut to what is shown. */
const index = new MiniSearch<EntryRow & { readonly number: number }>({
	idField: 'number',
	fields: ['title', 'artists', 'album', 'genres', 'publisherName', 'comment'],
	storeFields: [],
	extractField: (row, name) => {
		const value: unknown = row[name as keyof EntryRow]
		return Array.isArray(value) ? value.join(' ') : ((value ?? '') as string)
	}
})
/** By number. */
const shown: (Pick<EntryRow, 'title' | 'artists' | 'kind' | 'genres' | 'bitrate'> & { readonly year: number })[] =
	[]
const numbers = new Map<string, number[]>()
const OPTIONS: SearchOptions = {
	combineWith: 'AND',
	boost: { title: 4, artists: 3, album: 2 },
	prefix: (_term, at, terms) => at === terms.length - 1
}

serveRival({
	async open() {
		// Nothing is stored.
	},
	async add(bytes) {
		for (const row of rowsOf(bytes)) {
			const number = shown.length
			const { title, artists, kind, genres, bitrate = 0, date = '' } = row
			shown.push({ title, artists, kind, genres, bitrate, year: Number(date.slice(0, 4)) })
			index.add({ ...row, number })
			const of = numbers.get(row.publisher) ?? []
			of.push(number)
			numbers.set(row.publisher, of)
		}
	},
	async search({ words, phrase, of, filters }) {
		// It knows no phrases: all words must be there, in any order.
		const query: Query = words.join(' ')
		const found = index.search(query, {
			...OPTIONS,
			...(phrase && { prefix: false }),
			// As many edits as ours allows; it would slow the other queries down, which find without.
			...(of === 'typo' && { fuzzy: (term: string) => (term.length >= 8 ? 2 : term.length >= 4 ? 1 : 0) }),
			...(filters && {
				filter: ({ id }) => {
					const row = shown[id as number]
					return (
						row?.kind === filters.kind &&
						row.genres.includes(filters.genre) &&
						row.year >= filters.from &&
						row.year <= filters.to &&
						(row.bitrate ?? 0) >= filters.bitrate
					)
				}
			})
		})
		const hits = found.slice(0, 50).flatMap(({ id }) => shown[id as number] ?? [])
		return { total: found.length, hits: hits.slice(0, 10).map(({ title, artists }) => ({ title, artists })) }
	},
	async remove(publisher) {
		index.discardAll(numbers.get(publisher) ?? [])
		numbers.delete(publisher)
	}
})
