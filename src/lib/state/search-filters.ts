import { HIGH_BITRATE, MEDIUM_BITRATE, type Quality } from '$lib/catalog/query/quality'
import type { QueryFilters } from '$lib/catalog/query/query'

/* Choosing filters by facets. A facet's value is on when the filters ask for it; pressing it again takes it away. */

/** Facets of which several values may be chosen: any one of them must hold. */
export type ListFacet = 'genres' | 'formats' | 'licences' | 'publishers'

export function isChosen(filters: QueryFilters, facet: ListFacet, value: string): boolean {
	return (filters[facet] as readonly string[] | undefined)?.includes(value) ?? false
}

export function toggleValue(filters: QueryFilters, facet: ListFacet, value: string): QueryFilters {
	const before = filters[facet] ?? []
	const after = before.includes(value) ? before.filter((one) => one !== value) : [...before, value]
	return after.length === 0 ? without(filters, facet) : { ...filters, [facet]: after }
}

export function toggleFlag(filters: QueryFilters, flag: 'available' | 'kept'): QueryFilters {
	return filters[flag] === true ? without(filters, flag) : { ...filters, [flag]: true }
}

/** One decade at a time, as the filter is one span of years. */
export function isDecade(filters: QueryFilters, decade: number): boolean {
	return filters.years?.from === decade && filters.years.to === decade + 9
}

export function toggleDecade(filters: QueryFilters, decade: number): QueryFilters {
	if (isDecade(filters, decade)) return without(filters, 'years')
	return { ...filters, years: { from: decade, to: decade + 9 } }
}

const BITRATES: Readonly<Record<Exclude<Quality, 'lossless'>, NonNullable<QueryFilters['bitrate']>>> = {
	high: { from: HIGH_BITRATE },
	medium: { from: MEDIUM_BITRATE, to: HIGH_BITRATE - 1 },
	low: { from: 1, to: MEDIUM_BITRATE - 1 }
}

/** The step of quality that the filters ask for. */
export function qualityOfFilters({ lossless, bitrate }: QueryFilters): Quality | undefined {
	if (lossless === true && bitrate === undefined) return 'lossless'
	if (lossless !== false || bitrate === undefined) return undefined
	return (['high', 'medium', 'low'] as const).find(
		(quality) => BITRATES[quality].from === bitrate.from && BITRATES[quality].to === bitrate.to
	)
}

export function toggleQuality(filters: QueryFilters, quality: Quality): QueryFilters {
	const others = without(without(filters, 'lossless'), 'bitrate')
	if (qualityOfFilters(filters) === quality) return others
	if (quality === 'lossless') return { ...others, lossless: true }
	return { ...others, lossless: false, bitrate: BITRATES[quality] }
}

/** The filters without one of them. */
export function without(filters: QueryFilters, key: keyof QueryFilters): QueryFilters {
	return Object.fromEntries(Object.entries(filters).filter(([name]) => name !== key))
}
