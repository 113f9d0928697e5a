import type { EntryKind } from '../entry'

/** Kinds by number, as the columns hold them. Append only: the numbers are stored. */
export const KINDS: readonly EntryKind[] = ['audio', 'video', 'image', 'document', 'subtitle', 'other']

export interface DocumentRange {
	readonly first: number
	readonly count: number
}

/** The columns of a range of documents, all of the same length. */
export interface DocumentColumns {
	/** Place in {@link KINDS}. */
	readonly kinds: Uint8Array
	/** Different words of the title, at most 255. */
	readonly titleWords: Uint8Array
	/** Fingerprints of what is played: the same for copies of one file (or of one clip of it). */
	readonly works: Float64Array
	/** Unix seconds. */
	readonly recency: Uint32Array
}

/**
 * What search must know of every document besides its words, in typed arrays by document number. Numbers are dense and
 * of this session only. A document is found only while it is alive: added first, then shown and hidden at once with the
 * others of its page.
 */
export class DocumentTable {
	alive = new Uint8Array(0)
	kinds = new Uint8Array(0)
	titleWords = new Uint8Array(0)
	recency = new Uint32Array(0)
	/** Number of the work; the same for copies. */
	works = new Uint32Array(0)
	/** Number of the publisher. */
	publishers = new Uint32Array(0)
	/** Number of the page. */
	pages = new Uint32Array(0)
	readonly #workNumbers = new Map<number, number>()
	#count = 0
	#aliveCount = 0

	/** Numbers given out so far. */
	get count(): number {
		return this.#count
	}

	get aliveCount(): number {
		return this.#aliveCount
	}

	/** Numbers of works are below this. */
	get workCount(): number {
		return this.#workNumbers.size
	}

	/** Adds documents, not yet alive, and returns the number of the first. */
	add(columns: DocumentColumns, publisher: number, page: number): number {
		const first = this.#count
		const count = columns.kinds.length
		this.#grow(first + count)
		this.kinds.set(columns.kinds, first)
		this.titleWords.set(columns.titleWords, first)
		this.recency.set(columns.recency, first)
		this.publishers.fill(publisher, first, first + count)
		this.pages.fill(page, first, first + count)
		for (let at = 0; at < count; at++) {
			const fingerprint = columns.works[at] ?? 0
			let work = this.#workNumbers.get(fingerprint)
			if (work === undefined) this.#workNumbers.set(fingerprint, (work = this.#workNumbers.size))
			this.works[first + at] = work
		}
		this.#count = first + count
		return first
	}

	/**
	 * Gives out numbers that no document has, as a restored index knows some that are gone.
	 * @throws RangeError for a negative count
	 */
	skip(count: number): void {
		if (count < 0) throw new RangeError('documents overlap')
		this.#grow(this.#count + count)
		this.#count += count
	}

	show({ first, count }: DocumentRange): void {
		if (count === 0 || this.alive[first] === 1) return
		this.alive.fill(1, first, first + count)
		this.#aliveCount += count
	}

	hide({ first, count }: DocumentRange): void {
		if (count === 0 || this.alive[first] === 0) return
		this.alive.fill(0, first, first + count)
		this.#aliveCount -= count
	}

	#grow(needed: number): void {
		if (needed <= this.alive.length) return
		const capacity = Math.max(1024, needed, Math.ceil(this.alive.length * 1.5))
		this.alive = larger(this.alive, new Uint8Array(capacity))
		this.kinds = larger(this.kinds, new Uint8Array(capacity))
		this.titleWords = larger(this.titleWords, new Uint8Array(capacity))
		this.recency = larger(this.recency, new Uint32Array(capacity))
		this.works = larger(this.works, new Uint32Array(capacity))
		this.publishers = larger(this.publishers, new Uint32Array(capacity))
		this.pages = larger(this.pages, new Uint32Array(capacity))
	}
}

function larger<Column extends Uint8Array | Uint32Array>(old: Column, empty: Column): Column {
	empty.set(old)
	return empty
}
