/** A map of limited size that lets go of what was used longest ago. */
export class Recent<Key, Value> {
	readonly #most: number
	readonly #held = new Map<Key, Value>()

	constructor(most: number) {
		this.#most = most
	}

	get(key: Key): Value | undefined {
		const value = this.#held.get(key)
		if (value !== undefined) {
			this.#held.delete(key)
			this.#held.set(key, value)
		}
		return value
	}

	set(key: Key, value: Value): void {
		this.#held.delete(key)
		this.#held.set(key, value)
		for (const oldest of this.#held.keys()) {
			if (this.#held.size <= this.#most) break
			this.#held.delete(oldest)
		}
	}
}
