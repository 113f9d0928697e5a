/** A rate limit by key: `burst` at once, then one more each `intervalMs`. Holds state only for keys below their burst. */
export class TokenBucket {
	readonly #buckets = new Map<string, { tokens: number; atMs: number }>()
	readonly #intervalMs: number
	readonly #burst: number
	readonly #now: () => number
	readonly #maxKeys: number

	constructor(intervalMs: number, burst: number, options: { now?: () => number; maxKeys?: number } = {}) {
		this.#intervalMs = intervalMs
		this.#burst = burst
		this.#now = options.now ?? Date.now
		this.#maxKeys = options.maxKeys ?? 10_000
	}

	/** Takes one token of this key. False when there is none, or when too many keys are busy to tell. */
	take(key: string): boolean {
		const now = this.#now()
		const bucket = this.#buckets.get(key)
		const tokens = bucket ? this.#refilled(bucket, now) : this.#burst
		if (tokens < 1) return false
		if (!bucket && this.#buckets.size >= this.#maxKeys && !this.#makeRoom(now)) return false
		this.#buckets.set(key, { tokens: tokens - 1, atMs: now })
		return true
	}

	/** How long until {@link take} gives a token, in ms; 0 when it would now. */
	waitMs(key: string): number {
		const bucket = this.#buckets.get(key)
		if (!bucket) return 0
		return Math.max(0, Math.ceil((1 - this.#refilled(bucket, this.#now())) * this.#intervalMs))
	}

	#refilled(bucket: { tokens: number; atMs: number }, now: number): number {
		return Math.min(this.#burst, bucket.tokens + Math.max(0, now - bucket.atMs) / this.#intervalMs)
	}

	#makeRoom(now: number): boolean {
		for (const [key, bucket] of this.#buckets) {
			if (this.#refilled(bucket, now) >= this.#burst) this.#buckets.delete(key)
		}
		return this.#buckets.size < this.#maxKeys
	}
}
