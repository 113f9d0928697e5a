const BUCKET_MS = 1000
/** Seconds with traffic that are remembered, and how long. */
const MOST_BUCKETS = 30
const MEMORY_MS = 5 * 60_000
/** The best seconds of these: in the others nothing more was asked for. */
const BEST = 3

/** How much the line was seen to carry: a lower bound, as it carries no more than what is asked for. */
export class LineSpeed {
	readonly #buckets: { atMs: number; bytes: number }[] = []

	/** @param bytes - that came over the network just before `nowMs` */
	note(bytes: number, nowMs: number): void {
		if (bytes <= 0) return
		const atMs = Math.floor(nowMs / BUCKET_MS) * BUCKET_MS
		const last = this.#buckets.at(-1)
		if (last?.atMs === atMs) last.bytes += bytes
		else this.#buckets.push({ atMs, bytes })
		if (this.#buckets.length > MOST_BUCKETS) this.#buckets.shift()
	}

	/** bit/s; undefined until enough was seen. */
	bitsPerS(nowMs: number): number | undefined {
		const best = this.#buckets
			.filter(({ atMs }) => nowMs - atMs < MEMORY_MS)
			.map(({ bytes }) => bytes)
			.toSorted((one, other) => other - one)
			.slice(0, BEST)
		if (best.length < 2) return undefined
		return (best.reduce((total, bytes) => total + bytes, 0) / best.length) * 8 * (1000 / BUCKET_MS)
	}

	/** Another line: what the one before carried says nothing of it. */
	reset(): void {
		this.#buckets.length = 0
	}
}
