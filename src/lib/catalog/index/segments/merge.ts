import type { TimeSlices } from '../time-slices'
import { ColumnsBuilder } from './columns'
import { PageGone } from './page-cache'
import { GONE, SHOWN } from './part'
import { PageCursor } from './posting-page'
import { MASK, MASK_BITS, readPostings } from './postings'
import { skipPlaces } from './positions'
import { RunsBuilder } from './runs'
import type { Segment } from './segment'
import { TITLE_KEYS, type SegmentStore } from './segment-store'
import { SegmentWriter } from './segment-writer'
import { VarintReader } from './varints'

/** Pages of each segment that are read at a time. */
const PAGES_AHEAD = 16

/** A segment made of others; not yet committed. */
export interface Merged {
	readonly writer: SegmentWriter
	readonly runs: readonly number[]
	readonly columns: ColumnsBuilder
	/** How the documents of each input are numbered now; -1 for those left out. */
	readonly renumbered: readonly Int32Array[]
}

interface Input {
	readonly segment: Segment
	readonly renumbered: Int32Array
	/** What is added to the numbers, where all documents are kept. */
	readonly shift: number | undefined
	readonly words: WordCursor
}

/**
 * Writes the documents of some segments as one, without those that are gone. In slices of time.
 * @param keeps - whether a document that is not shown is kept all the same
 * @throws PageGone; what `signal` was aborted with
 */
export async function merge(
	segments: readonly Segment[],
	store: SegmentStore,
	id: number,
	keeps: (segment: Segment, local: number) => boolean,
	slices: TimeSlices,
	signal: AbortSignal | undefined
): Promise<Merged> {
	const writer = new SegmentWriter(store, id)
	const runs = new RunsBuilder()
	const columns = new ColumnsBuilder(segments.reduce((sum, { count }) => sum + count, 1))
	const inputs: Input[] = []
	for (const segment of segments) {
		const first = columns.count
		const renumbered = await appendDocuments(segment, runs, columns, keeps)
		const shift = columns.count - first === segment.count ? first : undefined
		inputs.push({ segment, renumbered, shift, words: new WordCursor(segment) })
		await slices.rest()
	}
	await Promise.all(inputs.map(({ words }) => words.next()))
	for (;;) {
		let least: string | undefined
		for (const { words } of inputs) {
			if (words.word !== undefined && (least === undefined || words.word < least)) least = words.word
		}
		if (least === undefined) break
		writer.startWord()
		for (const input of inputs) {
			if (input.words.word !== least) continue
			appendWord(input, writer)
			if (!input.words.step()) await input.words.next()
		}
		writer.endWord(least)
		if (slices.over) {
			await writer.drain()
			await slices.rest()
			signal?.throwIfAborted()
		}
	}
	return { writer, runs: runs.pairs, columns, renumbered: inputs.map(({ renumbered }) => renumbered) }
}

/** Numbers the documents of a segment that are kept, and takes over their facts. */
async function appendDocuments(
	segment: Segment,
	runs: RunsBuilder,
	columns: ColumnsBuilder,
	keeps: (segment: Segment, local: number) => boolean
): Promise<Int32Array> {
	const [titleKeys] = await segment.store.read([{ store: 'columns', segment: segment.id, part: TITLE_KEYS }])
	if (titleKeys === undefined) throw new PageGone(`title keys of ${segment.id}`)
	const kept = new Uint8Array(segment.count)
	for (let local = 0; local < segment.count; local++) {
		const state = segment.shown[local]
		if (state === SHOWN || (state !== GONE && keeps(segment, local))) kept[local] = 1
	}
	const numbers = columns.renumber(segment.columns, kept)
	const renumbered = new Int32Array(segment.count).fill(-1)
	let start = 0
	for (const { first, count } of segment.runs.ranges) {
		for (let from = start; from < start + count;) {
			let to = from
			while (to < start + count && kept[to] === kept[from]) to++
			if (kept[from] === 1) {
				for (let local = from; local < to; local++) renumbered[local] = columns.count + local - from
				columns.append(segment.columns, titleKeys, numbers, from, to)
				runs.add(first + from - start, to - from)
			}
			from = to
		}
		start += count
	}
	return renumbered
}

function appendWord({ words, shift, renumbered }: Input, writer: SegmentWriter): void {
	const { postings, positions, place } = words
	if (shift !== undefined) {
		writer.postings.append(postings, place.from, place.to, shift)
		writer.positions.raw(positions, place.positionsFrom, place.positionsTo)
		return
	}
	const places = new VarintReader(positions, place.positionsFrom)
	readPostings(postings, place.from, place.to, (packed, count) => {
		const kept = new Uint32Array(count)
		let keptCount = 0
		for (let at = 0; at < count; at++) {
			const value = packed[at] as number
			const mask = value & MASK
			const local = renumbered[value >>> MASK_BITS] as number
			const from = places.at
			skipPlaces(places, mask)
			if (local === -1) continue
			kept[keptCount++] = (local << MASK_BITS) | mask
			writer.positions.raw(positions, from, places.at)
		}
		if (keptCount > 0) writer.postings.add(kept, keptCount)
	})
}

/** Walks through the words of a segment. */
class WordCursor {
	readonly #segment: Segment
	#page = 0
	#cursor: PageCursor | undefined
	#ahead: { postings: Uint8Array; positions: Uint8Array }[] = []
	word: string | undefined
	postings: Uint8Array = new Uint8Array(0)
	positions: Uint8Array = new Uint8Array(0)

	constructor(segment: Segment) {
		this.#segment = segment
	}

	get place(): PageCursor {
		if (this.#cursor === undefined) throw new RangeError('there is no word')
		return this.#cursor
	}

	/** Goes on within the page; false when it has ended. */
	step(): boolean {
		if (this.#cursor?.step() !== true) return false
		this.word = this.#cursor.word
		return true
	}

	/** Goes on to the next page. */
	async next(): Promise<void> {
		if (this.#ahead.length === 0) await this.#read()
		const page = this.#ahead.shift()
		if (page === undefined) {
			this.word = undefined
			this.#cursor = undefined
			return
		}
		this.postings = page.postings
		this.positions = page.positions
		this.#cursor = new PageCursor(page.postings)
		if (!this.step()) await this.next()
	}

	async #read(): Promise<void> {
		const { id, store, record } = this.#segment
		const last = Math.min(record.firstWords.length, this.#page + PAGES_AHEAD)
		const parts = Array.from({ length: last - this.#page }, (_, at) => this.#page + at)
		this.#page = last
		const pages = await store.read(
			(['postings', 'positions'] as const).flatMap((store) => parts.map((part) => ({ store, segment: id, part })))
		)
		for (let at = 0; at < parts.length; at++) {
			const [postings, positions] = [pages[at], pages[at + parts.length]]
			if (postings === undefined || positions === undefined) throw new PageGone(`page of ${id}`)
			this.#ahead.push({ postings, positions })
		}
	}
}
