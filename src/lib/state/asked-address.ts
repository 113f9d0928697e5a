import type { Wish } from '$lib/catalog/catalog'
import { formatFilters } from '$lib/catalog/query/format-filters'
import { readQuery } from '$lib/catalog/query/read-query'
import { escaped, hashQuery } from './page-address'
import { SORTS, type Asked } from './search.svelte'

/** Page of the results for these words, with what was chosen beside them. */
export function askedHref({ text, filters, sort }: Asked): string {
	const pairs = [
		['q', text],
		['f', formatFilters(filters)],
		['s', sort === 'relevance' ? '' : sort]
	] as const
	const query = pairs.flatMap(([name, value]) => (value === '' ? [] : `${name}=${escaped(value)}`))
	return query.length === 0 ? '#/search' : `#/search?${query.join('&')}`
}

/** Reads what {@link askedHref} wrote. */
export function askedOf(hash: string): Asked {
	const sort = hashQuery(hash, 's')
	return {
		text: hashQuery(hash, 'q') ?? '',
		filters: readQuery(`${hashQuery(hash, 'f') ?? ''} `).filters,
		sort: SORTS.find((one) => one === sort) ?? 'relevance'
	}
}

/** The standing search for just this, in whatever order; undefined when there is none. */
export function wishFor(wishes: readonly Wish[], { text, filters }: Omit<Asked, 'sort'>): Wish | undefined {
	const wanted = formatFilters(filters)
	return wishes.find((wish) => wish.text === text.trim() && formatFilters(wish.filters ?? {}) === wanted)
}
