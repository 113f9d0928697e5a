/** What is taken of a peer that has delivered nothing yet. */
const UNKNOWN_SERVICE_MS = 150
const UNKNOWN_WINDOW = 1
const UNKNOWN_LATE_MS = 1_500
/** So much work is asked for ahead, ms: more than a round trip, so that the peer never waits for the next want. */
const AHEAD_MS = 500
const MIN_WINDOW = 2
const MAX_WINDOW = 16
const MAX_WINDOW_BYTES = 8 * 1024 * 1024
/** The measure forgets what lies further back, by bytes. */
const MEMORY_BYTES = 2 * 1024 * 1024
/** Smaller ones say how far away a peer is, not how fast it sends. */
const MIN_BLOCK_BYTES = 16 * 1024
/** A peer is silent for too long after so many times what it needs as a rule, and never sooner than this. */
const LATE_FACTOR = 2
const MIN_LATE_MS = 300
const MAX_LATE_MS = 8_000

/** What one peer delivers, measured: how fast, how much may be asked of it at once, when a block of it is late. */
export class Delivery {
	/** Blocks asked for and not come yet, with when they were asked for, oldest first. */
	readonly #asked = new Map<string, number>()
	#bytes = 0
	#busyMs = 0
	#blockBytes = 0
	/** Smallest time from want to block. */
	#latencyMs = Infinity
	#arrivedMs = -Infinity
	/** True after it was silent for too long, until something comes. */
	stalled = false

	get inFlight(): ReadonlyMap<string, number> {
		return this.#asked
	}

	asked(key: string, nowMs: number): void {
		if (!this.#asked.has(key)) this.#asked.set(key, nowMs)
	}

	withdrawn(key: string): void {
		this.#asked.delete(key)
	}

	arrived(key: string, bytes: number, nowMs: number): void {
		const askedMs = this.#asked.get(key)
		this.#asked.delete(key)
		this.stalled = false
		// what came without being asked for says nothing about how long it takes
		if (askedMs !== undefined) {
			this.#latencyMs = Math.min(this.#latencyMs, nowMs - askedMs)
		}
		if (askedMs !== undefined && bytes >= MIN_BLOCK_BYTES) {
			this.#bytes += bytes
			this.#busyMs += Math.max(0, nowMs - Math.max(askedMs, this.#arrivedMs))
			this.#blockBytes = this.#blockBytes === 0 ? bytes : this.#blockBytes * 0.8 + bytes * 0.2
			if (this.#bytes > MEMORY_BYTES) {
				this.#bytes /= 2
				this.#busyMs /= 2
			}
		}
		this.#arrivedMs = nowMs
	}

	/** How long the peer needs for one block of the usual size, ms. */
	get serviceMs(): number {
		if (this.#bytes === 0) return UNKNOWN_SERVICE_MS
		return Math.max(1, (Math.max(this.#blockBytes, MIN_BLOCK_BYTES) * this.#busyMs) / this.#bytes)
	}

	/** How many blocks may be asked of it at once: enough that its line is never idle. */
	get window(): number {
		if (this.stalled) return MIN_WINDOW
		if (this.#bytes === 0) return UNKNOWN_WINDOW
		const ahead = Math.max(AHEAD_MS, Math.min(this.#latencyMs, 4 * AHEAD_MS))
		const inBytes = Math.floor(MAX_WINDOW_BYTES / Math.max(this.#blockBytes, MIN_BLOCK_BYTES))
		const wanted = Math.ceil(ahead / this.serviceMs) + 1
		return Math.max(MIN_WINDOW, Math.min(wanted, MAX_WINDOW, inBytes))
	}

	/** When one more block would be here that stands behind `ahead` others, ms from now. */
	expectedMs(ahead: number): number {
		return (this.stalled ? MAX_LATE_MS : 0) + (ahead + 1) * this.serviceMs
	}

	/** When a block that was asked for will be here, from now on, ms. */
	remainingMs(key: string): number {
		let ahead = 0
		for (const other of this.#asked.keys()) {
			if (other === key) break
			ahead++
		}
		return this.expectedMs(ahead)
	}

	/**
	 * How long the peer may stay silent before what was asked of it is asked of others, ms. Kubo sends what it was asked
	 * for side by side, so that all of it may come at the end.
	 */
	get patienceMs(): number {
		if (this.#bytes === 0) return UNKNOWN_LATE_MS
		const wayMs = Math.max(0, Math.min(this.#latencyMs, MAX_LATE_MS) - this.serviceMs)
		const usualMs = wayMs + this.#asked.size * this.serviceMs
		return Math.min(MAX_LATE_MS, Math.max(MIN_LATE_MS, LATE_FACTOR * usualMs))
	}

	/** How long nothing has come though something was asked for, ms. */
	silentMs(key: string, nowMs: number): number {
		return nowMs - Math.max(this.#arrivedMs, this.#asked.get(key) ?? nowMs)
	}

	/** True when it has delivered anything. */
	get delivers(): boolean {
		return this.#arrivedMs > -Infinity
	}
}
