import { decode } from '@ipld/dag-pb'
import type { CID } from 'multiformats/cid'
import { AppError } from '../../errors'

const DAG_PB = 0x70
const NO_LINKS: readonly CID[] = []

/** Where blocks are written. An `interface-blockstore` is one. */
export interface BlockWriter {
	put(cid: CID, bytes: Uint8Array, options?: { signal?: AbortSignal }): unknown
	/** Copies a block out of a file, where the store can do that by itself. */
	putPart?(cid: CID, part: Blob, options?: { signal?: AbortSignal }): unknown
}

interface Noted {
	readonly cid: CID
	readonly sizeBytes: number
	readonly links: readonly CID[]
}

/** Passes blocks on to a store, each once, and notes size and links, so that the DAG can be walked without reading it back. */
export class BlockLedger {
	readonly #store: BlockWriter
	readonly #signal: AbortSignal
	readonly #noted = new Map<string, Noted>()

	constructor(store: BlockWriter, signal: AbortSignal) {
		this.#store = store
		this.#signal = signal
	}

	/** @throws AppError `storage-full` or `storage-failed` */
	async put(cid: CID, bytes: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<CID> {
		this.#signal.throwIfAborted()
		if (!(bytes instanceof Uint8Array)) throw new TypeError('blocks are written whole')
		const key = cid.toString()
		if (this.#noted.has(key)) return cid
		const links = cid.code === DAG_PB ? decode(bytes).Links.map((link) => link.Hash) : NO_LINKS
		this.#noted.set(key, { cid, sizeBytes: bytes.byteLength, links })
		await this.#write(() => this.#store.put(cid, bytes, { signal: this.#signal }))
		return cid
	}

	/** Puts a leaf that is a part of a file. @throws AppError `storage-full` or `storage-failed`; DOMException when the file is gone */
	async putPart(cid: CID, part: Blob): Promise<void> {
		this.#signal.throwIfAborted()
		const key = cid.toString()
		if (this.#noted.has(key)) return
		this.#noted.set(key, { cid, sizeBytes: part.size, links: NO_LINKS })
		const options = { signal: this.#signal }
		await this.#write(async () => {
			if (this.#store.putPart !== undefined) await this.#store.putPart(cid, part, options)
			else await this.#store.put(cid, new Uint8Array(await part.arrayBuffer()), options)
		}).catch(async (error: unknown) => {
			// Where it is the file that is gone, this says so.
			await part.slice(0, 1).arrayBuffer()
			throw error
		})
	}

	/** Notes a leaf that is not written: its bytes stay in the file that they were read from. */
	note(cid: CID, sizeBytes: number): void {
		const key = cid.toString()
		if (!this.#noted.has(key)) this.#noted.set(key, { cid, sizeBytes, links: NO_LINKS })
	}

	async #write(write: () => unknown): Promise<void> {
		try {
			await write()
		} catch (cause) {
			this.#signal.throwIfAborted()
			// Some stores give the cause as text only.
			const full = /quota/i.test(String(cause))
			throw new AppError(full ? 'storage-full' : 'storage-failed', 'a block could not be stored', { cause })
		}
	}

	/** Every block that was put, in that order. */
	all(): readonly CID[] {
		return [...this.#noted.values()].map(({ cid }) => cid)
	}

	/** Every block below `root`, itself first, depth first in link order, each once: the order of a CAR. */
	below(root: CID): { readonly blocks: readonly CID[]; readonly sizeBytes: number } {
		const seen = new Set<string>()
		const blocks: CID[] = []
		let sizeBytes = 0
		const ahead = [root]
		for (let cid = ahead.pop(); cid !== undefined; cid = ahead.pop()) {
			const key = cid.toString()
			if (seen.has(key)) continue
			const noted = this.#noted.get(key)
			if (noted === undefined) throw new AppError('content-unavailable', `block ${key} was not built here`)
			seen.add(key)
			blocks.push(noted.cid)
			sizeBytes += noted.sizeBytes
			ahead.push(...noted.links.toReversed())
		}
		return { blocks, sizeBytes }
	}
}
