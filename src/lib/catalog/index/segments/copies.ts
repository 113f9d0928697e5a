import type { Part } from './part-words'
import { mixed } from './repeated-works'
import type { PartStanding } from './standing'

/** A part of the index whose documents are among the copies. */
interface Source {
	readonly part: Part
	readonly standing: PartStanding
}

/** Rank of a copy that is known not to be among the best. */
export const OUTRANKED = -Infinity

/**
 * Documents of an answer that may be copies of each other, chained by what they play. In arrays, by the order in which they
 * were added: of a frequent word there are thousands.
 */
export class Copies {
	readonly #sources: Source[] = []
	#count = 0
	#locals = new Uint32Array(64)
	#ranks = new Float64Array(64)
	#failed = new Uint16Array(64)
	/** Place in `#sources`. */
	#sourceOf = new Uint16Array(64)
	/** The one before that plays the same, plus 1; 0 for none. */
	#before = new Uint32Array(64)
	/** By what is played, in open addressing: the last that plays it, plus 1. */
	#table = new Uint32Array(128)

	/** Those added next, so many of them, are of this part. */
	begin(source: Source, more: number): void {
		this.#sources.push(source)
		if (this.#count + more > this.#locals.length) this.#grow(this.#count + more)
	}

	/** @param failed - groups of filters that the document fails */
	add(local: number, rank: number, failed: number): void {
		const at = this.#count++
		this.#locals[at] = local
		this.#ranks[at] = rank
		this.#failed[at] = failed
		this.#sourceOf[at] = this.#sources.length - 1
		const slot = this.#slotOf(at)
		this.#before[at] = this.#table[slot] as number
		this.#table[slot] = at + 1
	}

	/** Visits for each work the last that plays it; {@link before} leads to the others. */
	eachWork(visit: (last: number) => void): void {
		for (const last of this.#table) if (last !== 0) visit(last - 1)
	}

	/** -1 when there is none. */
	before(at: number): number {
		return (this.#before[at] as number) - 1
	}

	sourceOf(at: number): Source {
		return this.#sources[this.#sourceOf[at] as number] as Source
	}

	localOf(at: number): number {
		return this.#locals[at] as number
	}

	rankOf(at: number): number {
		return this.#ranks[at] as number
	}

	failedOf(at: number): number {
		return this.#failed[at] as number
	}

	/** Where in the table what it plays stands, or would stand. */
	#slotOf(at: number): number {
		const { files, clips } = this.sourceOf(at).part.columns
		const local = this.localOf(at)
		const [file, clip] = [files[local] as number, clips[local] as number]
		const mask = this.#table.length - 1
		for (let slot = mixed(file, clip) & mask; ; slot = (slot + 1) & mask) {
			const last = this.#table[slot] as number
			if (last === 0) return slot
			const { columns } = this.sourceOf(last - 1).part
			const other = this.localOf(last - 1)
			if (columns.files[other] === file && columns.clips[other] === clip) return slot
		}
	}

	#grow(needed: number): void {
		const length = 2 ** Math.ceil(Math.log2(needed))
		this.#locals = longer(this.#locals, new Uint32Array(length))
		this.#ranks = longer(this.#ranks, new Float64Array(length))
		this.#failed = longer(this.#failed, new Uint16Array(length))
		this.#sourceOf = longer(this.#sourceOf, new Uint16Array(length))
		this.#before = longer(this.#before, new Uint32Array(length))
		const lasts = this.#table.filter((last) => last !== 0)
		this.#table = new Uint32Array(length * 2)
		for (const last of lasts) this.#table[this.#slotOf(last - 1)] = last
	}
}

function longer<Column extends Uint16Array | Uint32Array | Float64Array>(old: Column, empty: Column): Column {
	empty.set(old)
	return empty
}
