import { MemoryBlockstore } from 'blockstore-core'
import type { CID } from 'multiformats/cid'
import { expect, test, vi } from 'vitest'
import { aBlock, aLeaf, GivenStore } from '../src/lib/storage/blocks.fixture'
import type { PutOptions } from '../src/lib/storage/blockstore'
import { readBlock } from '../src/lib/storage/read-block'
import type { StorageNotice } from '../src/lib/storage/storage-notice'
import { KeptBlocks } from './kept-blocks'
import { carrying } from './read'

const MEBIBYTE = 1024 * 1024

const large = async (number: number) => {
	const bytes = new Uint8Array(MEBIBYTE)
	bytes[0] = number
	return await aBlock(bytes)
}

/** Keeps what it is given once it is let. */
class SlowStore extends MemoryBlockstore {
	readonly #gate = Promise.withResolvers<void>()
	readonly groups: (string | undefined)[] = []
	open = () => {
		this.#gate.resolve()
	}
	override put(cid: CID, bytes: Uint8Array, options: PutOptions = {}) {
		this.groups.push(options.group)
		return this.#gate.promise.then(() => super.put(cid, bytes))
	}
}

function given(store: MemoryBlockstore | Error) {
	const notices: StorageNotice['state'][] = []
	const clock = { nowMs: 1_000_000 }
	const open = vi.fn(() => (store instanceof Error ? Promise.reject(store) : Promise.resolve(store)))
	const kept = new KeptBlocks({
		open,
		nowMs: () => clock.nowMs,
		onnotice: ({ state }) => notices.push(state)
	})
	vi.spyOn(console, 'warn').mockImplementation(() => undefined)
	return { kept, notices, clock, open }
}

test('a block is read from memory, from the queue and from the disk', async () => {
	const store = new SlowStore()
	const { kept } = given(store)
	const blocks = await Promise.all(Array.from({ length: 16 }, (_, at) => large(at)))
	for (const { cid, bytes } of blocks) kept.put(cid, bytes)
	for (const { cid, bytes } of blocks) expect(kept.peek(cid)).toBe(bytes)
	store.open()
	await kept.settled()
	// Pushes the first out of memory.
	for (let at = 16; at < 32; at++) {
		const { cid, bytes } = await large(at)
		kept.put(cid, bytes)
	}
	const [first] = blocks as [(typeof blocks)[0]]
	expect(kept.peek(first.cid)).toBeUndefined()
	expect(await readBlock(kept, first.cid)).toEqual(first.bytes)
})

test('while the disk does not follow, no more than the queue holds waits for it; what must be kept waits for room', async () => {
	const store = new SlowStore()
	const { kept } = given(store)
	const blocks = await Promise.all(Array.from({ length: 40 }, (_, at) => large(at)))
	for (const { cid, bytes } of blocks) kept.put(cid, bytes)
	const here = async () => {
		let count = 0
		for (const { cid } of blocks) if (await store.has(cid)) count++
		return count
	}
	const last = blocks.at(-1) as (typeof blocks)[0]
	let isSure = false
	const sure = kept.ensure(last.cid, last.bytes, last.cid).then(() => (isSure = true))
	await vi.waitFor(() => {
		expect(store.groups).not.toHaveLength(0)
	})
	expect(isSure).toBe(false)
	store.open()
	await sure
	await kept.settled()
	expect(await here()).toBe(17)
	expect(await store.has(last.cid)).toBe(true)
	await kept.ensure(last.cid, last.bytes, last.cid)
	expect(store.groups).toHaveLength(17)
})

test('a view is copied out of what it was cut from', async () => {
	const { kept } = given(new SlowStore())
	const leaf = await aLeaf(1)
	const car = new Uint8Array(100_000)
	car.set(leaf.bytes, 10)
	kept.put(leaf.cid, car.subarray(10, 1010))
	expect(kept.peek(leaf.cid)?.buffer.byteLength).toBe(1000)
})

test('blocks are put with the file they belong to, which is in use meanwhile', async () => {
	const store = new SlowStore()
	const { kept } = given(store)
	const [file, leaf] = [await aLeaf(1), await aLeaf(2)]
	kept.put(leaf.cid, leaf.bytes, { file: file.cid })
	store.open()
	await kept.settled()
	expect(store.groups).toEqual([file.cid.toString()])
	const { held = [], pending = [] } = await navigator.locks.query()
	expect([...held, ...pending].map(({ name }) => name)).toContain(`antiphon-blocks in use: ${file.cid.toString()}`)
})

test('a disk that is full stops the keeping for a while, and says so once; reading goes on from memory', async () => {
	let full = true
	class Full extends MemoryBlockstore {
		override put(cid: CID, bytes: Uint8Array) {
			if (full) throw new DOMException('full', 'QuotaExceededError')
			return super.put(cid, bytes)
		}
	}
	const store = new Full()
	const { kept, notices, clock } = given(store)
	const [one, two, three] = [await aLeaf(1), await aLeaf(2), await aLeaf(3)]
	kept.put(one.cid, one.bytes)
	await kept.settled()
	full = false
	kept.put(two.cid, two.bytes)
	await kept.settled()
	expect(await store.has(two.cid)).toBe(false)
	expect(await readBlock(kept, two.cid)).toEqual(two.bytes)
	expect(notices).toEqual(['full'])
	clock.nowMs += 60_000
	kept.put(three.cid, three.bytes)
	await kept.settled()
	expect(await store.has(three.cid)).toBe(true)
	expect(notices).toEqual(['full', 'ok'])
})

test('a store that does not open is tried again after a while, and nothing waits or breaks', async () => {
	const { kept, notices, clock, open } = given(new Error('no'))
	const [one, two] = [await aLeaf(1), await aLeaf(2)]
	kept.put(one.cid, one.bytes)
	await kept.settled()
	expect(await readBlock(kept, one.cid)).toEqual(one.bytes)
	expect(await kept.has(two.cid)).toBe(false)
	await expect(readBlock(kept, two.cid)).rejects.toMatchObject({ name: 'NotFoundError' })
	expect(open).toHaveBeenCalledTimes(1)
	expect(notices).toEqual(['failed'])
	clock.nowMs += 60_000
	open.mockResolvedValueOnce(new MemoryBlockstore())
	kept.put(two.cid, two.bytes)
	await kept.settled()
	expect(open).toHaveBeenCalledTimes(2)
	expect(notices).toEqual(['failed', 'ok'])
})

test('a block that is broken on the disk is counted, and is not here', async () => {
	const disk = new GivenStore()
	const store = await disk.open()
	const leaf = await aLeaf(1)
	await disk.put(store, [leaf])
	await disk.tamper(leaf, leaf.bytes.with(3, 9))
	const kept = new KeptBlocks({ open: (init) => disk.open(init) })
	const watch = { received: vi.fn(), wrong: vi.fn(), wasted: vi.fn(), waiting: vi.fn() }
	const reading = readBlock(kept, leaf.cid, carrying({ watch, sources: undefined as never }, {}))
	await expect(reading).rejects.toMatchObject({ name: 'NotFoundError' })
	expect(watch.wrong).toHaveBeenCalledExactlyOnceWith('local')
	kept.put(leaf.cid, leaf.bytes)
	await kept.settled()
	expect(await store.has(leaf.cid)).toBe(true)
	await disk.end()
})
