/** Something that the pages in use have parts of: an album, an artist. */
export interface Thing<Part> {
	readonly key: string
	/** By page number. */
	readonly parts: ReadonlyMap<number, Part>
}

/** Things by key and by number, present as long as a page has a part of them. */
export class Gathered<Part> {
	readonly #numbers = new Map<string, number>()
	readonly #things: ({ key: string; parts: Map<number, Part> } | undefined)[] = []
	readonly #free: number[] = []

	get size(): number {
		return this.#numbers.size
	}

	/** Numbers are below this. */
	get bound(): number {
		return this.#things.length
	}

	/** Returns the number of the thing; it stays as long as the thing is there. */
	add(key: string, page: number, part: Part): number {
		let number = this.#numbers.get(key)
		if (number === undefined) {
			number = this.#free.pop() ?? this.#things.length
			this.#numbers.set(key, number)
			this.#things[number] = { key, parts: new Map() }
		}
		this.#things[number]?.parts.set(page, part)
		return number
	}

	remove(number: number, page: number): void {
		const thing = this.#things[number]
		if (thing === undefined || !thing.parts.delete(page) || thing.parts.size > 0) return
		this.#numbers.delete(thing.key)
		this.#things[number] = undefined
		this.#free.push(number)
	}

	at(number: number): Thing<Part> | undefined {
		return this.#things[number]
	}

	find(key: string): Thing<Part> | undefined {
		const number = this.#numbers.get(key)
		return number === undefined ? undefined : this.#things[number]
	}

	*[Symbol.iterator](): Generator<Thing<Part>> {
		for (const thing of this.#things) if (thing !== undefined) yield thing
	}
}
