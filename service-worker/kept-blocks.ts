import { BaseBlockstore } from 'blockstore-core'
import type { Blockstore } from 'interface-blockstore'
import { NotFoundError } from 'interface-store'
import type { CID } from 'multiformats/cid'
import { AppError } from '../src/lib/errors'
import type { BlockStoreInit, PutOptions } from '../src/lib/storage/blockstore'
import { blockKey } from '../src/lib/gateway/block-key'
import { holdInUse } from '../src/lib/storage/in-use'
import { isFull } from '../src/lib/storage/quota'
import type { StorageNotice } from '../src/lib/storage/storage-notice'
import { FilesInUse } from './files-in-use'
import { readOf, type ReadOptions } from './read'
import { WritePace } from './write-pace'

/** Blocks held in memory: about what two players and a page of covers read at a time, which is far less than they may hold. */
const MEMORY_BYTES = 16 * 1024 * 1024
/** Of blocks that wait for the disk. What comes while so much waits is not kept. */
const QUEUE_BYTES = 16 * 1024 * 1024
/** After the disk was full, or the store did not open, so long passes before the next try. */
const PAUSE_MS = 60_000

/** The part of a `BlockStore` that is used here. */
interface Store extends Pick<Blockstore, 'has' | 'get'> {
	put(cid: CID, bytes: Uint8Array, options: PutOptions): unknown
}

export interface KeptBlocksOptions {
	/** Opens the block store; asked again, later, when it rejects. */
	readonly open: (init: Pick<BlockStoreInit, 'oncorrupt'>) => Promise<Store>
	/** Told when keeping stops and goes on again. */
	readonly onnotice?: (notice: StorageNotice) => void
	readonly nowMs?: () => number
}

export interface KeepOptions {
	readonly signal?: AbortSignal
	/** Root of the file that the block belongs to: eviction leaves it while it is read. */
	readonly file?: CID | undefined
}

/**
 * The shared block store with the newest blocks in memory before it, and writing behind. Nothing that plays waits for the
 * disk to write, and a disk that is slow, full, broken or cleared stops the keeping, not the playing.
 */
export class KeptBlocks extends BaseBlockstore {
	readonly #memory = new Map<string, Uint8Array>()
	/** On their way to the disk, by key. */
	readonly #queue = new Map<string, Uint8Array>()
	readonly #pace = new WritePace()
	readonly #files = new FilesInUse(holdInUse)
	readonly #broken = new Set<string>()
	readonly #options: KeptBlocksOptions
	readonly #nowMs: () => number
	#memoryBytes = 0
	#queueBytes = 0
	#opening: Promise<Store | undefined> | undefined
	#pausedMs = -Infinity
	#notice: StorageNotice['state'] = 'ok'
	#roomy = Promise.withResolvers<void>()

	constructor(options: KeptBlocksOptions) {
		super()
		this.#options = options
		this.#nowMs = options.nowMs ?? Date.now
	}

	/** Opens the disk, so that the first look need not wait for it. */
	open(): void {
		void this.#store()
	}

	/** A block that is in memory. */
	peek(cid: CID): Uint8Array | undefined {
		const key = blockKey(cid)
		return this.#memory.get(key) ?? this.#queue.get(key)
	}

	/** The block, or undefined when it is not on this device or the disk fails. */
	async find(cid: CID): Promise<Uint8Array | undefined> {
		const bytes = this.peek(cid) ?? (await this.#read(cid))
		if (bytes !== undefined) this.#remember(blockKey(cid), bytes)
		return bytes
	}

	override async has(cid: CID): Promise<boolean> {
		if (this.peek(cid) !== undefined) return true
		try {
			return (await (await this.#store())?.has(cid)) ?? false
		} catch (error) {
			console.warn('the block store does not answer', error)
			return false
		}
	}

	override async *get(cid: CID, options?: ReadOptions): AsyncGenerator<Uint8Array> {
		const watch = readOf(options)?.watch
		const bytes = await this.find(cid)
		if (this.#broken.delete(blockKey(cid))) watch?.wrong('local')
		if (bytes === undefined) throw new NotFoundError()
		watch?.received('local', 'local', bytes.byteLength)
		yield bytes
	}

	/** Keeps a verified block, if the disk can follow. */
	override put(cid: CID, bytes: Uint8Array, { file }: KeepOptions = {}): CID {
		const key = blockKey(cid)
		if (file) this.#files.touch(file)
		if (this.#queue.has(key)) return cid
		// A view into what the network gave would hold all of that in memory, and not count.
		const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
		this.#remember(key, own)
		this.#pace.came(own.byteLength)
		if (this.#nowMs() < this.#pausedMs || this.#queueBytes + own.byteLength > QUEUE_BYTES) return cid
		this.#queue.set(key, own)
		this.#queueBytes += own.byteLength
		this.#pace.add(own.byteLength, async () => {
			await this.#write(cid, own, file)
			this.#queue.delete(key)
			this.#queueBytes -= own.byteLength
			if (this.#queueBytes > QUEUE_BYTES / 2) return
			this.#roomy.resolve()
			this.#roomy = Promise.withResolvers()
		})
		return cid
	}

	/**
	 * Sees to it that a block is written that may have been in memory only, since the disk could not follow when it came.
	 * @throws AppError `storage-full`, `storage-failed`
	 */
	async ensure(cid: CID, bytes: Uint8Array, file: CID): Promise<void> {
		while (this.#queueBytes > QUEUE_BYTES / 2) await this.#pace.hurry(this.#roomy.promise)
		const store = await this.#store()
		if (!this.#queue.has(blockKey(cid)) && !(await isIn(store, cid))) this.put(cid, bytes, { file })
		if (this.#notice === 'ok' && store !== undefined) return
		const isFull = this.#notice === 'full'
		throw new AppError(isFull ? 'storage-full' : 'storage-failed', 'blocks are not kept for now')
	}

	/** Resolves when all that was put is written or given up. */
	settled(): Promise<void> {
		return this.#pace.settled()
	}

	async #write(cid: CID, bytes: Uint8Array, file: CID | undefined): Promise<void> {
		try {
			const store = await this.#store()
			if (store === undefined) return
			await store.put(cid, bytes, file ? { group: file.toString() } : {})
			this.#tell('ok')
		} catch (error) {
			this.#pausedMs = this.#nowMs() + PAUSE_MS
			this.#tell(isFull(error) ? 'full' : 'failed', error)
		}
	}

	async #read(cid: CID): Promise<Uint8Array | undefined> {
		try {
			const store = await this.#store()
			if (store) for await (const bytes of store.get(cid)) return bytes
		} catch (error) {
			if ((error as Error).name !== 'NotFoundError') console.warn('the block store does not answer', error)
		}
		return undefined
	}

	/** Undefined where it does not open; it is tried again after a while. */
	#store(): Promise<Store | undefined> {
		if (this.#opening === undefined && this.#nowMs() < this.#pausedMs) return Promise.resolve(undefined)
		this.#opening ??= this.#options
			.open({ oncorrupt: (cid) => this.#broken.add(blockKey(cid)) })
			.catch((error: unknown) => {
				this.#opening = undefined
				this.#pausedMs = this.#nowMs() + PAUSE_MS
				this.#tell('failed', error)
				return undefined
			})
		return this.#opening
	}

	#tell(state: StorageNotice['state'], error?: unknown): void {
		if (error !== undefined) console.warn('blocks are not kept for now', error)
		if (state === this.#notice) return
		this.#notice = state
		this.#options.onnotice?.({ type: 'storage', state })
	}

	#remember(key: string, bytes: Uint8Array): void {
		this.#memoryBytes += bytes.byteLength - (this.#memory.get(key)?.byteLength ?? 0)
		this.#memory.delete(key)
		this.#memory.set(key, bytes)
		for (const [oldest, { byteLength }] of this.#memory) {
			if (this.#memoryBytes <= MEMORY_BYTES) break
			this.#memory.delete(oldest)
			this.#memoryBytes -= byteLength
		}
	}
}

async function isIn(store: Store | undefined, cid: CID): Promise<boolean> {
	try {
		return (await store?.has(cid)) ?? false
	} catch {
		return false
	}
}
