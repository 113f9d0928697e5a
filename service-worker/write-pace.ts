/** The first of what comes waits so long: it comes while a player waits for its first sound, ms. */
const FIRST_AFTER_MS = 150
/** Bytes a ms: more than a line of 100 Mbit/s brings. While more comes, nothing is written: that would slow down the reading. */
const MAX_RATE = 16_000
/** Over which it is seen how much comes, ms. */
const FLOOD_MS = 250
/** Of a burst. */
const BURST_BYTES = 4 * 1024 * 1024

interface Waiting {
	readonly bytes: number
	/** Never rejects. */
	readonly write: () => Promise<void>
}

/**
 * Writes behind what plays: in bursts with rests between them, for writing takes the processor from reading. What is hurried is
 * written without rests.
 */
export class WritePace {
	readonly #waiting: Waiting[] = []
	#hurry = Promise.withResolvers<undefined>()
	#hurried = 0
	#running: Promise<void> | undefined
	/** What came since `#sinceMs`, bytes. */
	#cameBytes = 0
	#sinceMs = -Infinity
	#isFlood = false

	/** So many bytes came, whether they will be written or not. */
	came(bytes: number): void {
		this.#cameBytes += bytes
	}

	add(bytes: number, write: () => Promise<void>): void {
		this.#waiting.push({ bytes, write })
		this.#running ??= this.#run().finally(() => {
			this.#running = undefined
		})
	}

	/** Until `done` resolves, nothing rests. */
	async hurry<T>(done: Promise<T>): Promise<T> {
		this.#hurried++
		this.#hurry.resolve(undefined)
		try {
			return await done
		} finally {
			this.#hurried--
			if (this.#hurried === 0) this.#hurry = Promise.withResolvers()
		}
	}

	/** Resolves when all that was added is done, without rests. */
	async settled(): Promise<void> {
		while (this.#running !== undefined) await this.hurry(this.#running)
	}

	async #run(): Promise<void> {
		await this.#rest(FIRST_AFTER_MS)
		while (this.#waiting.length > 0) {
			while (this.#isFlooded() && this.#hurried === 0) await this.#rest(FLOOD_MS)
			const startedMs = performance.now()
			const burst = this.#next()
			await Promise.all(burst.map(({ write }) => write()))
			const bytes = burst.reduce((sum, each) => sum + each.bytes, 0)
			await this.#rest(startedMs + bytes / MAX_RATE - performance.now())
		}
	}

	/** True while more comes than is written. */
	#isFlooded(): boolean {
		const tookMs = performance.now() - this.#sinceMs
		if (tookMs < FLOOD_MS) return this.#isFlood
		this.#isFlood = this.#cameBytes > tookMs * MAX_RATE
		this.#cameBytes = 0
		this.#sinceMs = performance.now()
		return this.#isFlood
	}

	#next(): Waiting[] {
		let count = 0
		for (let bytes = 0; count < this.#waiting.length && bytes < BURST_BYTES; count++)
			bytes += this.#waiting[count]?.bytes ?? 0
		return this.#waiting.splice(0, count)
	}

	async #rest(ms: number): Promise<void> {
		if (ms <= 0 || this.#waiting.length === 0) return
		let timer: ReturnType<typeof setTimeout> | undefined
		const over = new Promise((resolve) => {
			timer = setTimeout(resolve, ms)
		})
		await Promise.race([over, this.#hurry.promise])
		clearTimeout(timer)
	}
}
