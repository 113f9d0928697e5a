import type { SearchQuery } from '../../src/lib/catalog/catalog'
import type { BenchQuery } from './queries'

/** As a person gives it to our search. */
export function asSearch({ words, phrase, filters }: BenchQuery): SearchQuery {
	return {
		text: phrase ? `"${words.join(' ')}"` : words.join(' '),
		limit: 50,
		...(filters && {
			kinds: [filters.kind],
			filters: {
				kinds: [filters.kind],
				genres: [filters.genre.toLowerCase()],
				years: { from: filters.from, to: filters.to },
				bitrate: { from: filters.bitrate }
			}
		})
	}
}
