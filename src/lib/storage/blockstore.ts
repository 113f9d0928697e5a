import { BaseBlockstore } from 'blockstore-core'
import type { Blockstore, InputPair, Pair } from 'interface-blockstore'
import { NotFoundError } from 'interface-store'
import type { CID } from 'multiformats/cid'
import { verifyBlock } from '../gateway/verify-block'
import { BlockDatabase } from './block-database'
import { storedKey, cidOfKey } from './stored-key'
import { commitBlocks, deleteBlock, noteUses } from './block-writes'
import { BudgetWatch } from './budget-watch'
import { isLost } from './count-blocks'
import { Eviction, type Evicted, type EvictOptions, type StoreTotals } from './eviction'
import { holdInUse, namesInUse } from './in-use'
import { LastUse } from './last-use'
import { readRootsOfProfile } from './pinned-roots'
import { isFull } from './quota'
import { readRoom, type Room } from './room'
import { runAlone } from './tab-lock'
import { sizeOf, WriteQueue } from './write-queue'

export type { Evicted, EvictOptions, StoreTotals } from './eviction'

type Bytes = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

export interface PutOptions {
	readonly signal?: AbortSignal
	/**
	 * What the block belongs to: the root of a file as text, or a label. The block is protected while that is pinned or in
	 * use, also before the blocks are here that lead to it.
	 */
	readonly group?: string
}

/** The one block store of this origin, and what keeps it within its budget. */
export interface BlockStore extends Blockstore {
	/** Resolves when the block is written; whatever is put meanwhile shares one transaction. */
	put(cid: CID, bytes: Bytes, options?: PutOptions): Promise<CID>
	/**
	 * As `put`, for a block that is a part of a file: the browser copies it from there, five times as quickly as bytes that a
	 * script hands it. It is checked when it is read, as all are. (Chromium copies nothing in a private window: there the file
	 * must stay until the window is closed.)
	 */
	putPart(cid: CID, part: Blob, options?: PutOptions): Promise<CID>
	/**
	 * Protects all below `roots` from eviction, also what comes later, until the label is unpinned or pinned to others. It
	 * holds from when it resolves.
	 */
	pin(label: string, roots: readonly CID[]): Promise<void>
	unpin(label: string): Promise<void>
	/** Protects a file or a group of blocks until it is released or this context ends. */
	hold(name: string): () => void
	/** Lets go of what was used longest ago. It runs in one tab or worker at a time; others wait. */
	evict(options?: EvictOptions): Promise<Evicted>
	/** Lets go of all below these roots, as text, that nothing else protects. */
	release(roots: readonly string[], signal: AbortSignal): Promise<Evicted>
	totals(signal: AbortSignal): Promise<StoreTotals>
	/** Resolves when all that was put and noted is written, or failed to be. */
	settled(): Promise<void>
	close(): Promise<void>
}

export interface BlockStoreInit {
	/** Roots of this profile that are pinned, as text. */
	readonly roots: () => Promise<readonly string[]>
	readonly room: () => Promise<Room>
	readonly nowMs: () => number
	/** A block on the disk that did not hash to its CID, or could not be read at all; it was dropped. */
	readonly oncorrupt: (cid: CID) => void
}

/** Writes that a `putMany` has under way. */
const MANY = 64
const KEYS_AT_ONCE = 512

/**
 * Opens the block store that the peer, the service worker and publishing share.
 * @throws AppError `storage-failed`, or what the browser throws, where it cannot be opened
 */
export async function openBlockstore(
	name = 'antiphon-blocks',
	init: Partial<BlockStoreInit> = {}
): Promise<BlockStore> {
	const store = new StoredBlocks(name, {
		roots: readRootsOfProfile,
		room: readRoom,
		nowMs: Date.now,
		oncorrupt: () => undefined,
		...init
	})
	await store.open()
	return store
}

class StoredBlocks extends BaseBlockstore implements BlockStore {
	readonly #name: string
	readonly #oncorrupt: (cid: CID) => void
	readonly #database: BlockDatabase
	readonly #writes: WriteQueue
	readonly #uses: LastUse
	readonly #eviction: Eviction
	readonly #budget: BudgetWatch
	readonly #closing = new AbortController()

	constructor(name: string, { roots, room, nowMs, oncorrupt }: BlockStoreInit) {
		super()
		this.#name = name
		this.#oncorrupt = oncorrupt
		const database = new BlockDatabase(name)
		this.#database = database
		this.#uses = new LastUse((used) => noteUses(database, used), nowMs)
		this.#eviction = new Eviction({
			database,
			read: (cid) => this.#read(cid),
			roots,
			inUse: () => namesInUse(name),
			nowMs
		})
		this.#budget = new BudgetWatch({ room, nowMs, evict: (wanted) => this.#evict(wanted) })
		this.#writes = new WriteQueue(async (blocks) => {
			const commit = () => commitBlocks(database, blocks, nowMs())
			const totals = await commit().catch(async (error: unknown) => {
				if (!isFull(error)) throw error
				if (!(await this.#budget.full())) throw error
				return await commit()
			})
			this.#budget.written(
				blocks.reduce((sum, { bytes }) => sum + sizeOf(bytes), 0),
				totals
			)
		})
	}

	async open(): Promise<void> {
		await this.#database.open()
	}

	override async has(cid: CID): Promise<boolean> {
		const key = storedKey(cid)
		return this.#writes.peek(key) !== undefined || (await this.#database.has(key))
	}

	/** @throws NotFoundError also for a block that was found broken, and is gone now */
	override async *get(cid: CID, options?: { signal?: AbortSignal }): AsyncGenerator<Uint8Array> {
		options?.signal?.throwIfAborted()
		const bytes = await this.#read(cid)
		options?.signal?.throwIfAborted()
		if (bytes === undefined) throw new NotFoundError()
		this.#uses.note(storedKey(cid))
		yield bytes
	}

	override async put(cid: CID, bytes: Bytes, { signal, group }: PutOptions = {}): Promise<CID> {
		signal?.throwIfAborted()
		await this.#writes.add({ key: storedKey(cid), bytes: await whole(bytes), group })
		return cid
	}

	async putPart(cid: CID, part: Blob, { signal, group }: PutOptions = {}): Promise<CID> {
		signal?.throwIfAborted()
		await this.#writes.add({ key: storedKey(cid), bytes: part, group })
		return cid
	}

	override async *putMany(
		source: Iterable<InputPair> | AsyncIterable<InputPair>,
		options: PutOptions = {}
	): AsyncGenerator<CID> {
		const writing: Promise<CID>[] = []
		for await (const { cid, bytes } of source) {
			const written = this.put(cid, bytes, options)
			written.catch(() => undefined)
			writing.push(written)
			if (writing.length >= MANY) yield await (writing.shift() as Promise<CID>)
		}
		for (const written of writing) yield await written
	}

	override async delete(cid: CID): Promise<void> {
		await deleteBlock(this.#database, storedKey(cid))
	}

	override async *getAll(options?: { signal?: AbortSignal }): AsyncGenerator<Pair> {
		for (let after = ''; ;) {
			options?.signal?.throwIfAborted()
			const keys = await this.#database.keysAfter(after, KEYS_AT_ONCE)
			if (keys.length === 0) return
			after = keys.at(-1) ?? after
			for (const key of keys) {
				const cid = cidOfKey(key)
				yield { cid, bytes: this.get(cid, options) }
			}
		}
	}

	async pin(label: string, roots: readonly CID[]): Promise<void> {
		await this.#database.transact('readwrite', ({ pins }) => pins.put(roots.map(String), label))
	}

	async unpin(label: string): Promise<void> {
		await this.#database.transact('readwrite', ({ pins }) => pins.delete(label))
	}

	hold(name: string): () => void {
		return holdInUse(name, this.#name)
	}

	async evict(wanted: EvictOptions = {}): Promise<Evicted> {
		await this.settled()
		return await this.#evict(wanted)
	}

	async release(roots: readonly string[], signal: AbortSignal): Promise<Evicted> {
		await this.settled()
		const ending = AbortSignal.any([signal, this.#closing.signal])
		return await runAlone(`${this.#name} evicts`, () => this.#eviction.release(roots, ending))
	}

	async totals(signal: AbortSignal): Promise<StoreTotals> {
		await this.settled()
		return await this.#eviction.totals(signal)
	}

	async settled(): Promise<void> {
		await this.#writes.settled()
		await this.#uses.flush()
		await this.#budget.settled()
	}

	async close(): Promise<void> {
		await this.#writes.settled()
		await this.#uses.flush()
		this.#closing.abort(new DOMException('the block store is closed', 'AbortError'))
		await this.#budget.settled()
		await this.#database.close()
	}

	async #evict({ signal, budgetBytes, ...wanted }: EvictOptions): Promise<Evicted> {
		const ending = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal
		const within = budgetBytes ?? (await this.#budget.bytes())
		const run = () => this.#eviction.run({ ...wanted, budgetBytes: within, signal: ending })
		return await runAlone(`${this.#name} evicts`, run)
	}

	/** The bytes of a block that is here and whole. What is broken is dropped. */
	async #read(cid: CID): Promise<Uint8Array | undefined> {
		const key = storedKey(cid)
		const unwritten = this.#writes.peek(key)
		if (unwritten instanceof Uint8Array) return unwritten
		try {
			const stored = unwritten ?? (await this.#database.read(key))
			const bytes = stored instanceof Blob ? new Uint8Array(await stored.arrayBuffer()) : stored
			if (bytes === undefined || (await verifyBlock(cid, bytes))) return bytes
			// Another tab may have dropped it, and have put it right, since it was read.
			await deleteBlock(this.#database, key, (still) => isSame(still, stored))
		} catch (error) {
			if (!isLost(error)) throw error
			await deleteBlock(this.#database, key)
		}
		this.#oncorrupt(cid)
		return undefined
	}
}

/** In one piece, and in a buffer of its own: IndexedDB would store the whole buffer that a view looks into. */
async function whole(bytes: Bytes): Promise<Uint8Array> {
	if (bytes instanceof Uint8Array) return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
	const pieces: Uint8Array<ArrayBuffer>[] = []
	for await (const piece of bytes) pieces.push(piece as Uint8Array<ArrayBuffer>)
	return new Uint8Array(await new Blob(pieces).arrayBuffer())
}

/** Files are not read for it: of two of one size the first may go, and is copied again when it is wanted. */
function isSame(one: Uint8Array | Blob, other: Uint8Array | Blob | undefined): boolean {
	if (other === undefined || sizeOf(one) !== sizeOf(other)) return false
	if (one instanceof Blob || other instanceof Blob) return one instanceof Blob && other instanceof Blob
	return one.every((byte, at) => byte === other[at])
}
