/** The best items so far, at most so many: a heap, its worst on top. */
export class BestFirst<Item> {
	readonly #heap: Item[] = []
	readonly #most: number
	readonly #compare: (a: Item, b: Item) => number

	/** @param compare - negative when `a` comes first; never 0 for different items */
	constructor(most: number, compare: (a: Item, b: Item) => number) {
		this.#most = most
		this.#compare = compare
	}

	/** The one that the next has to come before; undefined as long as there is room. */
	get worst(): Item | undefined {
		return this.#heap.length < this.#most ? undefined : this.#heap[0]
	}

	get full(): boolean {
		return this.#heap.length >= this.#most
	}

	add(item: Item): void {
		const heap = this.#heap
		if (this.#most === 0) return
		if (heap.length < this.#most) {
			heap.push(item)
			this.#rise(heap.length - 1)
		} else if (this.#compare(item, heap[0] as Item) < 0) {
			heap[0] = item
			this.#sink(0)
		}
	}

	sorted(): Item[] {
		return this.#heap.toSorted(this.#compare)
	}

	#rise(from: number): void {
		const heap = this.#heap
		let at = from
		while (at > 0) {
			const parent = (at - 1) >> 1
			if (this.#compare(heap[at] as Item, heap[parent] as Item) <= 0) return
			;[heap[at], heap[parent]] = [heap[parent] as Item, heap[at] as Item]
			at = parent
		}
	}

	#sink(from: number): void {
		const heap = this.#heap
		let at = from
		for (;;) {
			let worst = at
			for (const child of [2 * at + 1, 2 * at + 2]) {
				if (child < heap.length && this.#compare(heap[child] as Item, heap[worst] as Item) > 0) worst = child
			}
			if (worst === at) return
			;[heap[at], heap[worst]] = [heap[worst] as Item, heap[at] as Item]
			at = worst
		}
	}
}
