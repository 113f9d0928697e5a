import type { Claim } from './claim'
import type { Lane } from './lane'
import { answerMsOf, rateOf } from './sharing'

/** Read ahead of a reader from one source; what the system buffers comes on top. */
export const WINDOW_BYTES = 1024 * 1024
/** The same from several sources at once: what they bring in this time, ms. */
const SHARED_WINDOW_MS = 3_000
const MIN_SHARED_WINDOW_BYTES = 2 * 1024 * 1024
export const MAX_SHARED_WINDOW_BYTES = 8 * 1024 * 1024
/** One request of a source among several: what it brings in this time, ms. */
const SHARED_RUN_MS = 1_500
const MIN_SHARED_RUN_BYTES = 512 * 1024
const MAX_SHARED_RUN_BYTES = 4 * 1024 * 1024
/**
 * One request of a source that is alone, ms. It has an end, because Chromium takes tens of megabytes of an answer that nobody
 * reads: what is open when the reader pauses or seeks is fetched to its end, for nothing.
 */
const LONE_RUN_MS = 700
const MIN_LONE_RUN_BYTES = 4 * 1024 * 1024
const MAX_LONE_RUN_BYTES = 8 * 1024 * 1024
/** Sources that came in and did not make it quicker stay out for so long, ms. */
const ALONE_MS = 20_000
/** How much quicker it must have become. */
const WORTH_SHARING = 1.2

const within = (least: number, value: number, most: number) => Math.min(most, Math.max(least, value))

/**
 * Whether several sources are at work on a file, which is found out by trying: two on one slow line are no quicker than one,
 * and make what is needed first come later.
 */
export class Company {
	#isShared = false
	#aloneSinceMs = -Infinity
	#trial: Trial | undefined

	/** Several sources at once were quicker than one. */
	get isShared(): boolean {
		return this.#isShared
	}

	/** One source is at work, and no other is tried. */
	get isOfOne(): boolean {
		return !this.#isShared && this.#trial === undefined
	}

	/** True when idle sources may come in. */
	get isOpen(): boolean {
		return this.#trial === undefined && performance.now() - this.#aloneSinceMs >= ALONE_MS
	}

	/** Read ahead of a reader. */
	windowBytes(claims: Iterable<Claim>): number {
		const lanes = new Set([...claims].map(({ lane }) => lane))
		if (!this.#isShared) {
			// As much as comes while the next request is on its way.
			const most = Math.max(0, ...[...lanes].map((lane) => rateOf(lane) * answerMsOf(lane)))
			return within(WINDOW_BYTES, most * 2, MAX_SHARED_WINDOW_BYTES)
		}
		const rate = [...lanes].reduce((sum, lane) => sum + rateOf(lane), 0)
		return within(MIN_SHARED_WINDOW_BYTES, rate * SHARED_WINDOW_MS, MAX_SHARED_WINDOW_BYTES)
	}

	/** Read ahead of a reader while others are tried. */
	get trialWindowBytes(): number {
		return MIN_SHARED_WINDOW_BYTES
	}

	/** How much a source is asked for at a time. */
	runBytes(lane: Lane): number {
		const rate = rateOf(lane)
		return this.#isShared
			? within(MIN_SHARED_RUN_BYTES, rate * SHARED_RUN_MS, MAX_SHARED_RUN_BYTES)
			: within(MIN_LONE_RUN_BYTES, rate * LONE_RUN_MS, MAX_LONE_RUN_BYTES)
	}

	/** Another source came in beside one that brought `before` bytes a ms. */
	joined(claim: Claim, before: number): void {
		if (this.#isShared) return
		this.#trial ??= new Trial(before)
		this.#trial.claims.add(claim)
	}

	/** A block came, of whichever source. */
	arrived(bytes: number): void {
		this.#trial?.add(bytes)
	}

	/** A claim has ended; with the first of those that came in the trial is over. */
	ended(claim: Claim): void {
		const trial = this.#trial
		if (trial?.claims.has(claim) !== true) return
		this.#trial = undefined
		if (trial.rate > trial.before * WORTH_SHARING) this.#isShared = true
		else this.#aloneSinceMs = performance.now()
	}
}

/** First runs of further sources. */
class Trial {
	readonly claims = new Set<Claim>()
	readonly before: number
	#startedMs: number | undefined
	#bytes = 0

	constructor(before: number) {
		this.before = before
	}

	/** Counted from the first block of a further source on. */
	add(bytes: number): void {
		if (this.#startedMs !== undefined) this.#bytes += bytes
		else if ([...this.claims].some(({ blocks }) => blocks > 0)) this.#startedMs = performance.now()
	}

	get rate(): number {
		const tookMs = this.#startedMs === undefined ? 0 : performance.now() - this.#startedMs
		return tookMs === 0 ? 0 : this.#bytes / tookMs
	}
}
