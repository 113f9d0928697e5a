import type { DocumentRange } from '../search-index'
import type { Columns } from './columns'
import type { Runs } from './runs'

/** Postings of a word, to be visited more than once. */
export type Visit = (packed: Uint32Array, count: number) => void

/** Of one part of the index: which documents it has, which of them are shown, and their facts. Shared by a buffer and what it is flushed to. */
export interface PartDocuments {
	readonly count: number
	readonly runs: Runs
	/** {@link SHOWN} or one of its likes, by document. */
	readonly shown: Uint8Array
	readonly columns: Columns
}

/** Added, and not shown yet. */
export const ADDED = 0
export const SHOWN = 1
/** Hidden for ever, or found in another part. */
export const GONE = 2

/** Marks the documents of a range as far as they are in the part. What is gone stays gone. */
export function mark(
	{ runs, shown }: PartDocuments,
	range: DocumentRange,
	state: typeof SHOWN | typeof GONE
): void {
	runs.intersect(range, (local, count) => {
		for (let at = local; at < local + count; at++) if (shown[at] !== GONE) shown[at] = state
	})
}
