import type { EntryRow } from '$lib/catalog/row'

export type Repeat = 'off' | 'all' | 'one'

/** A place in the queue; the same row can stand in it twice. */
export interface QueueItem {
	readonly id: number
	readonly row: EntryRow
}

/** An ordered list with one current place. Knows nothing of sound. */
export class PlayQueue {
	#items = $state.raw<readonly QueueItem[]>([])
	#at = $state(0)
	#shuffled = $state(false)
	repeat = $state<Repeat>('off')
	/** The order before shuffling, by id. */
	#order: readonly number[] = []
	#nextId = 1

	get items(): readonly QueueItem[] {
		return this.#items
	}
	/** Index of the current item. */
	get at(): number {
		return this.#at
	}
	get current(): QueueItem | undefined {
		return this.#items[this.#at]
	}
	get upcoming(): readonly QueueItem[] {
		return this.#items.slice(this.#at + 1)
	}
	get shuffled(): boolean {
		return this.#shuffled
	}
	get canGoBack(): boolean {
		return this.#at > 0 || (this.repeat === 'all' && this.#items.length > 1)
	}

	replace(rows: readonly EntryRow[], at: number): void {
		this.#items = rows.map((row) => this.#place(row))
		this.#at = Math.max(0, Math.min(at, rows.length - 1))
		this.#shuffled = false
		this.#order = []
	}

	/** Adds behind the current item or at the end. */
	insert(rows: readonly EntryRow[], where: 'next' | 'last'): void {
		const added = rows.map((row) => this.#place(row))
		const at = where === 'next' && this.#items.length > 0 ? this.#at + 1 : this.#items.length
		this.#items = this.#items.toSpliced(at, 0, ...added)
		this.#order = [...this.#order, ...added.map((item) => item.id)]
	}

	/** Takes one out. The current place stays on its item, or passes to the one behind it. */
	remove(id: number): void {
		const index = this.#items.findIndex((item) => item.id === id)
		if (index < 0) return
		this.#items = this.#items.toSpliced(index, 1)
		if (index < this.#at) this.#at -= 1
		this.#at = Math.max(0, Math.min(this.#at, this.#items.length - 1))
	}

	/** @param to - index that it has afterwards */
	move(id: number, to: number): void {
		const from = this.#items.findIndex((item) => item.id === id)
		const item = this.#items[from]
		if (item === undefined) return
		const current = this.current
		this.#items = this.#items
			.toSpliced(from, 1)
			.toSpliced(Math.max(0, Math.min(to, this.#items.length - 1)), 0, item)
		this.#at = current === undefined ? 0 : this.#items.indexOf(current)
	}

	select(id: number): boolean {
		const index = this.#items.findIndex((item) => item.id === id)
		if (index >= 0) this.#at = index
		return index >= 0
	}

	/** What an advance leads to. `asked`: a person pressed Next; a single track that repeats lets itself be left. */
	peek(why: 'asked' | 'ended' = 'ended'): QueueItem | undefined {
		if (why === 'ended' && this.repeat === 'one') return this.current
		return this.#items[this.#at + 1] ?? (this.repeat === 'off' ? undefined : this.#items[0])
	}

	hasNext(why: 'asked' | 'ended'): boolean {
		return this.peek(why) !== undefined
	}

	/** Goes on by one; false at the end. */
	advance(why: 'asked' | 'ended'): boolean {
		const next = this.peek(why)
		return next !== undefined && this.select(next.id)
	}

	goBack(): void {
		this.#at = this.#at > 0 ? this.#at - 1 : Math.max(0, this.#items.length - 1)
	}

	/** Mixes what is still to come; with `keepCurrent` false the current item too. @param random - as Math.random */
	shuffleFrom(keepCurrent: boolean, random: () => number = Math.random): void {
		this.#order = this.#items.map((item) => item.id)
		const current = this.current
		const rest = this.#items.filter((item) => !keepCurrent || item !== current)
		for (let last = rest.length - 1; last > 0; last -= 1) {
			const other = Math.floor(random() * (last + 1))
			;[rest[last], rest[other]] = [rest[other] as QueueItem, rest[last] as QueueItem]
		}
		this.#items = keepCurrent && current !== undefined ? [current, ...rest] : rest
		this.#at = 0
		this.#shuffled = true
	}

	/** Back to the order before shuffling; the current item stays current. */
	unshuffle(): void {
		const current = this.current
		const rank = new Map(this.#order.map((id, index) => [id, index]))
		this.#items = this.#items.toSorted(
			(one, other) => (rank.get(one.id) ?? Infinity) - (rank.get(other.id) ?? Infinity)
		)
		this.#at = current === undefined ? 0 : this.#items.indexOf(current)
		this.#shuffled = false
	}

	#place(row: EntryRow): QueueItem {
		return { id: this.#nextId++, row }
	}
}
