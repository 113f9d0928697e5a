import type { ScorePart } from '../../catalog'
import type {
	Completion,
	DocumentRange,
	Fact,
	FieldWords,
	IndexAnswer,
	IndexDocument,
	IndexQuery,
	SearchIndex,
	Standing
} from '../search-index'
import { TimeSlices, type Precedence } from '../time-slices'
import { Accumulator } from './accumulate'
import { AnswerBuilder } from './answer-builder'
import { Dictionaries } from './dictionaries'
import { explainScore } from './explain-score'
import { Gate } from './gate'
import { chooseMerge } from './merge-choice'
import { merge } from './merge'
import { PageCache, PageGone, PageSet } from './page-cache'
import { ADDED, GONE, mark, SHOWN } from './part'
import type { Part } from './part-words'
import { PublisherNames } from './publisher-names'
import { namedReadings, publishersIn, QueryReader, type Index, type ReadQuery } from './query-reader'
import { RepeatedWorks } from './repeated-works'
import { without } from './runs'
import { Segment } from './segment'
import {
	DatabaseSegmentStore,
	FACTS,
	MemorySegmentStore,
	segmentId,
	TITLE_KEYS,
	type SegmentStore
} from './segment-store'
import { SEGMENT_FORMAT, SegmentWriter } from './segment-writer'
import { documentsWith, lowerHalves, NO_STANDING, standingIn, type PartStanding } from './standing'
import { WriteBuffer } from './write-buffer'

const CACHE_BYTES = 24 * 1024 * 1024
/** A query is asked again when another process has merged away what it was reading. */
const MAX_ATTEMPTS = 5
/** So few hits make one wonder whether another spelling was meant. */
const FEW = 3
/** Documents that were flushed so long ago and were never shown are not waited for any longer. */
const PENDING_MS = 10 * 60_000
/** After the disk was full it is tried again so much later. */
const RETRY_MS = 60_000

export interface SegmentIndexInit {
	/** With the stores of `createSegmentStores`; without one all is kept in memory. */
	readonly database?: IDBDatabase | undefined
	/** Of the names of its stores. */
	readonly prefix?: string
	/** In place of a database. */
	readonly store?: SegmentStore
	readonly cacheBytes?: number
	/** Of questions, over flushes and merges. */
	readonly precedence?: Precedence | undefined
	readonly now?: () => number
}

/** Opens the index: reads the facts of all documents, and nothing else that grows with them. */
export async function openSearchIndex(init: SegmentIndexInit): Promise<SearchIndex> {
	const store =
		init.store ??
		(init.database === undefined ? undefined : new DatabaseSegmentStore(init.database, init.prefix ?? ''))
	const index = new SegmentIndex(store, init.cacheBytes ?? CACHE_BYTES, init.now ?? Date.now, init.precedence)
	await index.refresh()
	return index
}

/** Four bytes for each document of the largest part, some 30 for each of the largest answer. One for all indexes: a part is matched and counted in one go. */
const accumulator = new Accumulator()

/** {@link SearchIndex} of immutable segments and a buffer in memory. */
class SegmentIndex implements SearchIndex {
	readonly #store: SegmentStore | undefined
	/** For what the database does not take. */
	readonly #memory = new MemorySegmentStore()
	readonly #now: () => number
	readonly #precedence: Precedence | undefined
	readonly #cache: PageCache
	readonly #dictionaries = new Dictionaries()
	readonly #names = new PublisherNames()
	#segments: readonly Segment[] = []
	/** Those being flushed, and the one that takes what is added. */
	#flushing: readonly WriteBuffer[] = []
	#buffer = new WriteBuffer()
	#standing: Standing = NO_STANDING
	#standings = new WeakMap<Part, { readonly count: number; readonly standing: PartStanding }>()
	#works = new RepeatedWorks()
	#flushes: Promise<void> = Promise.resolve()
	#changes: Promise<void> = Promise.resolve()
	#degraded: SearchIndex['degraded']
	#degradedMs = -Infinity
	#swept = false

	constructor(
		store: SegmentStore | undefined,
		cacheBytes: number,
		now: () => number,
		precedence: Precedence | undefined
	) {
		this.#store = store
		this.#precedence = precedence
		this.#cache = new PageCache(cacheBytes)
		this.#now = now
		if (store === undefined) this.#degraded = 'lost'
	}

	get shown(): number {
		let shown = 0
		for (const { shown: states, count } of this.#parts) {
			for (let local = 0; local < count; local++) if (states[local] === SHOWN) shown++
		}
		return shown
	}

	get unflushed(): number {
		return this.#buffers.reduce((sum, { count }) => sum + count, 0)
	}

	get full(): boolean {
		return this.#buffer.full
	}

	get degraded(): SearchIndex['degraded'] {
		return this.#degraded
	}

	get sizeBytes(): number {
		return this.#segments.reduce(
			(sum, { record, store }) => sum + (store === this.#store ? record.sizeBytes : 0),
			0
		)
	}

	get end(): number {
		let end = 0
		for (const { runs } of this.#parts)
			for (const { first, count } of runs.ranges) end = Math.max(end, first + count)
		return end
	}

	add(document: number, entry: IndexDocument): void {
		const buffer = this.#buffer
		buffer.add(document, entry)
		this.#works.add(buffer, buffer.count - 1, buffer.count)
	}

	show(ranges: readonly DocumentRange[]): void {
		for (const part of this.#parts) for (const range of ranges) mark(part, range, SHOWN)
	}

	hide(ranges: readonly DocumentRange[]): void {
		for (const part of this.#parts) for (const range of ranges) mark(part, range, GONE)
	}

	missing(ranges: readonly DocumentRange[]): readonly DocumentRange[] {
		return without(
			ranges,
			this.#parts.flatMap(({ runs }) => runs.ranges)
		)
	}

	namePublisher(publisher: number, words: readonly string[]): void {
		this.#names.name(publisher, words)
	}

	know(standing: Standing): void {
		this.#standing = standing
		this.#standings = new WeakMap()
	}

	flush(): Promise<void> {
		const flushed = this.#flushes.then(() => this.#flush())
		this.#flushes = flushed.catch(() => undefined)
		return flushed
	}

	flushed(): Promise<void> {
		return this.#flushes
	}

	async #flush(): Promise<void> {
		const buffer = this.#buffer
		if (buffer.count === 0) return
		this.#buffer = new WriteBuffer()
		this.#flushing = [...this.#flushing, buffer]
		const segment = await this.#written(buffer)
		this.#flushing = this.#flushing.filter((other) => other !== buffer)
		this.#segments = [...this.#segments, segment]
		this.#makeRoomForWorks(0)
	}

	/** Writes a buffer to the database, or to memory where that fails. */
	async #written(buffer: WriteBuffer): Promise<Segment> {
		const store = this.#store
		if (store !== undefined && this.#now() - this.#degradedMs >= RETRY_MS) {
			try {
				const segment = await this.#writeTo(store, buffer)
				this.#degraded = undefined
				return segment
			} catch (error) {
				this.#degraded = isFull(error) ? 'full' : 'lost'
				this.#degradedMs = this.#now()
			}
		}
		return this.#writeTo(this.#memory, buffer)
	}

	async #writeTo(store: SegmentStore, buffer: WriteBuffer): Promise<Segment> {
		const writer = new SegmentWriter(store, segmentId(this.#now()))
		try {
			await buffer.flush(writer, new TimeSlices(this.#precedence))
			const { record, facts } = await writer.finish(buffer.runs.pairs, buffer.facts, this.#now())
			await store.commit(record, [])
			return new Segment(store, record, facts, buffer.shown)
		} catch (error) {
			await store.deleteContents([writer.id]).catch(() => undefined)
			throw error
		}
	}

	async tidy({ atRest = false, signal }: { atRest?: boolean; signal?: AbortSignal } = {}): Promise<void> {
		await this.#sweep()
		for (;;) {
			signal?.throwIfAborted()
			const chosen = this.#chooseMerge(atRest)
			if (chosen.length === 0) return
			if (!(await this.#merge(chosen, signal))) return
		}
	}

	/** Once: what a killed process left, and segments of another format. */
	async #sweep(): Promise<void> {
		if (this.#swept || this.#store === undefined) return
		this.#swept = true
		try {
			const records = await this.#store.records()
			const others = records.filter(({ format }) => format !== SEGMENT_FORMAT).map(({ id }) => id)
			if (others.length > 0) await this.#store.commit(undefined, others)
			await this.#store.sweep(this.#now() - PENDING_MS)
		} catch {
			// It will be waste until the next opening.
		}
	}

	#chooseMerge(atRest: boolean): readonly Segment[] {
		for (const store of [this.#store, this.#memory]) {
			const segments = this.#segments.filter((segment) => segment.store === store)
			const chosen = chooseMerge(
				segments.map((segment) => ({ id: segment.id, documents: segment.count, gone: this.#goneIn(segment) })),
				atRest
			)
			const ids = new Set(chosen.map(({ id }) => id))
			if (ids.size > 0) return segments.filter(({ id }) => ids.has(id))
		}
		return []
	}

	#goneIn(segment: Segment): number {
		const pending = this.#isPending(segment)
		let gone = 0
		for (let local = 0; local < segment.count; local++) {
			const state = segment.shown[local]
			if (state === GONE || (state === ADDED && !pending)) gone++
		}
		return gone
	}

	/** Whether documents of the segment may still be shown. */
	#isPending({ record }: Segment): boolean {
		return this.#now() - record.flushedMs < PENDING_MS
	}

	/** Returns false when nothing could be done. */
	async #merge(inputs: readonly Segment[], signal: AbortSignal | undefined): Promise<boolean> {
		const [{ store } = { store: this.#memory }] = inputs
		const id = segmentId(this.#now())
		const slices = new TimeSlices(this.#precedence)
		try {
			const pending = new Set(inputs.filter((segment) => this.#isPending(segment)))
			const { writer, runs, columns, renumbered } = await merge(
				inputs,
				store,
				id,
				(segment) => pending.has(segment),
				slices,
				signal
			)
			const ids = inputs.map((segment) => segment.id)
			let merged: Segment | undefined
			if (columns.count > 0) {
				const flushedMs = Math.max(...inputs.map(({ record }) => record.flushedMs))
				const { record, facts } = await writer.finish(runs, columns, flushedMs)
				if (!(await store.commit(record, ids))) throw new PageGone('merged by another')
				merged = new Segment(store, record, facts)
			} else if (!(await store.commit(undefined, ids))) throw new PageGone('merged by another')
			inputs.forEach((input, place) => {
				const numbers = renumbered[place]
				if (merged === undefined || numbers === undefined) return
				for (let local = 0; local < input.count; local++) {
					const number = numbers[local] as number
					if (number !== -1) merged.shown[number] = input.shown[local] as number
				}
			})
			const gone = new Set(inputs)
			this.#segments = [
				...this.#segments.filter((segment) => !gone.has(segment)),
				...(merged === undefined ? [] : [merged])
			]
			this.#dictionaries.keep(new Set(this.#segments.map((segment) => segment.id)))
			await store.deleteContents(ids)
			return true
		} catch (error) {
			await store.deleteContents([id]).catch(() => undefined)
			signal?.throwIfAborted()
			if (error instanceof PageGone) {
				await this.refresh()
				return true
			}
			// No room to merge in: what is there stays as it is.
			return false
		}
	}

	refresh(): Promise<void> {
		const refreshed = this.#changes.then(() => this.#refresh())
		this.#changes = refreshed.catch(() => undefined)
		return refreshed
	}

	async #refresh(): Promise<void> {
		const store = this.#store
		if (store === undefined) return
		const records = (await store.records()).filter(({ format }) => format === SEGMENT_FORMAT)
		const known = new Set(this.#segments.map(({ id }) => id))
		const fresh = records.filter(({ id }) => !known.has(id)).sort((a, b) => a.id - b.id)
		const facts = await store.read(fresh.map(({ id }) => ({ store: 'columns', segment: id, part: FACTS })))
		const before = this.#parts
		this.#makeRoomForWorks(fresh.reduce((sum, { documents }) => sum + documents, 0))
		const left = new Set(records.map(({ id }) => id))
		let segments = this.#segments.filter((segment) => segment.store !== store || left.has(segment.id))
		fresh.forEach((record, at) => {
			const bytes = facts[at]
			// One that this process has flushed or merged meanwhile is there already.
			if (bytes === undefined || this.#segments.some(({ id }) => id === record.id)) return
			const segment = new Segment(store, record, bytes)
			// Of a document in two segments the first counts.
			for (const range of segment.runs.ranges) {
				for (const other of segments) {
					other.runs.intersect(range, (_local, count, first) => {
						mark(segment, { first, count }, GONE)
					})
				}
			}
			for (const part of before) carryOver(part, segment)
			segments = [...segments, segment]
			this.#works.add(segment, 0, segment.count)
		})
		this.#segments = segments
		// What has come with a segment need not be in memory twice.
		for (const buffer of this.#buffers) {
			for (const segment of segments) for (const range of segment.runs.ranges) mark(buffer, range, GONE)
		}
		this.#dictionaries.keep(new Set(segments.map(({ id }) => id)))
	}

	/** Makes a larger one before so many documents are added, if they would crowd it. */
	#makeRoomForWorks(more: number): void {
		const documents = this.#parts.reduce((sum, { count }) => sum + count, more)
		if (!this.#works.crowdedBy(more)) return
		const works = new RepeatedWorks(documents * 1.5)
		for (const part of this.#parts) works.add(part, 0, part.count)
		this.#works = works
	}

	async search(query: IndexQuery, signal?: AbortSignal): Promise<IndexAnswer> {
		for (let attempt = 1; ; attempt++) {
			try {
				return await this.#search(query, signal)
			} catch (error) {
				if (!(error instanceof PageGone) || attempt === MAX_ATTEMPTS) throw error
				await this.refresh()
			}
		}
	}

	async #search(query: IndexQuery, signal: AbortSignal | undefined): Promise<IndexAnswer> {
		const { forgiving = false } = query
		const index = this.#index
		const pages = new PageSet()
		const slices = new TimeSlices()
		const reader = new QueryReader(index, pages, query)
		const sort = query.sort ?? (query.words.length + (query.phrases?.length ?? 0) === 0 ? 'newest' : 'relevance')
		if (sort === 'title') {
			await this.#cache.load(
				index.parts.flatMap((segment) =>
					segment instanceof Segment ? [{ segment, store: 'columns' as const, part: TITLE_KEYS }] : []
				),
				pages
			)
		}
		const evaluate = (read: ReadQuery, enough?: number) => {
			signal?.throwIfAborted()
			return this.#evaluate(index.parts, { ...query, sort }, read, pages, enough)
		}
		let read = await reader.read(slices)
		let answer = evaluate(read)
		if (!forgiving || query.words.length === 0 || answer.total > FEW) return answer
		if (answer.total > 0) {
			const better = await reader.better(slices)
			if (better.every((word) => word === undefined)) return answer
			const improved = { ...answer, better }
			reads.set(improved, read)
			return improved
		}
		read = await reader.widen(slices)
		answer = evaluate(read)
		if (answer.total > 0 || read.match.required.length < 2) return answer
		const enough = this.#mostWords(index.parts, query, read, pages)
		return enough === 0 ? answer : evaluate(read, enough)
	}

	get #index(): Index {
		const parts = this.#parts
		let publishers: readonly ReadonlyMap<number, number>[] | undefined
		return {
			parts,
			cache: this.#cache,
			dictionaries: this.#dictionaries,
			names: this.#names,
			documentsOf: (publisher) => {
				publishers ??= parts.map(publishersIn)
				return publishers.reduce((sum, counts) => sum + (counts.get(publisher) ?? 0), 0)
			},
			documents: parts.reduce((sum, { count }) => sum + count, 0)
		}
	}

	#evaluate(
		parts: readonly Part[],
		query: IndexQuery & { readonly sort: NonNullable<IndexQuery['sort']> },
		read: ReadQuery,
		pages: PageSet,
		enough: number | undefined
	): IndexAnswer {
		const offset = query.offset ?? 0
		const builder = new AnswerBuilder({
			sort: query.sort,
			most: offset + query.limit,
			facets: query.facets ?? false,
			rarities: read.rarities,
			works: this.#works,
			titleKeys: (part) => (part instanceof Segment ? pages.get(part, 'columns', TITLE_KEYS) : part.titleKeys)
		})
		const all: number[] = []
		const match = enough === undefined ? read.match : { ...read.match, enough }
		for (const part of parts) {
			const standing = this.#standingIn(part)
			accumulator.match(part, match, pages, {
				gate: this.#gate(part, query, standing, pages),
				accepts: (failed) => builder.accepts(failed)
			})
			builder.add(part, standing, accumulator)
			if (query.all === true) {
				const { found, gated } = accumulator
				for (let at = 0; at < found.count; at++) {
					if (!gated || found.failed[at] === 0) all.push(part.runs.document(found.locals[at] as number))
				}
			}
		}
		const answer: IndexAnswer = {
			...builder.finish(parts, offset),
			words: read.words.map(namedReadings),
			partial: enough !== undefined,
			cut: read.cut,
			better: [],
			...(query.all === true ? { documents: Uint32Array.from(all) } : {})
		}
		reads.set(answer, read)
		return answer
	}

	/** The greatest number of words that any document has. */
	#mostWords(parts: readonly Part[], query: IndexQuery, read: ReadQuery, pages: PageSet): number {
		let most = 0
		for (const part of parts) {
			accumulator.match(part, { ...read.match, enough: 1 }, pages, {
				gate: this.#gate(part, query, this.#standingIn(part), pages),
				accepts: () => false
			})
			const { words, count } = accumulator.found
			for (let at = 0; at < count; at++) most = Math.max(most, words[at] as number)
		}
		return most
	}

	#gate(part: Part, query: IndexQuery, standing: PartStanding, pages: PageSet): Gate | undefined {
		const gate = new Gate(part, query.filters ?? {}, query.notFilters ?? {}, standing, pages)
		return gate.open ? undefined : gate
	}

	async complete(prefix: string, limit: number, signal?: AbortSignal): Promise<readonly Completion[]> {
		for (let attempt = 1; ; attempt++) {
			try {
				const parts = this.#parts
				await this.#dictionaries.load(parts, new TimeSlices())
				signal?.throwIfAborted()
				return this.#dictionaries.startingWith(parts, prefix, limit)
			} catch (error) {
				if (!(error instanceof PageGone) || attempt === MAX_ATTEMPTS) throw error
				await this.refresh()
			}
		}
	}

	documentsOfFile(file: number): readonly number[] {
		return this.#parts.flatMap((part) =>
			[...documentsWith(part, lowerHalves([file])).keys()]
				.filter((local) => part.shown[local] === SHOWN)
				.map((local) => part.runs.document(local))
		)
	}

	documentsOfFiles(files: readonly number[]): readonly (readonly number[])[] {
		const found = files.map((): number[] => [])
		const places = new Map(files.map((file, at) => [file >>> 0, at]))
		for (const part of this.#parts) {
			for (const [local, at] of documentsWith(part, places))
				if (part.shown[local] === SHOWN) found[at]?.push(part.runs.document(local))
		}
		return found
	}

	factOf(document: number, fact: Fact): number {
		const { part, local } = this.#find(document)
		return part === undefined ? 0 : factIn(part, local, fact)
	}

	explain(answer: IndexAnswer, document: number, words: FieldWords): readonly ScorePart[] {
		const { part, local } = this.#find(document)
		const read = reads.get(answer)
		if (part === undefined || read === undefined) return []
		return explainScore(read, part, local, words, this.#names, this.#standingIn(part))
	}

	close(): void {
		this.#cache.clear()
		this.#segments = []
		this.#flushing = []
		this.#buffer = new WriteBuffer()
	}

	get #buffers(): readonly WriteBuffer[] {
		return [...this.#flushing, this.#buffer]
	}

	get #parts(): readonly Part[] {
		return [...this.#segments, ...this.#buffers]
	}

	/** The part in which the document is not gone. */
	#find(document: number): { part: Part | undefined; local: number } {
		for (const part of this.#parts) {
			const local = part.runs.local(document)
			if (local !== -1 && part.shown[local] !== GONE) return { part, local }
		}
		return { part: undefined, local: -1 }
	}

	#standingIn(part: Part): PartStanding {
		const known = this.#standings.get(part)
		if (known?.count === part.count) return known.standing
		const standing = standingIn(part, this.#standing)
		this.#standings.set(part, { count: part.count, standing })
		return standing
	}
}

/** What each answer was found with; for explaining its scores. */
const reads = new WeakMap<IndexAnswer, ReadQuery>()

/** Marks of documents that were in another part before. */
function carryOver(from: Part, to: Segment): void {
	for (const { first, count } of from.runs.ranges) {
		to.runs.intersect({ first, count }, (local, shared, document) => {
			const start = from.runs.local(document)
			for (let at = 0; at < shared; at++) {
				if (to.shown[local + at] !== GONE) to.shown[local + at] = from.shown[start + at] as number
			}
		})
	}
}

function factIn({ columns }: Part, local: number, fact: Fact): number {
	switch (fact) {
		case 'publisher':
			return columns.publisherNumbers[columns.publishers[local] as number] ?? 0
		case 'kind':
			return (columns.traits[local] as number) & 7
		case 'year':
			return columns.years[local] as number
		case 'bitrate':
			return columns.bitrates[local] as number
		case 'durationMs':
			return columns.durations[local] as number
		case 'addedS':
			return columns.added[local] as number
	}
}

const isFull = (error: unknown) => error instanceof DOMException && error.name === 'QuotaExceededError'
