import type { BlockWatch } from './block-source'
import type { Lane } from './lane'

/** An answer begins with what lies ready in buffers, which comes many times as quickly as the line carries. */
const BURST_BYTES = 64 * 1024

/** A position in the file, of one that may be counted from the end. */
export const fromStart = (position: number, sizeBytes: number): number =>
	Math.min(sizeBytes, position < 0 ? Math.max(0, sizeBytes + position) : position)

/** A run of a file that one source has undertaken to bring. */
export class Claim {
	readonly lane: Lane
	readonly watch: BlockWatch
	/** First byte that it still owes; negative, from the end, while the size of the file is not known. */
	from: number
	/** The byte after the last one; less when another source has taken over the tail. */
	to: number
	/** The byte after the last one that the source was asked for. */
	reach: number
	/** Nobody needs it, but somebody may come back for it: it is left alone until then, `performance.now()`. */
	keepUntilMs = 0
	/** Claims for the same bytes, when the first source was late with the block at `at`: the first copy of it wins. */
	race: { readonly at: number; readonly claims: Set<Claim> } | undefined
	/** The byte after the last one of what is under way right now. */
	busyTo: number
	/** When it began, `performance.now()`. */
	readonly startedMs = performance.now()
	/** Good blocks that came. */
	blocks = 0
	readonly #stop = new AbortController()
	/** Since when the block that is due next has been waited for, ms. */
	#dueMs = performance.now()
	#progressMs = performance.now()
	#dueBytes = 0
	#answered = false
	/** Of the answer. */
	#cameBytes = 0
	#isPaused = false

	constructor(lane: Lane, watch: BlockWatch, from: number, to: number, reach = to) {
		this.lane = lane
		this.watch = watch
		this.from = from
		this.to = to
		this.reach = reach
		this.busyTo = from
	}

	get signal(): AbortSignal {
		return this.#stop.signal
	}

	/** Nothing of it is read right now, because nobody needs it yet. */
	get isPaused(): boolean {
		return this.#isPaused
	}

	/** How long nothing at all has come, ms. */
	get quietMs(): number {
		return this.#isPaused ? 0 : performance.now() - this.#progressMs
	}

	/** How long the block that is due next has been waited for, ms. */
	get dueMs(): number {
		return this.#isPaused ? 0 : performance.now() - this.#dueMs
	}

	/** What has come of the block that is due next, bytes; about, where several are under way. */
	get dueBytes(): number {
		return this.#dueBytes
	}

	covers(position: number): boolean {
		return this.from <= position && position < this.to
	}

	/** The source is asked for less than was thought. */
	shorten(reach: number): void {
		this.to = Math.min(this.to, reach)
		this.reach = Math.min(this.reach, reach)
	}

	/** The file's size is known now. */
	settle(sizeBytes: number): void {
		this.from = fromStart(this.from, sizeBytes)
		this.shorten(sizeBytes)
	}

	/** Some bytes have come. */
	progress(bytes: number): void {
		const now = performance.now()
		const tookMs = now - this.#progressMs
		if (!this.#answered) this.lane.meter.answered(tookMs)
		this.lane.meter.totalBytes += bytes
		// Of a stream the answering time is no part of the rate, nor is its beginning; of single blocks both are.
		if (this.#cameBytes >= BURST_BYTES || !this.lane.streams) this.lane.meter.add(bytes, tookMs)
		this.#cameBytes += bytes
		this.#answered = true
		this.#progressMs = now
		this.#dueBytes += bytes
	}

	/** A good block has come. */
	arrived(): void {
		this.#dueMs = this.#progressMs = performance.now()
		this.#dueBytes = 0
		this.blocks++
	}

	pause(): void {
		this.#isPaused = true
	}

	resume(): void {
		if (!this.#isPaused) return
		this.#isPaused = false
		this.#dueMs = this.#progressMs = performance.now()
	}

	/** Gives up what is under way. */
	cut(): void {
		this.#stop.abort(new DOMException('no longer wanted', 'AbortError'))
	}
}
