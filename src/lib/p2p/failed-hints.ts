/** An address that failed is left alone for so long, and for twice as long each time after. */
const FIRST_WAIT_MS = 5_000
const LONGEST_WAIT_MS = 60_000
const MAX_REMEMBERED = 500

/**
 * Which addresses are not worth a dial for now: each wanted block asks for the same ones again. The first wait is shorter
 * than the one before the second try of a publication (protocol section 7), so that this dials again.
 */
export class FailedHints {
	readonly #now: () => number
	readonly #failed = new Map<string, { readonly untilMs: number; readonly waitMs: number }>()

	constructor(now: () => number = Date.now) {
		this.#now = now
	}

	isDue(hint: string): boolean {
		return (this.#failed.get(hint)?.untilMs ?? 0) <= this.#now()
	}

	failed(hint: string): void {
		// Several wants dial the same address at once, and that fails once.
		if (!this.isDue(hint)) return
		const before = this.#failed.get(hint)
		const waitMs = before ? Math.min(before.waitMs * 2, LONGEST_WAIT_MS) : FIRST_WAIT_MS
		this.#failed.delete(hint)
		this.#failed.set(hint, { untilMs: this.#now() + waitMs, waitMs })
		const oldest = this.#failed.keys().next()
		if (this.#failed.size > MAX_REMEMBERED && oldest.done !== true) this.#failed.delete(oldest.value)
	}

	reached(hint: string): void {
		this.#failed.delete(hint)
	}
}
