import { BaseBlockstore } from 'blockstore-core'
import type { Blockstore } from 'interface-blockstore'
import { NotFoundError } from 'interface-store'
import type { CID } from 'multiformats/cid'
import type { Quota } from '../src/lib/storage/quota'
import { hasRoom } from '../src/lib/storage/quota'
import { readOf, type ReadOptions } from './read'

/** Blocks held in memory: about what two players and a page of covers read at a time. */
const MEMORY_BYTES = 24 * 1024 * 1024
const QUOTA_CHECK_BYTES = 64 * 1024 * 1024

export interface KeptBlocksOptions {
	readonly open: () => Promise<Blockstore>
	readonly quota: () => Promise<Quota>
}

/**
 * The shared block store with the newest blocks in memory before it. Nothing that plays waits for the disk, and a disk that
 * is full or refuses to open stops the keeping, not the playing.
 */
export class KeptBlocks extends BaseBlockstore {
	readonly #memory = new Map<string, Uint8Array>()
	readonly #writes = new Set<Promise<void>>()
	readonly #options: KeptBlocksOptions
	#memoryBytes = 0
	#store: Promise<Blockstore | undefined> | undefined
	#untilCheckBytes = 0
	#room = true

	constructor(options: KeptBlocksOptions) {
		super()
		this.#options = options
	}

	override async has(cid: CID): Promise<boolean> {
		if (this.#memory.has(keyOf(cid))) return true
		const store = await this.#opened()
		return (await store?.has(cid)) ?? false
	}

	override async *get(cid: CID, options?: ReadOptions): AsyncGenerator<Uint8Array> {
		const key = keyOf(cid)
		const bytes = this.#memory.get(key) ?? (await this.#read(cid))
		if (bytes === undefined) throw new NotFoundError()
		this.#remember(key, bytes)
		readOf(options)?.watch.received('local', 'local', bytes.byteLength)
		yield bytes
	}

	override put(cid: CID, bytes: Uint8Array): CID {
		this.#remember(keyOf(cid), bytes)
		const write = this.#write(cid, bytes)
			.catch((error: unknown) => {
				console.warn('a block was not kept', error)
				this.#room = false
			})
			.finally(() => this.#writes.delete(write))
		this.#writes.add(write)
		return cid
	}

	/** Resolves when all that was put has been written. */
	async settled(): Promise<void> {
		while (this.#writes.size > 0) await Promise.all(this.#writes)
	}

	async #write(cid: CID, bytes: Uint8Array): Promise<void> {
		if (this.#untilCheckBytes <= 0) {
			this.#untilCheckBytes = QUOTA_CHECK_BYTES
			this.#room = hasRoom(await this.#options.quota())
		}
		this.#untilCheckBytes -= bytes.byteLength
		if (this.#room) await (await this.#opened())?.put(cid, bytes)
	}

	async #read(cid: CID): Promise<Uint8Array | undefined> {
		const store = await this.#opened()
		if (store === undefined) return undefined
		for await (const bytes of store.get(cid)) return bytes
		return undefined
	}

	#opened(): Promise<Blockstore | undefined> {
		this.#store ??= this.#options.open().catch((error: unknown) => {
			console.warn('the block store does not open', error)
			this.#store = undefined
			return undefined
		})
		return this.#store
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

const keyOf = (cid: CID) => String.fromCharCode(...cid.multihash.bytes)
