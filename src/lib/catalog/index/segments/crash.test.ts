import { expect, test } from 'vitest'
import type { DocumentRange, IndexDocument, IndexQuery, SearchIndex } from '../search-index'
import { RandomDocuments } from './random-documents.fixture'
import { openSearchIndex } from './segment-index'
import { MemorySegmentStore, type Content, type SegmentStore } from './segment-store'
import type { RawSegment } from './segment-writer'

/** A store that is there up to some write, and then never answers again: as for a process that is killed. */
class DyingStore implements SegmentStore {
	readonly #store: SegmentStore
	#writesLeft: number
	readonly died: Promise<void>
	#die: () => void = () => undefined

	constructor(store: SegmentStore, writesLeft: number) {
		this.#store = store
		this.#writesLeft = writesLeft
		this.died = new Promise((resolve) => (this.#die = resolve))
	}

	records(): Promise<readonly RawSegment[]> {
		return this.#store.records()
	}

	read(...wanted: Parameters<SegmentStore['read']>): ReturnType<SegmentStore['read']> {
		return this.#store.read(...wanted)
	}

	write(segment: number, contents: readonly Content[]): Promise<void> {
		return this.#last(() => this.#store.write(segment, contents))
	}

	commit(added: RawSegment | undefined, removed: readonly number[]): Promise<boolean> {
		return this.#last(() => this.#store.commit(added, removed))
	}

	deleteContents(segments: readonly number[]): Promise<void> {
		return this.#last(() => this.#store.deleteContents(segments))
	}

	sweep(beforeMs: number): Promise<void> {
		return this.#last(() => this.#store.sweep(beforeMs))
	}

	close(): void {
		this.#store.close()
	}

	#last<Result>(work: () => Promise<Result>): Promise<Result> {
		if (this.#writesLeft-- > 0) return work()
		this.#die()
		return new Promise(() => undefined)
	}
}

const EVERYTHING: IndexQuery = { words: [], limit: 0, all: true }

async function documentsIn(index: SearchIndex): Promise<number[]> {
	return [...((await index.search(EVERYTHING)).documents ?? [])].sort((a, b) => a - b)
}

test('killed at any write of flushes and merges, it has lost nothing but what was in memory, and leaves no waste', async () => {
	const random = new RandomDocuments(23, 400)
	const documents: IndexDocument[] = []
	const store = new MemorySegmentStore()
	let nowMs = 10_000_000
	const shown: DocumentRange[] = []
	let killed = 0
	for (let life = 0; life < 60; life++) {
		const dying = new DyingStore(store, random.below(12))
		const index = await openSearchIndex({ store: dying, now: () => nowMs++ })
		index.show(shown)
		const missing = index.missing(shown)
		for (const { first, count } of missing) {
			for (let number = first; number < first + count; number++)
				index.add(number, documents[number] as IndexDocument)
		}
		index.show(missing)
		const expected = shown.flatMap(({ first, count }) => Array.from({ length: count }, (_, at) => first + at))
		expect(await documentsIn(index)).toEqual(expected.sort((a, b) => a - b))

		const work = async () => {
			for (let page = 0; page < 6; page++) {
				const range = { first: documents.length, count: 1 + random.below(60) }
				for (let at = 0; at < range.count; at++) {
					const document = random.document(0)
					index.add(documents.push(document) - 1, document)
				}
				index.show([range])
				shown.push(range)
				if (random.random() < 0.2) {
					const [gone] = shown.splice(random.below(shown.length), 1)
					if (gone !== undefined) index.hide([gone])
				}
				await index.flush()
				if (random.random() < 0.5) await index.tidy({ atRest: random.random() < 0.5 })
			}
			return false
		}
		if (await Promise.race([work(), dying.died.then(() => true)])) killed++
		nowMs += 3_600_000
	}
	expect(killed).toBeGreaterThan(30)

	const index = await openSearchIndex({ store, now: () => nowMs++ })
	index.show(shown)
	const missing = index.missing(shown)
	for (const { first, count } of missing) {
		for (let number = first; number < first + count; number++)
			index.add(number, documents[number] as IndexDocument)
	}
	index.show(missing)
	await index.flush()
	await index.tidy()
	const records = await store.records()
	expect(index.sizeBytes).toBe(records.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))
	expect(store.sizeBytes).toBe(index.sizeBytes)
})

test('what one process merges another goes on finding, and takes up', async () => {
	const random = new RandomDocuments(3, 400)
	const store = new MemorySegmentStore()
	const one = await openSearchIndex({ store })
	const all: DocumentRange[] = []
	const other = await openSearchIndex({ store })
	for (let segment = 0; segment < 9; segment++) {
		const range = { first: segment * 50, count: 50 }
		for (let at = 0; at < range.count; at++) one.add(range.first + at, random.document(0))
		one.show([range])
		all.push(range)
		await one.flush()
	}
	await other.refresh()
	other.show(all)
	other.hide([{ first: 10, count: 5 }])
	expect((await other.search({ ...EVERYTHING })).documents).toHaveLength(445)
	await one.tidy()
	expect((await store.records()).length).toBeLessThan(9)

	const word = random.word()
	const query = { words: [{ word, open: false }], limit: 10, all: true }
	const found = await other.search(query)
	await other.refresh()
	expect((await other.search({ ...EVERYTHING })).documents).toHaveLength(445)
	expect([...((await other.search(query)).documents ?? [])].sort()).toEqual([...(found.documents ?? [])].sort())
})
