import type { BlockWatch } from './block-source'
import { fromStart } from './claim'
import type { FileSources, Purpose } from './file-reader'

/** One reader's place in a file: what is read next, and how far. */
export class Cursor {
	readonly purpose: Purpose
	readonly sources: FileSources
	readonly watch: BlockWatch
	/** Next byte of the file that is handed on; negative, from the end, while the size of the file is not known. */
	position: number
	/** Where it began, as `position`. */
	from: number
	/** The byte after the last one that this reader wants. */
	end: number
	/** How far requests may reach beyond `end`, for a reader that is likely to go on there. */
	reach: number
	/** It only looks at the first bytes: it takes the line from nobody, and nobody takes it from it. */
	readonly isGlance: boolean
	/** The newest is the most urgent of its purpose. */
	readonly order = ++orders
	/** Since when its next byte has been waited for, `performance.now()`; undefined while it need not wait. */
	waitingSinceMs: number | undefined
	/** When it last went on, `performance.now()`. */
	progressMs = performance.now()
	/** Since when all that it may read ahead has not been here at once, `performance.now()`. */
	hungrySinceMs: number | undefined
	/** Bytes handed on. */
	readBytes = 0
	/** Why it cannot go on. */
	error: unknown
	#reportedMs: number | undefined

	constructor(options: {
		readonly purpose: Purpose
		readonly sources: FileSources
		readonly watch: BlockWatch
		readonly position: number
		readonly end: number
		readonly reach: number
		readonly isGlance?: boolean
	}) {
		this.purpose = options.purpose
		this.sources = options.sources
		this.watch = options.watch
		this.position = options.position
		this.from = options.position
		this.end = options.end
		this.reach = options.reach
		this.isGlance = options.isGlance ?? false
	}

	/** The file's size is known now. */
	settle(sizeBytes: number): void {
		this.position = fromStart(this.position, sizeBytes)
		this.from = fromStart(this.from, sizeBytes)
		this.end = Math.min(this.end, sizeBytes)
		this.reach = Math.min(this.reach, sizeBytes)
	}

	/** So many bytes were handed on. */
	advance(bytes: number): void {
		this.position += bytes
		this.readBytes += bytes
		this.progressMs = performance.now()
		this.waitingSinceMs = undefined
		if (this.#reportedMs !== undefined) this.watch.waiting(undefined)
		this.#reportedMs = undefined
	}

	/** Tells the watch when the next byte is late, again and again until it is here. */
	report(asked: readonly string[]): void {
		const now = performance.now()
		const { waitingSinceMs } = this
		if (waitingSinceMs === undefined || now - waitingSinceMs < LATE_MS) return
		if (this.purpose !== 'play' || now - (this.#reportedMs ?? -Infinity) < REPORT_MS) return
		this.#reportedMs = now
		this.watch.waiting({
			fromByte: Math.max(0, this.position),
			sinceMs: Math.round(Date.now() - (now - waitingSinceMs)),
			asked
		})
	}

	/** Its next byte is not here. False when that was known. */
	waits(): boolean {
		if (this.waitingSinceMs !== undefined) return false
		this.waitingSinceMs = performance.now()
		return true
	}
}

/** A reader that waits for longer than this says so, and how often, ms. */
const LATE_MS = 500
const REPORT_MS = 400

let orders = 0

const RANK: Readonly<Record<Purpose, number>> = { play: 0, soon: 1, later: 2 }

/** Most urgent first. */
export const byUrgency = (a: Cursor, b: Cursor): number => RANK[a.purpose] - RANK[b.purpose] || b.order - a.order
