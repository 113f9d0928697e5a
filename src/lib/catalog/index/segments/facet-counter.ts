import type { LicenceClass } from '../../query/query'
import { decadeOf } from '../../query/entry-facts'
import { HIGH_BITRATE, MEDIUM_BITRATE, type Quality } from '../../query/quality'
import type { CountedValue, IndexFacets } from '../search-index'
import { KIND_MASK, LICENCES, LICENCE_SHIFT, LOSSLESS, LOSSLESS_SHIFT, type Columns } from './columns'
import * as groups from './gate'
import type { PartDocuments } from './part'
import type { PartStanding } from './standing'

const MAX_VALUES = 40
/** Years, genres and publishers of a part are numbered below this. */
const MAX_NUMBERS = 1 << 16
export const QUALITIES: readonly Quality[] = ['lossless', 'high', 'medium', 'low']

/** Place in {@link QUALITIES}; -1 when nothing says. */
export function qualityOf(traits: number, bitrate: number): number {
	if (((traits >> LOSSLESS_SHIFT) & 3) === LOSSLESS) return 0
	if (bitrate === 0) return -1
	if (bitrate >= HIGH_BITRATE) return 1
	return bitrate >= MEDIUM_BITRATE ? 2 : 3
}

export const qualityAt = ({ traits, bitrates }: Columns, local: number) =>
	qualityOf(traits[local] as number, bitrates[local] as number)

interface Facet {
	readonly group: number
	readonly counts: Map<unknown, number>
}

/** Counts the values of the documents of an answer. */
export class FacetCounter {
	readonly #kinds = facet(groups.KINDS_GROUP)
	readonly #genres = facet(groups.GENRES_GROUP)
	readonly #decades = facet(groups.YEARS_GROUP)
	readonly #formats = facet(groups.FORMATS_GROUP)
	readonly #qualities = facet(groups.QUALITIES_GROUP)
	readonly #licences = facet(groups.LICENCES_GROUP)
	readonly #publishers = facet(groups.PUBLISHERS_GROUP)
	readonly #available = facet(groups.AVAILABLE_GROUP)
	readonly #kept = facet(groups.KEPT_GROUP)

	/**
	 * Counts documents that play each something else.
	 * @param failed - groups of filters that each of them fails; undefined when there are no filters
	 */
	add(
		{ columns }: PartDocuments,
		{ available, kept }: PartStanding,
		locals: Uint32Array,
		count: number,
		failed: Uint16Array | undefined
	): void {
		const { traits, bitrates, years, formats, publishers } = columns
		const { formatNames, publisherNumbers, genreNames, genreSets } = columns
		const chosen = new Eligible(locals, count, failed)
		const counted = new Uint32Array(MAX_NUMBERS)
		/** Takes the counts over, and begins anew. */
		const settle = (size: number, visit: (number: number, times: number) => void) => {
			for (let number = 0; number < size; number++) {
				const times = counted[number] as number
				if (times === 0) continue
				visit(number, times)
				counted[number] = 0
			}
		}
		const countColumn = ({ group }: Facet, numbers: Uint8Array | Uint16Array, shift = 0, mask = 0xffff) => {
			chosen.choose(group)
			tally(chosen, numbers, shift, mask, counted)
		}
		countColumn(this.#kinds, traits, 0, KIND_MASK)
		settle(KIND_MASK + 1, (kind, times) => {
			increase(this.#kinds.counts, kind, times)
		})
		countColumn(this.#licences, traits, LICENCE_SHIFT, 3)
		settle(LICENCES.length, (licence, times) => {
			increase(this.#licences.counts, LICENCES[licence], times)
		})
		countColumn(this.#formats, formats)
		settle(formatNames.length, (format, times) => {
			if (format !== 0) increase(this.#formats.counts, formatNames[format], times)
		})
		countColumn(this.#decades, years)
		settle(MAX_NUMBERS, (year, times) => {
			if (year !== 0) increase(this.#decades.counts, decadeOf(year), times)
		})
		countColumn(this.#genres, columns.genres)
		settle(genreSets.length, (set, times) => {
			for (const place of genreSets[set] ?? []) increase(this.#genres.counts, genreNames[place], times)
		})
		countColumn(this.#publishers, publishers)
		settle(publisherNumbers.length, (publisher, times) => {
			increase(this.#publishers.counts, publisherNumbers[publisher], times)
		})
		chosen.choose(this.#qualities.group)
		for (let at = 0; at < chosen.count; at++) {
			const local = chosen.locals[at] as number
			const quality = qualityOf(traits[local] as number, bitrates[local] as number) + 1
			counted[quality] = (counted[quality] as number) + 1
		}
		settle(QUALITIES.length + 1, (quality, times) => {
			if (quality > 0) increase(this.#qualities.counts, QUALITIES[quality - 1], times)
		})
		countColumn(this.#available, publishers)
		settle(publisherNumbers.length, (publisher, times) => {
			if (available[publisher] === 1) increase(this.#available.counts, 0, times)
		})
		if (kept.size === 0) return
		for (let at = 0; at < chosen.count; at++) {
			const local = chosen.locals[at] as number
			if (available[publishers[local] as number] !== 1 && kept.has(local)) increase(this.#available.counts, 0, 1)
		}
		chosen.choose(this.#kept.group)
		for (let at = 0; at < chosen.count; at++) {
			if (kept.has(chosen.locals[at] as number)) increase(this.#kept.counts, 0, 1)
		}
	}

	/** Counts documents that all play the same, as one. */
	addCopies(
		copies: readonly { part: PartDocuments; standing: PartStanding; local: number; failed: number }[]
	): void {
		const once = ({ group, counts }: Facet, values: (copy: (typeof copies)[number]) => readonly unknown[]) => {
			const found = new Set<unknown>()
			for (const copy of copies)
				if ((copy.failed & ~group) === 0) for (const value of values(copy)) found.add(value)
			for (const value of found) increase(counts, value, 1)
		}
		const known = <Value>(value: Value, unknown: Value) => (value === unknown ? [] : [value])
		once(this.#kinds, ({ part, local }) => [(part.columns.traits[local] as number) & KIND_MASK])
		once(this.#decades, ({ part, local }) => known(part.columns.years[local] as number, 0).map(decadeOf))
		once(this.#formats, ({ part: { columns }, local }) =>
			known(columns.formatNames[columns.formats[local] as number], '')
		)
		once(this.#qualities, ({ part, local }) =>
			known(qualityAt(part.columns, local), -1).map((at) => QUALITIES[at])
		)
		once(this.#licences, ({ part, local }) => [
			LICENCES[((part.columns.traits[local] as number) >> LICENCE_SHIFT) & 3]
		])
		once(this.#publishers, ({ part: { columns }, local }) => [
			columns.publisherNumbers[columns.publishers[local] as number]
		])
		once(this.#genres, ({ part: { columns }, local }) =>
			(columns.genreSets[columns.genres[local] as number] ?? []).map((place) => columns.genreNames[place])
		)
		once(this.#available, ({ part, standing, local }) => (isAvailable(part.columns, standing, local) ? [0] : []))
		once(this.#kept, ({ standing, local }) => (standing.kept.has(local) ? [0] : []))
	}

	get byKind(): ReadonlyMap<number, number> {
		return this.#kinds.counts as Map<number, number>
	}

	get facets(): IndexFacets {
		return {
			kinds: mostFrequent<number>(this.#kinds),
			genres: mostFrequent<string>(this.#genres),
			decades: mostFrequent<number>(this.#decades),
			formats: mostFrequent<string>(this.#formats),
			qualities: mostFrequent<Quality>(this.#qualities),
			licences: mostFrequent<LicenceClass>(this.#licences),
			publishers: mostFrequent<number>(this.#publishers),
			available: this.#available.counts.get(0) ?? 0,
			kept: this.#kept.counts.get(0) ?? 0
		}
	}
}

export const isAvailable = (columns: Columns, { available, kept }: PartStanding, local: number) =>
	available[columns.publishers[local] as number] === 1 || kept.has(local)

const facet = (group: number): Facet => ({ group, counts: new Map() })

function increase(counts: Map<unknown, number>, value: unknown, times: number): void {
	counts.set(value, (counts.get(value) ?? 0) + times)
}

function mostFrequent<Value extends string | number>({ counts }: Facet): CountedValue<Value>[] {
	return Array.from(counts as Map<Value, number>, ([value, count]) => ({ value, count }))
		.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
		.slice(0, MAX_VALUES)
}

/** Those of some documents that fail no filters but those of one group. */
class Eligible {
	locals: Uint32Array
	count: number
	readonly #all: Uint32Array
	readonly #allCount: number
	readonly #failed: Uint16Array | undefined

	constructor(locals: Uint32Array, count: number, failed: Uint16Array | undefined) {
		this.#all = locals
		this.#allCount = count
		this.#failed = failed
		this.locals = failed === undefined ? locals : new Uint32Array(count)
		this.count = count
	}

	choose(group: number): void {
		const failed = this.#failed
		if (failed === undefined) return
		let count = 0
		for (let at = 0; at < this.#allCount; at++) {
			const local = this.#all[at] as number
			if (((failed[at] as number) & ~group) === 0) this.locals[count++] = local
		}
		this.count = count
	}
}

function tally(
	{ locals, count }: Eligible,
	numbers: Uint8Array | Uint16Array,
	shift: number,
	mask: number,
	counted: Uint32Array
): void {
	for (let at = 0; at < count; at++) {
		const number = ((numbers[locals[at] as number] as number) >> shift) & mask
		counted[number] = (counted[number] as number) + 1
	}
}
