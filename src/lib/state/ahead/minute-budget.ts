const MINUTE_MS = 60_000

/** So many bytes in any minute. */
export class MinuteBudget {
	readonly #bytes: number
	readonly #spent: { readonly atMs: number; readonly bytes: number }[] = []

	constructor(bytesAMinute: number) {
		this.#bytes = bytesAMinute
	}

	/** False, and nothing is spent, when the minute has not so many left. */
	take(bytes: number, nowMs: number): boolean {
		while (nowMs - (this.#spent[0]?.atMs ?? nowMs) >= MINUTE_MS) this.#spent.shift()
		const left = this.#spent.reduce((rest, spent) => rest - spent.bytes, this.#bytes)
		if (bytes > left) return false
		this.#spent.push({ atMs: nowMs, bytes })
		return true
	}
}
