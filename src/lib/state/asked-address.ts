import { readQuery } from '$lib/catalog/query/read-query'
import { hashQuery } from './page-address'
import { SORTS, type Asked } from './search.svelte'

/** Reads what `searchHref` wrote. */
export function askedOf(hash: string): Asked {
	const sort = hashQuery(hash, 's')
	return {
		text: hashQuery(hash, 'q') ?? '',
		filters: readQuery(`${hashQuery(hash, 'f') ?? ''} `).filters,
		sort: SORTS.find((one) => one === sort) ?? 'relevance'
	}
}
