import { IDBBlockstore } from 'blockstore-idb'
import { deleteDB, openDB } from 'idb'
import { CID } from 'multiformats/cid'
import * as dagPb from '@ipld/dag-pb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { blockKey } from './block-key'
import { aFolder, aLeaf, aText, GivenStore, held, type GivenBlock } from './blocks.fixture'
import type { BlockStore } from './blockstore'
import { readBlock } from './read-block'

let given: GivenStore
let store: BlockStore
const signal = AbortSignal.timeout(600_000)
const totals = () => store.totals(signal)
beforeEach(async () => {
	given = new GivenStore()
	store = await given.open()
})

/** Has `work` run in the place of a method of IndexedDB, which it is given first. */
function instead<Name extends 'get' | 'put' | 'delete'>(
	name: Name,
	work: (
		this: IDBObjectStore,
		original: IDBObjectStore[Name],
		...args: Parameters<IDBObjectStore[Name]>
	) => ReturnType<IDBObjectStore[Name]>
): void {
	const original = Reflect.get(IDBObjectStore.prototype, name) as IDBObjectStore[Name]
	vi.spyOn(IDBObjectStore.prototype, name as 'get').mockImplementation(function (this: IDBObjectStore, ...args) {
		return work.call(this, original, ...(args as never)) as never
	})
}

afterEach(async () => {
	vi.restoreAllMocks()
	await given.end()
})

test('gives back what was put, whatever the codec, and tells what it holds', async () => {
	const folder = await aFolder(await aLeaf(1))
	await store.put(folder.cid, folder.bytes)
	expect(await readBlock(store, folder.cid)).toEqual(folder.bytes)
	expect(await store.has(CID.createV1(0x55, folder.cid.multihash))).toBe(true)
	await store.put(folder.cid, folder.bytes)
	expect(await totals()).toEqual({ blocks: 1, bytes: folder.bytes.byteLength, protectedBytes: 0 })
	const all: Uint8Array[] = []
	for await (const { cid } of store.getAll()) all.push(cid.multihash.bytes)
	expect(all).toEqual([folder.cid.multihash.bytes])
	await store.delete(folder.cid)
	expect(await store.has(folder.cid)).toBe(false)
	expect(await totals()).toEqual({ blocks: 0, bytes: 0, protectedBytes: 0 })
	await expect(readBlock(store, folder.cid)).rejects.toMatchObject({ name: 'NotFoundError' })
})

test('what is put at once shares a transaction, and can be read before it is written', async () => {
	const begun = vi.spyOn(IDBDatabase.prototype, 'transaction')
	const blocks = await Promise.all(Array.from({ length: 50 }, (_, at) => aLeaf(at)))
	const [first] = blocks as [(typeof blocks)[0]]
	const putting = blocks.map(({ cid, bytes }) => store.put(cid, bytes))
	await Promise.resolve()
	expect(await readBlock(store, first.cid)).toEqual(first.bytes)
	await Promise.all(putting)
	expect(begun.mock.calls.filter(([, mode]) => mode === 'readwrite')).toHaveLength(1)
	expect(await held(store, blocks)).not.toContain(false)
})

test('putMany writes all, in batches', async () => {
	const blocks = await Promise.all(Array.from({ length: 200 }, (_, at) => aLeaf(at)))
	const begun = vi.spyOn(IDBDatabase.prototype, 'transaction')
	const written: string[] = []
	for await (const cid of store.putMany(blocks)) written.push(cid.toString())
	expect(written).toEqual(blocks.map(({ cid }) => cid.toString()))
	expect(begun.mock.calls.length).toBeLessThan(20)
	expect((await totals()).blocks).toBe(200)
})

test('a view into a larger buffer is stored without the rest of it', async () => {
	const leaf = await aLeaf(1)
	const car = new Uint8Array(1_000_000)
	car.set(leaf.bytes, 5000)
	await store.put(leaf.cid, car.subarray(5000, 6000))
	const database = await openDB(given.name)
	const [value] = (await database.getAll(given.name)) as Uint8Array[]
	database.close()
	expect(value?.buffer.byteLength).toBe(1000)
})

test.each([
	['a flipped byte', (bytes: Uint8Array) => bytes.with(7, 1)],
	['a truncated block', (bytes: Uint8Array) => bytes.slice(0, 500)],
	['an empty block', () => new Uint8Array()]
])('%s is noticed on read, dropped and can be put again', async (_what, broken) => {
	const leaf = await aLeaf(1)
	await given.put(store, [leaf])
	await given.tamper(leaf, broken(leaf.bytes))
	await expect(readBlock(store, leaf.cid)).rejects.toMatchObject({ name: 'NotFoundError' })
	expect(given.corrupt).toEqual([leaf.cid.toString()])
	expect(await store.has(leaf.cid)).toBe(false)
	expect(await totals()).toMatchObject({ blocks: 0, bytes: 0 })
	await store.put(leaf.cid, leaf.bytes)
	expect(await readBlock(store, leaf.cid)).toEqual(leaf.bytes)
})

test('a block that the browser cannot read any more is dropped', async () => {
	const leaf = await aLeaf(1)
	await given.put(store, [leaf])
	const get = vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementationOnce(() => {
		throw new DOMException('Failed to read large IndexedDB value', 'DataError')
	})
	await expect(readBlock(store, leaf.cid)).rejects.toMatchObject({ name: 'NotFoundError' })
	get.mockRestore()
	expect(await store.has(leaf.cid)).toBe(false)
	expect(given.corrupt).toHaveLength(1)
})

test('two that write at once agree on what is there', async () => {
	const other = await given.open()
	const blocks = await Promise.all(Array.from({ length: 60 }, (_, at) => aLeaf(at)))
	const putting = blocks.flatMap(({ cid, bytes }, at) => [
		...(at < 40 ? [store.put(cid, bytes)] : []),
		...(at >= 20 ? [other.put(cid, bytes)] : [])
	])
	await Promise.all(putting)
	expect(await totals()).toMatchObject({ blocks: 60, bytes: 60_000 })
	expect(await other.totals(signal)).toMatchObject({ blocks: 60, bytes: 60_000 })
	await Promise.all([store.evict({ budgetBytes: 0 }), other.evict({ budgetBytes: 0 })])
	expect(await totals()).toMatchObject({ blocks: 0, bytes: 0 })
})

test('what an earlier version of the app kept stays, counts, and is evicted before what came later', async () => {
	const name = `blocks-test-${crypto.randomUUID()}`
	Object.assign(given, { name })
	const before = new IDBBlockstore(name)
	await before.open()
	const old = await Promise.all(Array.from({ length: 40 }, (_, at) => aLeaf(at)))
	const published = await aFolder(...old.slice(0, 3))
	for (const { cid, bytes } of [...old, published]) await before.put(cid, bytes)
	await before.close()
	given.roots = [published.cid.toString()]
	store = await given.open()
	expect(await readBlock(store, (old[5] as (typeof old)[0]).cid)).toEqual(old[5]?.bytes)
	const young = await aLeaf(99)
	await given.put(store, [young])
	const { byteLength } = published.bytes
	expect(await totals()).toEqual({ blocks: 42, bytes: 41_000 + byteLength, protectedBytes: 3000 + byteLength })
	await store.evict({ budgetBytes: 2000 })
	expect(await held(store, [published, ...old.slice(0, 3), young])).not.toContain(false)
	expect(await store.evict({ budgetBytes: 0 })).toEqual({ freedBlocks: 1, freedBytes: 1000 })
	expect(await totals()).toMatchObject({ blocks: 4 })
})

test('counting in what an earlier version kept drops what cannot be read, and keeps the rest', async () => {
	const name = `blocks-test-${crypto.randomUUID()}`
	Object.assign(given, { name })
	const before = new IDBBlockstore(name)
	await before.open()
	const old = await Promise.all(Array.from({ length: 5 }, (_, at) => aLeaf(at)))
	for (const { cid, bytes } of old) await before.put(cid, bytes)
	await before.close()
	store = await given.open()
	const lost = blockKey((old[2] as GivenBlock).cid)
	instead('get', function (original, key) {
		if (this.name === name && key === lost) throw new DOMException('Data lost', 'NotReadableError')
		return original.call(this, key as IDBValidKey)
	})
	expect(await totals()).toMatchObject({ blocks: 4, bytes: 4000 })
})

test('a full disk: what can be had again makes room, and the write goes on', async () => {
	await given.put(store, [await aLeaf(1), await aLeaf(2)])
	let full = true
	instead('put', function (original, ...given) {
		if (full && this.name !== 'totals') throw new DOMException('full', 'QuotaExceededError')
		return original.apply(this, given)
	})
	instead('delete', function (original, ...given) {
		full = false
		return original.apply(this, given)
	})
	const leaf = await aLeaf(3)
	await store.put(leaf.cid, leaf.bytes)
	expect(await readBlock(store, leaf.cid)).toEqual(leaf.bytes)
	expect(await totals()).toMatchObject({ blocks: 1, bytes: 1000 })
})

test('a full disk with nothing to let go of: the write fails and says so, and what is there stays', async () => {
	const kept = await aLeaf(1)
	await given.put(store, [kept])
	await store.pin('test', [kept.cid])
	instead('put', function (original, ...args) {
		if (this.name === given.name) throw new DOMException('full', 'QuotaExceededError')
		return original.apply(this, args)
	})
	const leaf = await aLeaf(2)
	await expect(store.put(leaf.cid, leaf.bytes)).rejects.toMatchObject({ name: 'QuotaExceededError' })
	vi.restoreAllMocks()
	expect(await held(store, [kept, leaf])).toEqual([true, false])
	expect(await totals()).toMatchObject({ blocks: 1, bytes: 1000 })
})

test('storage that is cleared while it is open: what comes next is kept anew', async () => {
	const [one, other] = [await aText('one'), await aText('other')]
	await given.put(store, [one])
	await deleteDB(given.name)
	expect(await store.has(one.cid)).toBe(false)
	await given.put(store, [other])
	expect(await readBlock(store, other.cid)).toEqual(other.bytes)
	expect(await totals()).toMatchObject({ blocks: 1 })
})

test(
	'does not open while a tab with an older version holds it, and does once that is closed',
	{ timeout: 20_000 },
	async () => {
		const name = `blocks-test-${crypto.randomUUID()}`
		Object.assign(given, { name })
		const before = new IDBBlockstore(name)
		await before.open()
		await expect(given.open()).rejects.toMatchObject({ code: 'storage-failed' })
		await before.close()
		const again = await given.open()
		const leaf = await aLeaf(1)
		await again.put(leaf.cid, leaf.bytes)
		expect(await again.has(CID.createV1(dagPb.code, leaf.cid.multihash))).toBe(true)
	}
)
