import * as dagCbor from '@ipld/dag-cbor'
import * as dagPb from '@ipld/dag-pb'
import { deleteDB, openDB } from 'idb'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { blockKey } from './block-key'
import { openBlockstore, type BlockStore, type BlockStoreInit, type PutOptions } from './blockstore'

export interface GivenBlock {
	readonly cid: CID
	readonly bytes: Uint8Array
}

export async function aBlock(bytes: Uint8Array, code: number = raw.code): Promise<GivenBlock> {
	return { cid: CID.createV1(code, await sha256.digest(bytes as Uint8Array<ArrayBuffer>)), bytes }
}

/** A leaf of 1,000 bytes, each number another. */
export const aLeaf = (number: number) => {
	const bytes = new Uint8Array(1000)
	new DataView(bytes.buffer).setUint32(0, number)
	return aBlock(bytes)
}
export const aText = (text: string) => aBlock(new TextEncoder().encode(text))
export const aFolder = (...links: readonly GivenBlock[]) =>
	aBlock(folderOf(...links.map(({ cid }) => cid)), dagPb.code)
export const someData = (value: unknown) => aBlock(dagCbor.encode(value), dagCbor.code)
export const folderOf = (...links: readonly CID[]) =>
	dagPb.encode(dagPb.prepare({ Links: links.map((Hash, at) => ({ Hash, Name: String(at) })) }))

/** A block store of this test's own, whose clock, budget and roots it sets. */
export class GivenStore {
	readonly name = `blocks-test-${crypto.randomUUID()}`
	nowMs = 1_000_000_000
	budgetBytes = 1e12
	quota = { usedBytes: 0, quotaBytes: 0, persisted: false }
	roots: readonly string[] = []
	readonly corrupt: string[] = []
	readonly #open: BlockStore[] = []

	/** Another tab or worker. */
	async open(init: Partial<BlockStoreInit> = {}): Promise<BlockStore> {
		const store = await openBlockstore(this.name, {
			nowMs: () => this.nowMs,
			room: () => Promise.resolve({ budgetBytes: this.budgetBytes, quota: this.quota }),
			roots: () => Promise.resolve(this.roots),
			oncorrupt: (cid) => this.corrupt.push(cid.toString()),
			...init
		})
		this.#open.push(store)
		return store
	}

	/** Puts blocks, each a minute after the one before. */
	async put(store: BlockStore, blocks: readonly GivenBlock[], options: PutOptions = {}): Promise<void> {
		for (const { cid, bytes } of blocks) {
			this.nowMs += 60_000
			await store.put(cid, bytes, options)
		}
		await store.settled()
	}

	/** Writes bytes under a block's key, past the store. */
	async tamper({ cid }: GivenBlock, bytes: Uint8Array): Promise<void> {
		const database = await openDB(this.name)
		await database.put(this.name, bytes, blockKey(cid))
		database.close()
	}

	async end(): Promise<void> {
		for (const store of this.#open) await store.close()
		await deleteDB(this.name)
	}
}

export const held = async (store: BlockStore, blocks: readonly GivenBlock[]): Promise<boolean[]> => {
	const has: boolean[] = []
	for (const { cid } of blocks) has.push(await store.has(cid))
	return has
}
