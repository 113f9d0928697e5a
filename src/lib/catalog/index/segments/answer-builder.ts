import type { SearchSort } from '../../catalog'
import type { IndexFacets, IndexHit } from '../search-index'
import type { Accumulator } from './accumulate'
import type { Candidates } from './candidates'
import { Copies, OUTRANKED } from './copies'
import { BestFirst } from './best-first'
import { KIND_MASK, TITLE_KEY_BYTES, workOf } from './columns'
import { FacetCounter } from './facet-counter'
import { KINDS_GROUP } from './gate'
import type { Part } from './part-words'
import { REPEATED, type RepeatedWorks } from './repeated-works'
import { mostRelevant, relevance } from './relevance'
import type { PartStanding } from './standing'

const MAX_COPIES = 20

interface Candidate {
	readonly part: Part
	readonly local: number
	/** Greater comes first. */
	readonly rank: number
	readonly failed: number
	readonly standing: PartStanding
}

export interface AnswerOptions {
	readonly sort: SearchSort
	/** Hits to keep, those to be passed over included. */
	readonly most: number
	readonly facets: boolean
	/** Sum over the words of the query. */
	readonly rarities: number
	readonly works: RepeatedWorks
	/** Of parts, for sorting by title. */
	readonly titleKeys: (part: Part) => Uint8Array | undefined
}

/** Puts the matches of the parts together: ranks, folds copies, counts. */
export class AnswerBuilder {
	readonly #options: AnswerOptions
	readonly #best: BestFirst<Candidate>
	readonly #facets = new FacetCounter()
	readonly #copies = new Copies()
	readonly #byKind = new Uint32Array(KIND_MASK + 1)
	#total = 0

	constructor(options: AnswerOptions) {
		this.#options = options
		this.#best = new BestFirst(options.most, (a, b) => this.#compare(a, b))
	}

	/** Whether a document that fails these filters is to be counted somewhere. */
	accepts(failed: number): boolean {
		if (!this.#options.facets) return failed === KINDS_GROUP
		return (failed & (failed - 1)) === 0
	}

	/** Takes what the accumulator has matched. */
	add(part: Part, standing: PartStanding, { found, gated, scored }: Accumulator): void {
		const { works, facets, sort, most } = this.#options
		const { count, locals, failed } = found
		const { traits } = part.columns
		const byKind = this.#byKind
		const { single, singleFailed } = facets ? roomForFacets(count) : NO_ROOM
		const { places, repeated } = roomFor(count)
		const rankOf = this.#ranker(part, standing, found, scored)
		const flags = works.flags(part)
		const maybeRepeated = works.test(part)
		let singles = 0
		let total = 0
		let copies = 0
		for (let at = 0; at < count; at++) {
			const local = locals[at] as number
			const fails = gated ? (failed[at] as number) : 0
			const flag =
				flags === undefined
					? ((traits[local] as number) & KIND_MASK) | (maybeRepeated(local) ? REPEATED : 0)
					: (flags[local] as number)
			if (flag >= REPEATED) {
				repeated[copies++] = at
				continue
			}
			if (facets) {
				single[singles] = local
				singleFailed[singles++] = fails
			}
			if (fails === 0) places[total++] = at
			if ((fails & ~KINDS_GROUP) !== 0) continue
			byKind[flag] = (byKind[flag] as number) + 1
		}
		const mostOf = sort === 'relevance' ? mostRelevant(this.#options, standing, found, scored) : undefined
		// Whoever asks for the counts alone needs no ranks.
		if (most > 0) this.#choose(part, standing, locals, places.subarray(0, total), rankOf, mostOf)
		const worst = this.#best.worst
		this.#copies.begin({ part, standing }, copies)
		for (let place = 0; place < copies; place++) {
			const at = repeated[place] as number
			const outranked = most === 0 || (worst !== undefined && mostOf !== undefined && mostOf(at) < worst.rank)
			this.#copies.add(
				locals[at] as number,
				outranked ? OUTRANKED : rankOf(at),
				gated ? (failed[at] as number) : 0
			)
		}
		this.#total += total
		if (facets) this.#facets.add(part, standing, single, singles, gated ? singleFailed : undefined)
	}

	/**
	 * Keeps the best of these.
	 * @param mostOf - no less than the rank, and quicker to know
	 */
	#choose(
		part: Part,
		standing: PartStanding,
		locals: Uint32Array,
		places: Uint32Array,
		rankOf: (at: number) => number,
		mostOf: ((at: number) => number) | undefined
	): void {
		const { inOrder } = part.runs
		const byTitle = this.#options.sort === 'title'
		let worst = this.#best.worst
		for (const at of places) {
			if (worst !== undefined && mostOf !== undefined && mostOf(at) < worst.rank) continue
			const rank = rankOf(at)
			const local = locals[at] as number
			if (worst !== undefined) {
				if (rank < worst.rank) continue
				// Of equal ones most come after those that are there already.
				if (rank === worst.rank && !byTitle) {
					if (worst.part === part && inOrder ? local > worst.local : part.runs.document(local) > documentOf(worst))
						continue
				}
			}
			this.#best.add({ part, local, rank, failed: 0, standing })
			worst = this.#best.worst
		}
	}

	finish(
		parts: readonly Part[],
		offset: number
	): {
		total: number
		hits: IndexHit[]
		byKind: ReadonlyMap<number, number>
		facets?: IndexFacets
	} {
		const { facets, sort } = this.#options
		this.#copies.eachWork((last) => {
			this.#addWork(last)
		})
		const chosen = this.#best.sorted().slice(offset)
		const copies = this.#copiesOf(parts, chosen)
		return {
			total: this.#total,
			hits: chosen.map(({ part, local, rank }) => {
				const document = part.runs.document(local)
				return {
					document,
					score: sort === 'relevance' ? rank : 0,
					copies: (copies.get(workOf(part.columns, local)) ?? [])
						.filter((copy) => copy !== document)
						.slice(0, MAX_COPIES)
				}
			}),
			byKind: new Map(
				Array.from(this.#byKind, (times, kind) => [kind, times] as const).filter(([, times]) => times > 0)
			),
			...(facets ? { facets: this.#facets.facets } : {})
		}
	}

	/** Counts documents that may play the same as one, and keeps the best of them. */
	#addWork(last: number): void {
		const copies = this.#copies
		let kinds = 0
		let best: Candidate | undefined
		for (let at = last; at !== -1; at = copies.before(at)) {
			const { part, standing } = copies.sourceOf(at)
			const [local, failed, rank] = [copies.localOf(at), copies.failedOf(at), copies.rankOf(at)]
			if ((failed & ~KINDS_GROUP) === 0) kinds |= 1 << ((part.columns.traits[local] as number) & KIND_MASK)
			if (failed !== 0 || (best !== undefined && rank < best.rank)) continue
			const candidate = { part, local, rank, failed, standing }
			if (best === undefined || this.#compare(candidate, best) < 0) best = candidate
		}
		for (let kind = 0; kind <= KIND_MASK; kind++) {
			if (((kinds >> kind) & 1) === 1) this.#byKind[kind] = (this.#byKind[kind] as number) + 1
		}
		if (this.#options.facets) this.#facets.addCopies(this.#chainOf(last))
		if (best === undefined) return
		this.#total++
		if (best.rank !== OUTRANKED) this.#best.add(best)
	}

	#chainOf(last: number): Parameters<FacetCounter['addCopies']>[0] {
		const chain = []
		for (let at = last; at !== -1; at = this.#copies.before(at)) {
			const { part, standing } = this.#copies.sourceOf(at)
			chain.push({ part, standing, local: this.#copies.localOf(at), failed: this.#copies.failedOf(at) })
		}
		return chain
	}

	#copiesOf(parts: readonly Part[], chosen: readonly Candidate[]): Map<number, number[]> {
		const works = new Set<number>()
		for (const { part, local } of chosen) {
			if (this.#options.works.has(part, local)) works.add(workOf(part.columns, local))
		}
		const documents = new Map<number, number[]>()
		if (works.size === 0) return documents
		this.#options.works.documentsOf(parts, works, (part, local, work) => {
			const of = documents.get(work)
			if (of === undefined) documents.set(work, [part.runs.document(local)])
			else if (of.length <= MAX_COPIES) of.push(part.runs.document(local))
		})
		return documents
	}

	/** Works out ranks, by place among what was found. */
	#ranker(part: Part, standing: PartStanding, found: Candidates, scored: boolean): (at: number) => number {
		const { columns } = part
		const { locals } = found
		const byColumn = (column: Uint32Array) => (at: number) => column[locals[at] as number] as number
		switch (this.#options.sort) {
			case 'newest':
				return byColumn(columns.added)
			case 'duration':
				return byColumn(columns.durations)
			case 'bitrate':
				return byColumn(columns.bitrates)
			case 'title': {
				const keys = this.#options.titleKeys(part)
				return (at) => (keys === undefined ? 0 : -firstBytes(keys, (locals[at] as number) * TITLE_KEY_BYTES))
			}
			case 'relevance':
				return relevance(this.#options, columns, standing, found, scored)
		}
	}

	#compare(a: Candidate, b: Candidate): number {
		if (a.rank !== b.rank) return b.rank - a.rank
		if (this.#options.sort === 'title') {
			const order = this.#compareTitles(a, b)
			if (order !== 0) return order
		}
		return a.part.runs.document(a.local) - b.part.runs.document(b.local)
	}

	#compareTitles(a: Candidate, b: Candidate): number {
		const keysA = this.#options.titleKeys(a.part)
		const keysB = this.#options.titleKeys(b.part)
		if (keysA === undefined || keysB === undefined) return 0
		for (let at = 0; at < TITLE_KEY_BYTES; at++) {
			const order =
				(keysA[a.local * TITLE_KEY_BYTES + at] as number) - (keysB[b.local * TITLE_KEY_BYTES + at] as number)
			if (order !== 0) return order
		}
		return 0
	}
}

const documentOf = ({ part, local }: Candidate) => part.runs.document(local)

/** Used by one call at a time, and again by the next. */
let places = new Uint32Array(0)
let repeated = new Uint32Array(0)
const NO_ROOM = { single: new Uint32Array(0), singleFailed: new Uint16Array(0) }
let facetRoom = NO_ROOM

/** For places among what was found: of those that count for themselves, and of those that may be copies. */
function roomFor(documents: number) {
	if (places.length < documents) {
		places = new Uint32Array(Math.ceil(documents * 1.25))
		repeated = new Uint32Array(places.length)
	}
	return { places, repeated }
}

/** For documents, and what they fail, whose facets are counted as they are. */
function roomForFacets(documents: number) {
	if (facetRoom.single.length < documents) {
		const length = Math.ceil(documents * 1.25)
		facetRoom = { single: new Uint32Array(length), singleFailed: new Uint16Array(length) }
	}
	return facetRoom
}

/** The first six bytes as one number. */
function firstBytes(bytes: Uint8Array, at: number): number {
	let value = 0
	for (let byte = 0; byte < 6; byte++) value = value * 256 + (bytes[at + byte] as number)
	return value
}
