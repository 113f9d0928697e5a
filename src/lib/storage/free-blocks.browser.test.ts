import * as dagCbor from '@ipld/dag-cbor'
import * as dagPb from '@ipld/dag-pb'
import { deleteDB } from 'idb'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { identity } from 'multiformats/hashes/identity'
import { sha256 } from 'multiformats/hashes/sha2'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openBlockstore } from './blockstore'
import { countBlocks, freeBlocks } from './free-blocks'

let name: string
let blockstore: Awaited<ReturnType<typeof openBlockstore>>
beforeEach(async () => {
	name = `free-test-${crypto.randomUUID()}`
	blockstore = await openBlockstore(name)
})
afterEach(async () => {
	await blockstore.close()
	await deleteDB(name)
})

async function putBytes(bytes: Uint8Array, code: number): Promise<CID> {
	const cid = CID.createV1(code, await sha256.digest(bytes))
	await blockstore.put(cid, bytes)
	return cid
}
const putRaw = (text: string) => putBytes(new TextEncoder().encode(text), raw.code)
const putData = (value: unknown) => putBytes(dagCbor.encode(value), dagCbor.code)
const putFolder = (...links: readonly CID[]) => putBytes(folder(...links), dagPb.code)
const folder = (...links: readonly CID[]) =>
	dagPb.encode(dagPb.prepare({ Links: links.map((Hash, at) => ({ Hash, Name: String(at) })) }))
const free = (...keep: readonly CID[]) => freeBlocks({ blockstore, keep, signal: AbortSignal.timeout(20_000) })
const held = async (cids: readonly CID[]) => await Promise.all(cids.map((cid) => blockstore.has(cid)))

test('counts the blocks', async () => {
	expect(await countBlocks(name)).toBe(0)
	for (const text of ['one', 'two', 'two']) await putRaw(text)
	expect(await countBlocks(name)).toBe(2)
})

test('counting makes no store where there is none', async () => {
	const missing = `free-test-${crypto.randomUUID()}`
	expect(await countBlocks(missing)).toBe(0)
	const names = (await indexedDB.databases()).map((database) => database.name)
	expect(names).not.toContain(missing)
})

test('deletes what is below no root to keep, and says how much that was', async () => {
	const [track, cover, page, stray] = [
		await putRaw('track'),
		await putRaw('cover'),
		await putData({ entries: [{ file: await putRaw('file'), deep: [{ cover: await putRaw('page cover') }] }] }),
		await putRaw('12345')
	]
	const root = await putFolder(track, await putFolder(cover), page)
	const strayRoot = await putFolder(stray)
	const strayBytes = 5 + folder(stray).byteLength
	expect(await free(root)).toEqual({ freedBlocks: 2, freedBytes: strayBytes })
	expect(await held([stray, strayRoot])).toEqual([false, false])
	expect(await held([root, track, cover, page])).toEqual([true, true, true, true])
	expect(await countBlocks(name)).toBe(7)
})

test('a root that is only partly here keeps what is here', async () => {
	const here = await putRaw('here')
	const elsewhere = CID.createV1(raw.code, await sha256.digest(new TextEncoder().encode('elsewhere')))
	const root = await putFolder(elsewhere, here)
	expect(await free(root, elsewhere)).toEqual({ freedBlocks: 0, freedBytes: 0 })
	expect(await held([root, here])).toEqual([true, true])
})

test('a block shared with what goes stays, also when it is first met under another codec', async () => {
	const leaf = await putRaw('leaf')
	const list = await putFolder(leaf)
	const root = await putFolder(list, CID.createV1(raw.code, list.multihash))
	await putFolder(leaf, await putRaw('stray'))
	expect(await free(root)).toMatchObject({ freedBlocks: 2 })
	expect(await held([root, list, leaf])).toEqual([true, true, true])
})

test('follows links of a root that carries its block in itself', async () => {
	const leaf = await putRaw('leaf')
	await putRaw('stray')
	const root = CID.createV1(dagPb.code, identity.digest(folder(leaf)))
	expect(await free(root)).toMatchObject({ freedBlocks: 1 })
	expect(await held([leaf])).toEqual([true])
})

test('a block that does not decode is kept, and ends only its own branch', async () => {
	const leaf = await putRaw('leaf')
	const broken = await putBytes(new Uint8Array([0xff, 0xff]), dagPb.code)
	// Arrays nested deeper than any stack.
	const deep = await putBytes(new Uint8Array(1_000_000).fill(0x81), dagCbor.code)
	const root = await putFolder(broken, deep, leaf)
	expect(await free(root)).toEqual({ freedBlocks: 0, freedBytes: 0 })
	expect(await held([root, broken, deep, leaf])).toEqual([true, true, true, true])
})

test('with nothing to keep everything goes; stopped before, nothing does', async () => {
	for (let at = 0; at < 50; at++) await putRaw(`block ${at}`)
	const stopped = freeBlocks({ blockstore, keep: [], signal: AbortSignal.abort() })
	await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
	expect(await countBlocks(name)).toBe(50)
	expect(await free()).toMatchObject({ freedBlocks: 50 })
	expect(await countBlocks(name)).toBe(0)
})

test('deletes nothing when a block to keep cannot be read', async () => {
	const root = await putFolder(await putRaw('leaf'))
	const stray = await putRaw('stray')
	const unreadable = new Proxy(blockstore, {
		get(target, property) {
			if (property === 'get') throw new Error('the disk is broken')
			const value: unknown = Reflect.get(target, property, target)
			return typeof value === 'function' ? (value.bind(target) as unknown) : value
		}
	})
	const freeing = freeBlocks({ blockstore: unreadable, keep: [root], signal: AbortSignal.timeout(5000) })
	await expect(freeing).rejects.toThrow('the disk is broken')
	expect(await held([root, stray])).toEqual([true, true])
})
