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
const MIN_SHARED_RUN_BYTES = 256 * 1024
const MAX_SHARED_RUN_BYTES = 4 * 1024 * 1024
/**
 * One request of a source that is alone, ms. It has an end, because Chromium takes tens of megabytes of an answer that nobody
 * reads: what is open when the reader pauses or seeks is fetched to its end, for nothing.
 */
const LONE_RUN_MS = 700
const MIN_LONE_RUN_BYTES = 4 * 1024 * 1024
/** The most, unless a reader has taken more than this in one go: then as much again. */
const MAX_LONE_RUN_BYTES = 8 * 1024 * 1024
/**
 * The first request of a reader, bytes and ms. A short one is over soon, and its connection is there for a seek: over HTTP/1.1 a
 * new one costs two round trips more. And a reader that has just come may leave soon.
 */
const FIRST_RUN_BYTES = 1024 * 1024
const FIRST_RUN_MS = 100
/** Sources that came in and did not make it quicker stay out for so long, ms. */
const ALONE_MS = 20_000
/** So long it is tried; less where further sources have brought all that they were asked for, ms. */
const TRIAL_MS = 500
const MIN_TRIAL_MS = 150
/** How much quicker it must have become. */
const WORTH_SHARING = 1.2

/** In whole bytes: a gateway refuses a range of parts of them. */
const within = (least: number, value: number, most: number) => Math.round(Math.min(most, Math.max(least, value)))

/** Where in its reader's way a run begins. */
export interface RunPlace {
	/** What nobody has undertaken yet. */
	readonly leftBytes: number
	/** What was undertaken for the reader before. */
	readonly doneBytes: number
	/** What the reader has taken already. */
	readonly readBytes: number
}

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
		if (this.#trial !== undefined) return this.#trial.claims.size === 0
		return performance.now() - this.#aloneSinceMs >= ALONE_MS
	}

	/** Read ahead of a reader. */
	windowBytes(claims: Iterable<Claim>): number {
		if (this.#trial !== undefined) return MIN_SHARED_WINDOW_BYTES
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

	/**
	 * How much a source is asked for at a time.
	 * @param claims - what others are at work on
	 */
	runBytes(lane: Lane, claims: Iterable<Claim>, { leftBytes, doneBytes, readBytes }: RunPlace): number {
		const rate = rateOf(lane)
		if (!this.#isShared) {
			const usual = within(MIN_LONE_RUN_BYTES, rate * LONE_RUN_MS, Math.max(MAX_LONE_RUN_BYTES, readBytes))
			return doneBytes > 0 || !lane.streams ? usual : within(FIRST_RUN_BYTES, rate * FIRST_RUN_MS, usual)
		}
		const lanes = new Set([...claims].map((claim) => claim.lane)).add(lane)
		// Towards the end less and less, so that all end at the same time.
		const share = (leftBytes * rate) / [...lanes].reduce((sum, each) => sum + rateOf(each), 0)
		return within(MIN_SHARED_RUN_BYTES, Math.min(rate * SHARED_RUN_MS, share), MAX_SHARED_RUN_BYTES)
	}

	/** Another source came in beside one that brought `before` bytes a ms. */
	joined(claim: Claim, before: number): void {
		if (this.#isShared) return
		this.#trial ??= new Trial(before)
		this.#trial.claims.add(claim)
	}

	/**
	 * A block came.
	 * @param claims - all that are under way
	 */
	arrived(claim: Claim, claims: Iterable<Claim>): void {
		this.#trial?.look(claim, claims)
		if (this.#trial?.isOver === true) this.#judge(this.#trial)
	}

	/** A claim has ended. When all that came in have, and so little came that it says nothing, others may come in. */
	ended(claim: Claim): void {
		const trial = this.#trial
		if (trial?.claims.delete(claim) !== true || trial.claims.size > 0) return
		if (claim.blocks === 0 || trial.tookMs >= MIN_TRIAL_MS) this.#judge(trial)
	}

	#judge(trial: Trial): void {
		this.#trial = undefined
		if (trial.rate > trial.before * WORTH_SHARING) this.#isShared = true
		else this.#aloneSinceMs = performance.now()
	}
}

/** First runs of further sources, and what all together bring meanwhile. */
class Trial {
	/** Of further sources, under way. */
	readonly claims = new Set<Claim>()
	/** Bytes a ms that one source brought alone. */
	readonly before: number
	/** What each source had brought when it began to count, bytes. */
	readonly #from = new Map<Lane, number>()
	/** The source whose blocks say when the count begins and ends: a whole number of them lies between. */
	#lane: Lane | undefined
	#startedMs = 0
	#tookMs = 0
	#rate = 0

	constructor(before: number) {
		this.before = before
	}

	get isOver(): boolean {
		return this.#tookMs >= TRIAL_MS
	}

	get tookMs(): number {
		return this.#tookMs
	}

	/** Bytes a ms of all sources. */
	get rate(): number {
		return this.#rate
	}

	look(claim: Claim, claims: Iterable<Claim>): void {
		const now = performance.now()
		if (this.#lane === undefined) {
			if (!this.claims.has(claim)) return
			this.#lane = claim.lane
			this.#startedMs = now
		}
		let bytes = 0
		for (const { lane } of claims) if (!this.#from.has(lane)) this.#from.set(lane, lane.meter.totalBytes)
		for (const [lane, from] of this.#from) bytes += lane.meter.totalBytes - from
		if (claim.lane !== this.#lane || now === this.#startedMs) return
		this.#tookMs = now - this.#startedMs
		this.#rate = bytes / this.#tookMs
	}
}
