import { afterEach, expect, test } from 'vitest'
import { RandomDocuments } from './random-documents.fixture'
import { openSearchIndex } from './segment-index'
import { createSegmentStores, DatabaseSegmentStore, segmentId } from './segment-store'
import type { RawSegment } from './segment-writer'

const names: string[] = []
const databases: IDBDatabase[] = []

async function database(name = `segments ${crypto.randomUUID()}`): Promise<IDBDatabase> {
	names.push(name)
	const opened = await new Promise<IDBDatabase>((resolve, reject) => {
		const request = indexedDB.open(name, 1)
		request.onupgradeneeded = () => {
			createSegmentStores(request.result)
			createSegmentStores(request.result, 'name-')
		}
		request.onsuccess = () => {
			resolve(request.result)
		}
		request.onerror = () => {
			reject(request.error ?? new Error('the database did not open'))
		}
	})
	databases.push(opened)
	return opened
}

afterEach(() => {
	for (const opened of databases.splice(0)) opened.close()
	for (const name of names.splice(0)) indexedDB.deleteDatabase(name)
})

const record = (id: number): RawSegment => ({
	id,
	format: 1,
	documents: 1,
	runs: Uint32Array.of(0, 1),
	firstWords: ['a'],
	words: 1,
	sizeBytes: 1,
	flushedMs: 0
})
const contents = (text: string) => [
	{ store: 'postings' as const, part: 0, bytes: new TextEncoder().encode(text) },
	{ store: 'positions' as const, part: 0, bytes: new TextEncoder().encode(text) }
]

test('segments that another has replaced are not replaced again', async () => {
	const opened = await database()
	const [one, other] = [new DatabaseSegmentStore(opened), new DatabaseSegmentStore(opened)]
	for (const id of [1, 2]) expect(await one.commit(record(id), [])).toBe(true)
	const outcomes = await Promise.all([one.commit(record(3), [1, 2]), other.commit(record(4), [2, 1])])
	expect(outcomes.filter((done) => done)).toHaveLength(1)
	expect(await one.records()).toHaveLength(1)
})

test('what belongs to no segment is swept away, but for what may still be written', async () => {
	const store = new DatabaseSegmentStore(await database())
	const [old, inUse, fresh] = [segmentId(1000, 0), segmentId(2000, 0.5), segmentId(9000, 0.5)]
	for (const id of [old, inUse, fresh]) await store.write(id, contents(String(id)))
	await store.commit(record(inUse), [])
	await store.sweep(5000)
	const read = async (segment: number) => (await store.read([{ store: 'postings', segment, part: 0 }]))[0]
	expect(await read(old)).toBeUndefined()
	expect(await read(inUse)).toBeDefined()
	expect(await read(fresh)).toBeDefined()
})

test('a write that fails rejects, and leaves nothing of it', async () => {
	const store = new DatabaseSegmentStore(await database())
	const bad = {
		store: 'postings' as const,
		part: 1,
		bytes: (() => undefined) as unknown as Uint8Array<ArrayBuffer>
	}
	await expect(store.write(1, [...contents('good'), bad])).rejects.toThrow()
	expect(await store.read([{ store: 'postings', segment: 1, part: 0 }])).toEqual([undefined])
})

test('after closing and opening it finds the same; two indexes in one database are apart', async () => {
	const name = `segments ${crypto.randomUUID()}`
	const random = new RandomDocuments(2, 300)
	const opened = await database(name)
	const index = await openSearchIndex({ database: opened })
	const names = await openSearchIndex({ database: opened, prefix: 'name-' })
	for (let number = 0; number < 800; number++) index.add(number, random.document(0))
	names.add(0, random.document(0))
	index.show([{ first: 0, count: 800 }])
	await Promise.all([index.flush(), names.flush()])
	const queries = Array.from({ length: 30 }, () => ({ ...random.query(1, [1]), filters: {}, notFilters: {} }))
	const before = await Promise.all(queries.map((query) => index.search(query)))
	expect(before.some(({ total }) => total > 0)).toBe(true)
	opened.close()

	const again = await openSearchIndex({ database: await database(name) })
	expect(again.missing([{ first: 0, count: 801 }])).toEqual([{ first: 800, count: 1 }])
	expect((await again.search({ words: [], limit: 1 })).total).toBe(0)
	again.show([{ first: 0, count: 800 }])
	const after = await Promise.all(queries.map((query) => again.search(query)))
	expect(after.map(({ total, hits }) => ({ total, hits }))).toEqual(
		before.map(({ total, hits }) => ({ total, hits }))
	)
})
