import * as dagCbor from '@ipld/dag-cbor'
import * as dagPb from '@ipld/dag-pb'
import { openDB } from 'idb'
import type { Blockstore } from 'interface-blockstore'
import { CID } from 'multiformats/cid'
import { identityBlock } from '../gateway/verify-block'
import { readBlock } from './read-block'

/** Work goes on this long before the page gets its turn. */
const SLICE_MS = 8
/** Blocks read and deleted side by side: at most 2 MiB each. */
const LANES = 8

export interface FreeBlocksInit {
	readonly blockstore: Blockstore
	/** Everything below these that is here stays. */
	readonly keep: readonly CID[]
	readonly signal: AbortSignal
}

export interface FreedBlocks {
	readonly freedBlocks: number
	/** Bytes of the blocks themselves; the disk may give back more or less. */
	readonly freedBytes: number
}

/** How many blocks the block store holds; their bytes are not read. 0 where it was never opened. */
export async function countBlocks(name = 'antiphon-blocks'): Promise<number> {
	let isThere = true
	const opening = openDB(name, undefined, {
		// What is not there is not made: it would lack what the store's own opening puts in.
		upgrade(_database, _old, _new, transaction) {
			isThere = false
			transaction.done.catch(() => undefined)
			transaction.abort()
		}
	})
	const database = await opening.catch((error: unknown) => {
		if (isThere) throw error
	})
	if (database === undefined) return 0
	try {
		return database.objectStoreNames.contains(name) ? await database.count(name) : 0
	} finally {
		database.close()
	}
}

/**
 * Deletes every block that is not below one of the roots to keep. Nothing is fetched: where a block in between is
 * missing, what lies below it cannot be found and goes too. Blocks that come in meanwhile stay.
 * @throws what the block store throws; when a block to keep cannot be read, before anything was deleted
 */
export async function freeBlocks({ blockstore, keep, signal }: FreeBlocksInit): Promise<FreedBlocks> {
	const slices = new Slices(signal)
	const here = new Map<string, CID>()
	for await (const { cid } of blockstore.getAll({ signal })) {
		here.set(keyOf(cid), cid)
		await slices.rest()
	}
	const kept = await findBelow(keep, here, blockstore, slices)
	const going = [...here].filter(([key]) => !kept.has(key)).map(([, cid]) => cid)
	let freedBlocks = 0
	let freedBytes = 0
	for (let from = 0; from < going.length; from += LANES) {
		await slices.rest()
		await Promise.all(
			going.slice(from, from + LANES).map(async (cid) => {
				const bytes = await read(blockstore, cid)
				if (bytes === undefined) return
				await blockstore.delete(cid)
				freedBlocks += 1
				freedBytes += bytes.byteLength
			})
		)
	}
	return { freedBlocks, freedBytes }
}

/** Keys of the local blocks below the roots. Each is visited once per codec, so what is here bounds the walk. */
async function findBelow(
	roots: readonly CID[],
	here: ReadonlyMap<string, CID>,
	blockstore: Blockstore,
	slices: Slices
): Promise<ReadonlySet<string>> {
	const kept = new Set<string>()
	const seen = new Set<string>()
	const ahead = [...roots]
	for (let cid = ahead.pop(); cid !== undefined; cid = ahead.pop()) {
		await slices.rest()
		const key = keyOf(cid)
		const visit = `${cid.code} ${key}`
		if (seen.has(visit)) continue
		const carried = carriedBy(cid)
		if (carried === undefined && !here.has(key)) continue
		seen.add(visit)
		if (carried === undefined) kept.add(key)
		if (cid.code !== dagPb.code && cid.code !== dagCbor.code) continue
		const bytes = carried ?? (await read(blockstore, cid))
		if (bytes !== undefined) for (const link of linksOf(cid.code, bytes)) ahead.push(link)
	}
	return kept
}

/** What a block links to; nothing where it does not decode. */
function linksOf(code: number, bytes: Uint8Array): readonly CID[] {
	try {
		if (code === dagPb.code) return dagPb.decode(bytes).Links.map(({ Hash }) => Hash)
		const links: CID[] = []
		const ahead: unknown[] = [dagCbor.decode(bytes)]
		while (ahead.length > 0) {
			const value = ahead.pop()
			if (typeof value !== 'object' || value === null || value instanceof Uint8Array) continue
			const link = CID.asCID(value)
			if (link === null) for (const part of Object.values(value)) ahead.push(part)
			else links.push(link)
		}
		return links
	} catch {
		return []
	}
}

/** The block that a CID carries in itself. */
function carriedBy(cid: CID): Uint8Array | undefined {
	try {
		return identityBlock(cid)
	} catch {
		return undefined
	}
}

/** Undefined when it is gone by now. */
async function read(blockstore: Blockstore, cid: CID): Promise<Uint8Array | undefined> {
	try {
		return await readBlock(blockstore, cid)
	} catch (error) {
		if (error instanceof Error && error.name === 'NotFoundError') return undefined
		throw error
	}
}

/** Cuts long work into slices, so that the page does not stand still. */
class Slices {
	readonly #signal: AbortSignal
	#startMs = performance.now()

	constructor(signal: AbortSignal) {
		this.#signal = signal
	}

	async rest(): Promise<void> {
		this.#signal.throwIfAborted()
		if (performance.now() - this.#startMs < SLICE_MS) return
		await new Promise((resolve) => setTimeout(resolve))
		this.#startMs = performance.now()
	}
}

/** The block store tells blocks apart by their hash alone. */
const keyOf = (cid: CID) => String.fromCharCode(...cid.multihash.bytes)
