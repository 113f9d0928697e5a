import { expect, test } from 'vitest'
import { RandomDocuments } from './random-documents.fixture'
import { openSearchIndex } from './segment-index'
import { MemorySegmentStore } from './segment-store'

class FullStore extends MemorySegmentStore {
	error: Error | undefined

	override write(...contents: Parameters<MemorySegmentStore['write']>): Promise<void> {
		return this.error === undefined ? super.write(...contents) : Promise.reject(this.error)
	}
}

test.each([
	['full', new DOMException('no room', 'QuotaExceededError')],
	['lost', new DOMException('closed', 'InvalidStateError')]
])('a database that is %s: search goes on in memory, and later in the database again', async (degraded, error) => {
	const random = new RandomDocuments(1, 300)
	const store = new FullStore()
	let nowMs = 0
	const index = await openSearchIndex({ store, now: () => nowMs })
	const add = (first: number) => {
		for (let number = first; number < first + 100; number++) index.add(number, random.document(0))
		index.show([{ first, count: 100 }])
	}
	add(0)
	await index.flush()
	expect(index.degraded).toBeUndefined()
	store.error = error
	add(100)
	await index.flush()
	expect(index.degraded).toBe(degraded)
	expect(index.unflushed).toBe(0)
	expect((await index.search({ words: [], limit: 0 })).total).toBeGreaterThan(150)
	expect(index.shown).toBe(200)
	await index.tidy()
	expect(index.shown).toBe(200)

	store.error = undefined
	nowMs += 120_000
	add(200)
	await index.flush()
	expect(index.degraded).toBeUndefined()
	expect(index.shown).toBe(300)
	// What was in memory only is named to be added again after the next opening.
	const again = await openSearchIndex({ store, now: () => nowMs })
	expect(again.missing([{ first: 0, count: 300 }])).toEqual([{ first: 100, count: 100 }])
})

test('without a database it is all in memory', async () => {
	const index = await openSearchIndex({})
	const random = new RandomDocuments(1, 300)
	for (let number = 0; number < 50; number++) index.add(number, random.document(0))
	index.show([{ first: 0, count: 50 }])
	await index.flush()
	await index.tidy()
	expect(index.degraded).toBe('lost')
	expect(index.shown).toBe(50)
	expect(index.end).toBe(50)
})
