import type { SourceKind } from './block-source'
import type { Claim } from './claim'
import type { FileSession } from './file-session'

/** How fast a source is, learned from what comes. */
export class Meter {
	/** All that ever came. */
	totalBytes = 0
	#bytes = 0
	#tookMs = 0
	#answerMs: number | undefined

	/** Bytes a ms while it was read; undefined until enough came. */
	get rate(): number | undefined {
		return this.#bytes < ENOUGH_BYTES ? undefined : this.#bytes / Math.max(1, this.#tookMs)
	}

	/** Usual time from asking to the first byte, ms. */
	get answerMs(): number | undefined {
		return this.#answerMs
	}

	add(bytes: number, tookMs: number): void {
		this.#bytes += bytes
		this.#tookMs += tookMs
		if (this.#tookMs > HORIZON_MS) {
			this.#bytes /= 2
			this.#tookMs /= 2
		}
	}

	answered(tookMs: number): void {
		this.#answerMs = this.#answerMs === undefined ? tookMs : this.#answerMs * 0.7 + tookMs * 0.3
	}
}

const HORIZON_MS = 4_000
const ENOUGH_BYTES = 256 * 1024

/** One source of a file, as the schedule sees it. */
export interface Lane {
	readonly name: string
	readonly kind: SourceKind
	readonly meter: Meter
	/** What it is at work on. */
	readonly claims: Set<Claim>
	/** It gets no claim until then, `performance.now()`. */
	restUntilMs: number
	/** How long it wants to be left alone still, ms. */
	readonly waitMs: number
	/** Faults since the last good block. */
	faults: number
	/** What it said when it failed last, for people; undefined after a good block. */
	said: string | undefined
	/** It will not give this file, however often it is asked now. */
	readonly isOut: boolean
	/** What went wrong may be over soon: it was the network, not the answer. */
	mayRecover: boolean
	/** Usual time from asking to a block, ms; undefined when it is not known. */
	readonly usualMs: number | undefined
	/** True when it streams a run in one request, false when it is asked for block after block. */
	readonly streams: boolean
	/**
	 * Brings the blocks of the claim in order, as the session has room for them.
	 * @throws what is wrong with the source; or the reason of the claim's signal
	 */
	run(claim: Claim, session: FileSession): Promise<void>
	/** A good block came. */
	succeeded(claim: Claim): void
	/** Told how a run ended badly; sets how it rests and what it said. */
	failed(error: unknown): void
	/** Another source was quicker with the block that it owed. */
	outrun(): void
}
