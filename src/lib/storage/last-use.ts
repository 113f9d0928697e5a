/** A use is noted at most so often: what was used within it counts as used at the same time. */
const COARSE_MS = 10 * 60_000
const FLUSH_AFTER_MS = 10_000
const FLUSH_AT = 512
const MOST_REMEMBERED = 16_384

/** Notes when blocks were last used, in batches, and coarsely: reading must not cost a write. */
export class LastUse {
	/** When the use of a block was last written or is about to be, Unix ms. */
	readonly #noted = new Map<string, number>()
	#waiting = new Map<string, number>()
	#timer: ReturnType<typeof setTimeout> | undefined
	readonly #write: (used: ReadonlyMap<string, number>) => Promise<void>
	readonly #nowMs: () => number

	constructor(write: (used: ReadonlyMap<string, number>) => Promise<void>, nowMs: () => number) {
		this.#write = write
		this.#nowMs = nowMs
	}

	note(key: string): void {
		const now = this.#nowMs()
		if (now - (this.#noted.get(key) ?? -Infinity) < COARSE_MS) return
		this.#noted.delete(key)
		this.#noted.set(key, now)
		const [oldest] = this.#noted.keys()
		if (this.#noted.size > MOST_REMEMBERED && oldest !== undefined) this.#noted.delete(oldest)
		this.#waiting.set(key, now)
		if (this.#waiting.size >= FLUSH_AT) void this.flush()
		else this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS)
	}

	/** Writes what was noted. What cannot be written is only forgotten. */
	async flush(): Promise<void> {
		clearTimeout(this.#timer)
		this.#timer = undefined
		const waiting = this.#waiting
		if (waiting.size === 0) return
		this.#waiting = new Map()
		await this.#write(waiting).catch(() => undefined)
	}
}
