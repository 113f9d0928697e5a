import type { QueryFilters, Span } from '../query/query'
import { KINDS } from './document-kinds'
import { fingerprint } from './fingerprint'
import type { DocumentFilters } from './search-index'

/** What filters are put into numbers by. */
export interface FilterNumbers {
	readonly publisher: (name: string) => number | undefined
	/** Of the fingerprints. */
	readonly seed: number
}

/** All that both demand; undefined when nothing can meet both. */
export function bothFilters(a: QueryFilters, b: QueryFilters): QueryFilters | undefined {
	const both: Record<string, unknown> = { ...a }
	for (const [name, value] of Object.entries(b) as [keyof QueryFilters, unknown][]) {
		if (value === undefined) continue
		const held = both[name]
		const met = held === undefined ? value : meet(held, value)
		if (met === undefined) return undefined
		both[name] = met
	}
	return both
}

/** @returns undefined when a list names nothing that is known here: nothing can be found by it */
export function filterNumbers(filters: QueryFilters, numbers: FilterNumbers): DocumentFilters | undefined {
	const { kinds, publishers, cids, ...rest } = filters
	const lists = {
		kinds: kinds?.map((kind) => (KINDS as readonly string[]).indexOf(kind)).filter((kind) => kind !== -1),
		publishers: publishers?.flatMap((name) => numbers.publisher(name) ?? []),
		files: cids?.map((cid) => fingerprint(cid, numbers.seed))
	}
	if (lists.kinds?.length === 0 && kinds?.length !== 0) return undefined
	if (lists.publishers?.length === 0 && publishers?.length !== 0) return undefined
	const given = [...Object.entries(rest), ...Object.entries(lists)].filter(
		([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)
	)
	return Object.fromEntries(given) as DocumentFilters
}

function meet(a: unknown, b: unknown): unknown {
	if (Array.isArray(a) && Array.isArray(b)) {
		const [one, other] = [a as readonly unknown[], b as readonly unknown[]]
		if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one
		const both = one.filter((value) => other.includes(value))
		return both.length === 0 ? undefined : both
	}
	if (typeof a === 'object' && typeof b === 'object') return spanOfBoth(a as Span, b as Span)
	return a === b ? a : undefined
}

function spanOfBoth(a: Span, b: Span): Span | undefined {
	const from = Math.max(a.from ?? -Infinity, b.from ?? -Infinity)
	const to = Math.min(a.to ?? Infinity, b.to ?? Infinity)
	if (from > to) return undefined
	return { ...(from === -Infinity ? {} : { from }), ...(to === Infinity ? {} : { to }) }
}
