import type { SearchSort } from '../../catalog'
import { completenessPoints, popularityPoints, soundPoints, wordPoints } from '../ranking'
import type { IndexFacets, IndexHit } from '../search-index'
import type { Accumulator } from './accumulate'
import { BestFirst } from './best-first'
import { KIND_MASK, TITLE_KEY_BYTES, workOf, type Columns } from './columns'
import { FacetCounter, QUALITIES, qualityOf } from './facet-counter'
import { KINDS_GROUP } from './gate'
import type { Part } from './part-words'
import type { RepeatedWorks } from './repeated-works'
import { KEPT_POINTS, type PartStanding } from './standing'

const MAX_COPIES = 20

/** By place in `QUALITIES`, from -1. */
const SOUND_POINTS = Float32Array.from([undefined, ...QUALITIES], soundPoints)

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
	/** Documents that may be copies of each other, by what they play. */
	readonly #copies = new Map<number, Candidate[]>()
	#kinds = new Map<number, number>()
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
	add(part: Part, standing: PartStanding, found: Accumulator): void {
		const { works, facets } = this.#options
		const { count, matched, failed, gated } = found
		const { traits } = part.columns
		const byKind = new Uint32Array(KIND_MASK + 1)
		const { single, ranks } = roomFor(count)
		this.#rank(part, standing, found, ranks)
		const maybeRepeated = works.test(part)
		let singles = 0
		let total = 0
		let worst = this.#best.worst
		let worstDocument = worst === undefined ? 0 : documentOf(worst)
		const { inOrder, least } = part.runs
		const byTitle = this.#options.sort === 'title'
		for (let at = 0; at < count; at++) {
			const local = matched[at] as number
			const fails = gated ? (failed[local] as number) : 0
			const rank = ranks[at] as number
			if (maybeRepeated(local)) {
				const work = workOf(part.columns, local)
				const copies = this.#copies.get(work)
				const candidate = { part, local, rank, failed: fails, standing }
				if (copies === undefined) this.#copies.set(work, [candidate])
				else copies.push(candidate)
				continue
			}
			if (facets) single[singles++] = local
			if ((fails & ~KINDS_GROUP) === 0) {
				const kind = (traits[local] as number) & KIND_MASK
				byKind[kind] = (byKind[kind] as number) + 1
			}
			if (fails !== 0) continue
			total++
			if (worst !== undefined) {
				if (rank < worst.rank) continue
				// Of equal ones most come after those that are there already, as documents are visited in order.
				if (rank === worst.rank && !byTitle) {
					if (worst.part === part ? inOrder && local > worst.local : least > worstDocument) continue
				}
			}
			this.#best.add({ part, local, rank, failed: 0, standing })
			if (this.#best.worst === worst) continue
			worst = this.#best.worst
			worstDocument = worst === undefined ? 0 : documentOf(worst)
		}
		this.#total += total
		byKind.forEach((times, kind) => {
			if (times > 0) this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + times)
		})
		if (facets) this.#facets.add(part, standing, single, singles, gated ? failed : undefined)
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
		for (const copies of this.#copies.values()) {
			const kinds = new Set<number>()
			let best: Candidate | undefined
			for (const copy of copies) {
				if ((copy.failed & ~KINDS_GROUP) === 0)
					kinds.add((copy.part.columns.traits[copy.local] as number) & KIND_MASK)
				if (copy.failed === 0 && (best === undefined || this.#compare(copy, best) < 0)) best = copy
			}
			for (const kind of kinds) this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1)
			if (facets) this.#facets.addCopies(copies)
			if (best === undefined) continue
			this.#total++
			this.#best.add(best)
		}
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
			byKind: this.#kinds,
			...(facets ? { facets: this.#facets.facets } : {})
		}
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

	/** Works out the ranks of what was matched, in its order. */
	#rank(part: Part, standing: PartStanding, found: Accumulator, ranks: Float64Array): void {
		const { columns } = part
		const { count, matched } = found
		switch (this.#options.sort) {
			case 'newest':
				copyRanks(columns.added, matched, count, ranks)
				return
			case 'duration':
				copyRanks(columns.durations, matched, count, ranks)
				return
			case 'bitrate':
				copyRanks(columns.bitrates, matched, count, ranks)
				return
			case 'title': {
				const keys = this.#options.titleKeys(part)
				for (let at = 0; at < count; at++) {
					ranks[at] = keys === undefined ? 0 : -firstBytes(keys, (matched[at] as number) * TITLE_KEY_BYTES)
				}
				return
			}
			case 'relevance':
				this.#rankByRelevance(columns, standing, found, ranks)
		}
	}

	#rankByRelevance(columns: Columns, standing: PartStanding, found: Accumulator, ranks: Float64Array): void {
		const { count, matched, weighted, inTitle, inArtists, plain, cover } = found
		const { said, publishers, traits, bitrates } = columns
		const { kept, plays } = standing
		const perRarity = wordPoints(1, this.#options.rarities)
		/** What the publisher adds, when the file is not kept. */
		const points = standing.points.map((own, publisher) => own + (standing.availablePoints[publisher] as number))
		for (let at = 0; at < count; at++) {
			const local = matched[at] as number
			const words = said[local] as number
			let completed = 0
			if (plain) completed = completenessRow(words)[cover[local] as number] as number
			else {
				const [title, artists] = [inTitle[local] as number, inArtists[local] as number]
				// Most of what has a word has it elsewhere.
				if (title > 0 || artists > 0) completed = completenessPoints(title, words & 15, artists, words >> 4)
			}
			ranks[at] =
				perRarity * (weighted[local] as number) +
				completed +
				(points[publishers[local] as number] as number) +
				(SOUND_POINTS[qualityOf(traits[local] as number, bitrates[local] as number) + 1] as number)
		}
		if (kept.size === 0 && plays.size === 0) return
		for (let at = 0; at < count; at++) {
			const local = matched[at] as number
			let more = 0
			if (kept.has(local)) more += KEPT_POINTS - (standing.availablePoints[publishers[local] as number] as number)
			const times = plays.get(local)
			if (times !== undefined) more += popularityPoints(times)
			if (more !== 0) ranks[at] = (ranks[at] as number) + more
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

function copyRanks(column: Uint32Array, matched: Uint32Array, count: number, ranks: Float64Array): void {
	for (let at = 0; at < count; at++) ranks[at] = column[matched[at] as number] as number
}

/** Used by one call at a time, and again by the next. */
let room = { single: new Uint32Array(0), ranks: new Float64Array(0) }

function roomFor(documents: number): typeof room {
	if (room.single.length < documents) {
		const length = Math.ceil(documents * 1.5)
		room = { single: new Uint32Array(length), ranks: new Float64Array(length) }
	}
	return room
}

const completenessRows: (Float32Array | undefined)[] = []

/**
 * Points of names with so many words to say (the title's, and above them the artists' in four bits), by words said, packed
 * alike. Made when it is first needed: few of the 256 rows ever are, and all together would take longer than the first
 * query.
 */
function completenessRow(words: number): Float32Array {
	let row = completenessRows[words]
	if (row === undefined) {
		row = new Float32Array(256)
		for (let said = 0; said < 256; said++)
			row[said] = completenessPoints(said & 15, words & 15, said >> 4, words >> 4)
		completenessRows[words] = row
	}
	return row
}

/** The first six bytes as one number. */
function firstBytes(bytes: Uint8Array, at: number): number {
	let value = 0
	for (let byte = 0; byte < 6; byte++) value = value * 256 + (bytes[at + byte] as number)
	return value
}
