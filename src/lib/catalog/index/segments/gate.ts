import type { Span } from '../../query/query'
import type { DocumentFilters } from '../search-index'
import { KIND_MASK, LICENCES, LICENCE_SHIFT, LOSSLESS, LOSSLESS_SHIFT } from './columns'
import { ID_MARK } from './id-mark'
import type { PageSet } from './page-cache'
import { visitWord, type Part } from './part-words'
import { MASK_BITS } from './postings'
import { documentsWith, lowerHalves, type PartStanding } from './standing'

/** What kept a document out, as bits: facets count what nothing but their own group keeps out. */
export const KINDS_GROUP = 1
export const GENRES_GROUP = 2
export const YEARS_GROUP = 4
export const FORMATS_GROUP = 8
export const QUALITIES_GROUP = 16
export const LICENCES_GROUP = 32
export const PUBLISHERS_GROUP = 64
export const AVAILABLE_GROUP = 128
export const KEPT_GROUP = 256
export const OTHER_GROUP = 512

type Column = Uint8Array | Uint16Array | Uint32Array

/** One filter: what a document must have in a column, or what must be said of it. */
type Test = { readonly group: number; readonly not: boolean } & (
	| { readonly column: Column; readonly shift: number; readonly mask: number; readonly allowed: Uint8Array }
	| { readonly column: Column; readonly least: number; readonly most: number }
	| { readonly holds: (local: number) => boolean }
)
/** A {@link Test} whose group is not settled yet. */
type Check = Test extends infer One ? (One extends Test ? Omit<One, 'not'> : never) : never

/** Filters as one part of the index has them. */
export class Gate {
	readonly #tests: readonly Test[]

	/** @param not - filters of which none may hold */
	constructor(part: Part, filters: DocumentFilters, not: DocumentFilters, standing: PartStanding, pages: PageSet) {
		this.#tests = [
			...checksOf(part, filters, standing, pages).map((check) => ({ ...check, not: false })),
			...checksOf(part, not, standing, pages).map((check) => ({ ...check, not: true, group: OTHER_GROUP }))
		]
	}

	/** True when it lets everything pass. */
	get open(): boolean {
		return this.#tests.length === 0
	}

	/** Of each of these documents the groups of filters that it fails, as bits. */
	failedOf(locals: Uint32Array, count: number, failed: Uint16Array): void {
		failed.fill(0, 0, count)
		for (const test of this.#tests) {
			if ('allowed' in test) failTable(test, locals, count, failed)
			else if ('least' in test) failSpan(test, locals, count, failed)
			else {
				const { holds, not, group } = test
				for (let at = 0; at < count; at++)
					if (holds(locals[at] as number) === not) failed[at] = (failed[at] as number) | group
			}
		}
	}
}

function failTable(
	test: Extract<Test, { readonly allowed: Uint8Array }>,
	locals: Uint32Array,
	count: number,
	failed: Uint16Array
): void {
	const { column, shift, mask, allowed, group, not } = test
	const bits = Uint16Array.from(allowed, (one) => ((one === 1) === not ? group : 0))
	for (let at = 0; at < count; at++) {
		const value = ((column[locals[at] as number] as number) >> shift) & mask
		failed[at] = (failed[at] as number) | (bits[value] as number)
	}
}

function failSpan(
	test: Extract<Test, { readonly least: number }>,
	locals: Uint32Array,
	count: number,
	failed: Uint16Array
): void {
	const { column, least, most, group, not } = test
	for (let at = 0; at < count; at++) {
		const value = column[locals[at] as number] as number
		if ((value >= least && value <= most) === not) failed[at] = (failed[at] as number) | group
	}
}

function checksOf(part: Part, filters: DocumentFilters, standing: PartStanding, pages: PageSet): Check[] {
	const { columns } = part
	const checks: Check[] = []
	/** Of values by number, whether they are wanted. */
	const among = <Value>(values: readonly Value[], wanted: (value: Value) => boolean) =>
		Uint8Array.from(values, (value) => (wanted(value) ? 1 : 0))
	const table = (group: number, column: Column, allowed: Uint8Array, shift = 0, mask = 0xffff) =>
		checks.push({ group, column, allowed, shift, mask })
	const say = (group: number, one: (local: number) => boolean) => checks.push({ group, holds: one })

	const { kinds, genres, lossless, formats, licences, publishers, available, kept } = filters
	if (kinds !== undefined) {
		const allowed = Uint8Array.from({ length: KIND_MASK + 1 }, (_, kind) => (kinds.includes(kind) ? 1 : 0))
		table(KINDS_GROUP, columns.traits, allowed, 0, KIND_MASK)
	}
	if (genres !== undefined) {
		const names = among(columns.genreNames, (name) => genres.includes(name))
		const sets = among(columns.genreSets, (set) => set.some((place) => names[place] === 1))
		table(GENRES_GROUP, columns.genres, sets)
	}
	if (filters.years !== undefined) checks.push(span(YEARS_GROUP, columns.years, filters.years))
	if (filters.bitrate !== undefined) checks.push(span(QUALITIES_GROUP, columns.bitrates, filters.bitrate))
	if (filters.durationMs !== undefined) checks.push(span(OTHER_GROUP, columns.durations, filters.durationMs))
	if (lossless !== undefined) {
		const allowed = Uint8Array.from({ length: 4 }, (_, known) => ((known === LOSSLESS) === lossless ? 1 : 0))
		table(QUALITIES_GROUP, columns.traits, allowed, LOSSLESS_SHIFT, 3)
	}
	if (formats !== undefined) {
		table(
			FORMATS_GROUP,
			columns.formats,
			among(columns.formatNames, (name) => formats.includes(name))
		)
	}
	if (licences !== undefined) {
		const allowed = among(LICENCES, (licence) => licences.includes(licence))
		table(LICENCES_GROUP, columns.traits, allowed, LICENCE_SHIFT, 3)
	}
	if (publishers !== undefined) {
		const wanted = new Set(publishers)
		table(
			PUBLISHERS_GROUP,
			columns.publishers,
			among(columns.publisherNumbers, (number) => wanted.has(number))
		)
	}
	if (available !== undefined) {
		const of = columns.publishers
		say(AVAILABLE_GROUP, (local) => (standing.available[of[local] as number] === 1 || standing.kept.has(local)) === available) // prettier-ignore
	}
	if (kept !== undefined) say(KEPT_GROUP, (local) => standing.kept.has(local) === kept)
	if (filters.mbids !== undefined) {
		const having = new Uint8Array(part.count)
		for (const id of filters.mbids) {
			visitWord(part, ID_MARK + id, pages, (packed, count) => {
				for (let at = 0; at < count; at++) having[(packed[at] as number) >>> MASK_BITS] = 1
			})
		}
		say(OTHER_GROUP, (local) => having[local] === 1)
	}
	if (filters.files !== undefined) {
		const having = documentsWith(part, lowerHalves(filters.files))
		say(OTHER_GROUP, (local) => having.has(local))
	}
	return checks
}

/** What is not known lies in no span. */
function span(group: number, column: Column, { from = 1, to = Infinity }: Span): Check {
	return { group, column, least: Math.max(1, from), most: to }
}
