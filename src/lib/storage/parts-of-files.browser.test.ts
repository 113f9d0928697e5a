import { afterEach, beforeEach, expect, test } from 'vitest'
import { aBlock, GivenStore } from './blocks.fixture'
import type { BlockStore } from './blockstore'
import { readBlock } from './read-block'

const NAME = `part-${crypto.randomUUID()}`
const signal = AbortSignal.timeout(600_000)
let given: GivenStore
let store: BlockStore

beforeEach(async () => {
	given = new GivenStore()
	store = await given.open()
})
afterEach(async () => {
	await given.end()
	await (await navigator.storage.getDirectory()).removeEntry(NAME).catch(() => undefined)
})

/** A file on the disk, as a person chooses one. */
async function aFile(bytes: Uint8Array<ArrayBuffer>): Promise<File> {
	const handle = await (await navigator.storage.getDirectory()).getFileHandle(NAME, { create: true })
	const writable = await handle.createWritable()
	await writable.write(bytes)
	await writable.close()
	return await handle.getFile()
}

const SOME = new Uint8Array(300_000).map((_, at) => (at * 7) % 251)
const part = () => aBlock(SOME.slice(1000, 200_000))

test('a part of a file is copied: it is read while it is written, and when it is, and counts', async () => {
	const file = await aFile(SOME)
	const { cid, bytes } = await part()
	const writing = store.putPart(cid, file.slice(1000, 200_000))
	expect(await store.has(cid)).toBe(true)
	expect(await readBlock(store, cid)).toEqual(bytes)
	await writing
	expect(await readBlock(await given.open(), cid)).toEqual(bytes)
	expect(await store.totals(signal)).toEqual({ blocks: 1, bytes: bytes.byteLength, protectedBytes: 0 })
	await store.delete(cid)
	expect(await store.has(cid)).toBe(false)
})

test('parts that are put at once are written together, beside bytes', async () => {
	const file = await aFile(SOME)
	const parts = await Promise.all(
		Array.from({ length: 40 }, async (_, at) => ({
			at,
			...(await aBlock(SOME.slice(at * 5000, at * 5000 + 9000)))
		}))
	)
	await Promise.all(
		parts.map(({ cid, bytes, at }) =>
			at % 2 === 0 ? store.putPart(cid, file.slice(at * 5000, at * 5000 + 9000)) : store.put(cid, bytes)
		)
	)
	for (const { cid, bytes } of parts) expect(await readBlock(store, cid)).toEqual(bytes)
})

test('a part that is not what its CID says is dropped when it is read', async () => {
	const file = await aFile(SOME)
	const { cid } = await part()
	await store.putPart(cid, file.slice(0, 199_000))
	await expect(readBlock(store, cid)).rejects.toMatchObject({ name: 'NotFoundError' })
	expect(given.corrupt).toEqual([cid.toString()])
	expect(await store.has(cid)).toBe(false)
})
