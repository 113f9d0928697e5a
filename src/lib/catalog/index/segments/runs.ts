import type { DocumentRange } from '../search-index'

/** A run is looked for from the one that this many documents begin with, as a power of two. */
const STEP_BITS = 7

/**
 * Which documents a part of the index has: within the part they are numbered from 0, run after run. The runs are in no
 * order and do not overlap.
 */
export class Runs {
	/** First document and count of each. */
	readonly pairs: Uint32Array<ArrayBuffer>
	readonly count: number
	/** Whether documents are numbered within the part in the order of their own numbers. */
	readonly inOrder: boolean
	/** Number within the part of the first document of each run. */
	readonly #starts: Uint32Array
	/** Of every so many documents of the part the run that the first of them is in. */
	readonly #runAt: Uint32Array
	/** Places of the runs by their first document. */
	readonly #sorted: Uint32Array

	constructor(pairs: ArrayLike<number>) {
		this.pairs = Uint32Array.from(pairs)
		const runs = this.pairs.length / 2
		this.#starts = new Uint32Array(runs)
		let count = 0
		for (let run = 0; run < runs; run++) {
			this.#starts[run] = count
			count += this.#countOf(run)
		}
		this.count = count
		this.#runAt = new Uint32Array((count >> STEP_BITS) + 1)
		for (let step = 0, run = 0; step < this.#runAt.length; step++) {
			while (run + 1 < runs && (this.#starts[run + 1] as number) <= step << STEP_BITS) run++
			this.#runAt[step] = run
		}
		this.#sorted = Uint32Array.from({ length: runs }, (_, run) => run).sort(
			(a, b) => this.#firstOf(a) - this.#firstOf(b)
		)
		this.inOrder = this.#sorted.every((run, place) => run === place)
	}

	get ranges(): DocumentRange[] {
		return Array.from(this.#starts, (_, run) => ({ first: this.#firstOf(run), count: this.#countOf(run) }))
	}

	/** The document with this number within the part. */
	document(local: number): number {
		const starts = this.#starts
		let run = this.#runAt[local >> STEP_BITS] as number
		while (run + 1 < starts.length && (starts[run + 1] as number) <= local) run++
		return this.#firstOf(run) + local - (starts[run] ?? 0)
	}

	/** The parts of a range that are here, as numbers within the part; `first` of the document stands beside. */
	intersect(range: DocumentRange, visit: (local: number, count: number, first: number) => void): void {
		const end = range.first + range.count
		let low = 0
		let high = this.#sorted.length
		while (low < high) {
			const middle = (low + high) >>> 1
			const run = this.#sorted[middle] ?? 0
			if (this.#firstOf(run) + this.#countOf(run) <= range.first) low = middle + 1
			else high = middle
		}
		for (let at = low; at < this.#sorted.length; at++) {
			const run = this.#sorted[at] ?? 0
			const first = Math.max(range.first, this.#firstOf(run))
			const last = Math.min(end, this.#firstOf(run) + this.#countOf(run))
			if (first >= end) return
			visit((this.#starts[run] ?? 0) + first - this.#firstOf(run), last - first, first)
		}
	}

	/** Number within the part; -1 when it is not here. */
	local(document: number): number {
		let found = -1
		this.intersect({ first: document, count: 1 }, (local) => (found = local))
		return found
	}

	#firstOf(run: number): number {
		return this.pairs[run * 2] ?? 0
	}

	#countOf(run: number): number {
		return this.pairs[run * 2 + 1] ?? 0
	}
}

/** Collects documents in the order in which they are added. */
export class RunsBuilder {
	readonly #pairs: number[] = []

	add(first: number, count = 1): void {
		const last = this.#pairs.length - 2
		if (last >= 0 && (this.#pairs[last] ?? 0) + (this.#pairs[last + 1] ?? 0) === first) {
			this.#pairs[last + 1] = (this.#pairs[last + 1] ?? 0) + count
		} else this.#pairs.push(first, count)
	}

	get pairs(): readonly number[] {
		return this.#pairs
	}
}

/** What is left of the ranges without those taken. Ranges may be in any order. */
export function without(ranges: readonly DocumentRange[], taken: readonly DocumentRange[]): DocumentRange[] {
	const sorted = taken.toSorted((a, b) => a.first - b.first)
	const left: DocumentRange[] = []
	for (const { first, count } of ranges) {
		let from = first
		const end = first + count
		let low = 0
		let high = sorted.length
		while (low < high) {
			const middle = (low + high) >>> 1
			const range = sorted[middle]
			if (range !== undefined && range.first + range.count <= from) low = middle + 1
			else high = middle
		}
		for (let at = low; at < sorted.length && from < end; at++) {
			const range = sorted[at]
			if (range === undefined || range.first >= end) break
			if (range.first > from) left.push({ first: from, count: range.first - from })
			from = Math.max(from, range.first + range.count)
		}
		if (from < end) left.push({ first: from, count: end - from })
	}
	return left
}
