import * as dagCbor from '@ipld/dag-cbor'
import * as dagPb from '@ipld/dag-pb'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { identity } from 'multiformats/hashes/identity'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
	aBlock,
	aFolder,
	aLeaf,
	aText,
	folderOf,
	GivenStore,
	held,
	someData,
	type GivenBlock
} from './blocks.fixture'
import type { BlockStore } from './blockstore'
import { readBlock } from './read-block'

let given: GivenStore
let store: BlockStore
beforeEach(async () => {
	given = new GivenStore()
	store = await given.open()
})
afterEach(async () => {
	vi.restoreAllMocks()
	await given.end()
})

const leaves = (count: number) => Promise.all(Array.from({ length: count }, (_, at) => aLeaf(at)))
const evictAll = () => store.evict({ budgetBytes: 0 })
const totals = () => store.totals(AbortSignal.timeout(30_000))
const texts = (...names: string[]) => Promise.all(names.map(aText))

test('what was used longest ago goes first, down to below the budget', async () => {
	const blocks = await leaves(10)
	await given.put(store, blocks)
	given.nowMs += 3_600_000
	for (const at of [0, 3]) await readBlock(store, (blocks[at] as GivenBlock).cid)
	expect(await store.evict({ budgetBytes: 5000 })).toEqual({ freedBlocks: 6, freedBytes: 6000 })
	expect(await held(store, blocks)).toEqual([true, false, false, true, false, false, false, false, true, true])
	expect(await totals()).toMatchObject({ blocks: 4, bytes: 4000 })
})

test('a use is written once in a while, not with each read', async () => {
	const [leaf] = (await leaves(1)) as [GivenBlock]
	await given.put(store, [leaf])
	given.nowMs += 3_600_000
	const begun = vi.spyOn(IDBDatabase.prototype, 'transaction')
	for (let read = 0; read < 100; read++) await readBlock(store, leaf.cid)
	await store.settled()
	expect(begun.mock.calls.filter(([, mode]) => mode === 'readwrite')).toHaveLength(1)
})

test('going over the budget evicts by itself', async () => {
	given.budgetBytes = 20_000
	await given.put(store, await leaves(50))
	expect((await totals()).bytes).toBeLessThanOrEqual(20_000)
	expect(await held(store, (await leaves(50)).slice(-15))).not.toContain(false)
})

test('near the quota more is evicted than the budget asks', async () => {
	await given.put(store, await leaves(5))
	given.quota = { usedBytes: 95_000, quotaBytes: 100_000, persisted: false }
	given.nowMs += 3_600_000
	await given.put(store, [await aLeaf(5)])
	const { bytes } = await totals()
	expect(bytes).toBe(0)
})

test('what is pinned stays and does not count against the budget, blocks that come after the pin included', async () => {
	const early = await texts('one', 'two')
	const late = await texts('three', 'four')
	const root = await aFolder(...early, ...late)
	await given.put(store, early)
	await store.pin('mine', [root.cid])
	await given.put(store, [root, ...late, await aText('stray')])
	expect(await evictAll()).toEqual({ freedBlocks: 1, freedBytes: 5 })
	expect(await held(store, [root, ...early, ...late])).not.toContain(false)
	await store.unpin('mine')
	expect(await evictAll()).toMatchObject({ freedBlocks: 5 })
})

test('a pin is put in the place of the one before it under its label', async () => {
	const [one, other] = (await texts('one', 'other')) as [GivenBlock, GivenBlock]
	await given.put(store, [one, other])
	await store.pin('publication', [one.cid])
	await store.pin('publication', [other.cid])
	await evictAll()
	expect(await held(store, [one, other])).toEqual([false, true])
})

test('roots of the profile are asked for each time', async () => {
	const [one, other] = (await texts('one', 'other')) as [GivenBlock, GivenBlock]
	await given.put(store, [one, other])
	given.roots = [one.cid.toString(), 'no CID']
	await evictAll()
	expect(await held(store, [one, other])).toEqual([true, false])
	given.roots = []
	await evictAll()
	expect(await held(store, [one])).toEqual([false])
})

test('blocks of a pinned file stay before those are here that lead to them', async () => {
	const leaf = await aText('leaf')
	const root = await aFolder(leaf)
	await given.put(store, [leaf], { group: root.cid.toString() })
	await store.pin('mine', [root.cid])
	await evictAll()
	expect(await held(store, [leaf])).toEqual([true])
})

test('what another tab reads or makes stays until it is released', async () => {
	const other = await given.open()
	const [file, making] = (await texts('file', 'making')) as [GivenBlock, GivenBlock]
	const root = await aFolder(file)
	await given.put(store, [root, file])
	await given.put(store, [making], { group: 'publishing' })
	const releases = [other.hold(root.cid.toString()), other.hold('publishing')]
	expect(await evictAll()).toMatchObject({ freedBlocks: 0 })
	for (const release of releases) release()
	await vi.waitFor(async () => {
		await evictAll()
		expect(await held(store, [root, file, making])).not.toContain(true)
	})
})

test('what is pinned or used while it runs stays', async () => {
	const blocks = await leaves(300)
	await Promise.all(blocks.map(({ cid, bytes }) => store.put(cid, bytes)))
	given.nowMs += 3_600_000
	const [pinned, used] = [blocks[250], blocks[251]] as [GivenBlock, GivenBlock]
	const root = await aFolder(pinned)
	let runs = 0
	const query = navigator.locks.query.bind(navigator.locks)
	vi.spyOn(navigator.locks, 'query').mockImplementation(async () => {
		// Asked before each batch is deleted.
		if (++runs === 2) {
			given.nowMs += 1
			await store.put(root.cid, root.bytes)
			await store.pin('mine', [root.cid])
			await store.put(used.cid, used.bytes)
		}
		return await query()
	})
	await evictAll()
	expect(await held(store, [root, pinned, used])).toEqual([true, true, true])
	expect((await totals()).blocks).toBe(3)
})

test('one runs at a time, and each takes what is left to take', async () => {
	const other = await given.open()
	await given.put(store, await leaves(20))
	const freed = await Promise.all([store.evict({ budgetBytes: 10_000 }), other.evict({ budgetBytes: 10_000 })])
	expect(freed.map(({ freedBlocks }) => freedBlocks).sort((a, b) => a - b)).toEqual([0, 11])
	expect((await totals()).blocks).toBe(9)
})

test('follows folders, data and links that carry their block', async () => {
	const [track, cover, file, deep, carried] = (await texts('track', 'cover', 'file', 'deep', 'carried')) as [
		GivenBlock,
		GivenBlock,
		GivenBlock,
		GivenBlock,
		GivenBlock
	]
	const page = await someData({ entries: [{ file: file.cid, deep: [{ cover: deep.cid }] }] })
	const inner = await aFolder(cover)
	const root = await aFolder(track, inner, page)
	const inline = CID.createV1(dagPb.code, identity.digest(folderOf(carried.cid)))
	await given.put(store, [track, cover, file, deep, carried, page, inner, root, await aText('stray')])
	await store.pin('mine', [root.cid, inline])
	expect(await evictAll()).toMatchObject({ freedBlocks: 1 })
	expect(await held(store, [track, cover, file, deep, carried, page, inner, root])).not.toContain(false)
})

test('a block shared with what goes stays, also when it is first met under another codec', async () => {
	const leaf = await aText('leaf')
	const list = await aFolder(leaf)
	const asLeaf = { ...list, cid: CID.createV1(raw.code, list.cid.multihash) }
	const root = await aFolder(list, asLeaf)
	const stray = await aFolder(leaf, await aText('stray'))
	await given.put(store, [leaf, list, root, stray])
	await store.pin('mine', [root.cid])
	expect(await evictAll()).toMatchObject({ freedBlocks: 1 })
	expect(await held(store, [root, list, leaf])).not.toContain(false)
})

test('a pinned block that does not decode is kept, and ends only its own branch', async () => {
	const leaf = await aText('leaf')
	const broken = await aBlock(new Uint8Array([0xff, 0xff]), dagPb.code)
	// Arrays nested deeper than any stack.
	const deep = await aBlock(new Uint8Array(1_000_000).fill(0x81), dagCbor.code)
	const root = await aFolder(broken, deep, leaf)
	await given.put(store, [leaf, broken, deep, root])
	await store.pin('mine', [root.cid])
	expect(await evictAll()).toEqual({ freedBlocks: 0, freedBytes: 0 })
})

test('deletes nothing when it is stopped, or a pinned block cannot be read', async () => {
	const [leaf, stray] = (await texts('leaf', 'stray')) as [GivenBlock, GivenBlock]
	const root = await aFolder(leaf)
	await given.put(store, [leaf, root, stray])
	await store.pin('mine', [root.cid])
	await expect(store.evict({ budgetBytes: 0, signal: AbortSignal.abort() })).rejects.toMatchObject({
		name: 'AbortError'
	})
	const reads = vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(() => {
		throw new Error('the disk is broken')
	})
	await expect(evictAll()).rejects.toThrow('the disk is broken')
	reads.mockRestore()
	expect(await held(store, [leaf, root, stray])).not.toContain(false)
})

test('what is let go of is deleted at once, but for what something else needs', async () => {
	const [one, shared, other] = (await leaves(3)) as [GivenBlock, GivenBlock, GivenBlock]
	const [mine, theirs] = [await aFolder(one, shared), await aFolder(shared, other)]
	await given.put(store, [one, shared, other, mine, theirs])
	await store.pin('theirs', [theirs.cid])
	const freed = await store.release([mine.cid.toString()], AbortSignal.timeout(30_000))
	expect(freed.freedBlocks).toBe(2)
	expect(await held(store, [one, shared, other, mine, theirs])).toEqual([false, true, true, false, true])
	expect((await totals()).blocks).toBe(3)
})
