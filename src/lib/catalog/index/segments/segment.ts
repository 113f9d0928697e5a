import type { Columns } from './columns'
import { decodeColumns } from './columns'
import type { PartDocuments } from './part'
import { Runs } from './runs'
import type { SegmentStore } from './segment-store'
import type { RawSegment } from './segment-writer'

/** One segment: what of it is in memory all the time. */
export class Segment implements PartDocuments {
	readonly record: RawSegment
	readonly store: SegmentStore
	readonly runs: Runs
	readonly columns: Columns
	readonly shown: Uint8Array

	/** @param shown - of the buffer that it was, with that buffer's marks; by itself nothing is shown */
	constructor(store: SegmentStore, record: RawSegment, facts: Uint8Array, shown?: Uint8Array) {
		this.store = store
		this.record = record
		this.runs = new Runs(record.runs)
		this.columns = decodeColumns(facts)
		this.shown = shown ?? new Uint8Array(record.documents)
	}

	get id(): number {
		return this.record.id
	}

	get count(): number {
		return this.record.documents
	}

	/** The page that has the word, if any has; -1 when it comes before all. */
	pageOf(word: string): number {
		const { firstWords } = this.record
		let low = -1
		let high = firstWords.length - 1
		while (low < high) {
			const middle = (low + high + 1) >> 1
			if ((firstWords[middle] ?? '') <= word) low = middle
			else high = middle - 1
		}
		return low
	}

	/** First and last page that may have words which begin so; the last is before the first when none has. */
	pagesOf(prefix: string): [first: number, last: number] {
		const { firstWords } = this.record
		const first = Math.max(0, this.pageOf(prefix))
		let last = this.pageOf(prefix)
		while (last + 1 < firstWords.length && firstWords[last + 1]?.startsWith(prefix)) last++
		return [first, last]
	}
}
