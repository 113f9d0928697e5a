import { exporter, walkPath, type ReadableStorage, type UnixFSDirectory } from 'ipfs-unixfs-exporter'
import { type CID } from 'multiformats/cid'
import { AppError, isAbort } from '../../errors'
import type { BlockSource } from '../../gateway/block-source'
import { identityBlock } from '../../gateway/verify-block'
import { MAX_READ_BLOCKS, READ_CONCURRENCY } from '../limits'

const DAG_PB = 0x70
const RAW = 0x55

export interface FolderLink {
	readonly name: string
	readonly cid: CID
	/** Bytes of all blocks below, as the folder claims. */
	readonly claimedBytes: number
}

export type UnixFsNode =
	/** `sizeBytes` as the root block states it; what is read is checked against it. */
	| { readonly type: 'file'; readonly sizeBytes: number }
	| { readonly type: 'folder'; links(): AsyncIterable<FolderLink> }

/**
 * Reads UnixFS out of blocks from anywhere. Bounded: one reading fetches at most {@link MAX_READ_BLOCKS} blocks, however
 * a hostile DAG refers to itself.
 */
export class UnixFsReader {
	readonly #source: BlockSource
	readonly #signal: AbortSignal
	#fetched = 0

	constructor(source: BlockSource, signal: AbortSignal) {
		this.#source = source
		this.#signal = signal
	}

	/** One block. @throws AppError `too-many` past the bound, and what the source throws */
	async block(cid: CID, signal = this.#signal): Promise<Uint8Array> {
		signal.throwIfAborted()
		if (++this.#fetched > MAX_READ_BLOCKS) throw new AppError('too-many', `more than ${MAX_READ_BLOCKS} blocks`)
		return identityBlock(cid) ?? (await this.#source.get(cid, { signal }))
	}

	/**
	 * Follows names below a root, through plain and sharded folders.
	 * @throws AppError `not-found`, `bad-path`, `content-unsupported`
	 */
	async resolve(root: CID, segments: readonly string[]): Promise<CID> {
		if (segments.length === 0) return root
		// The exporter splits paths at `/` and takes a backslash before it as an escape.
		if (segments.some((name) => name === '' || /\/|\\$/.test(name))) {
			throw new AppError('bad-path', 'the path has a name that cannot be')
		}
		return await this.#run(async (storage, signal) => {
			let found = root
			let remainder: readonly string[] = segments
			// Links that stand inside one dag-cbor or dag-json block are followed as well.
			for await (const step of walkPath(`${root.toString()}/${segments.join('/')}`, storage, { signal })) {
				found = step.cid
				remainder = (step as { readonly remainder?: readonly string[] }).remainder ?? []
			}
			if (remainder.length > 0)
				throw new AppError('not-found', `no ${segments.join('/')} below ${root.toString()}`)
			return found
		})
	}

	/** What a dag-pb or raw CID is. @throws AppError `content-unsupported` for what is not UnixFS */
	async node(cid: CID): Promise<UnixFsNode> {
		if (cid.code === RAW) return { type: 'file', sizeBytes: (await this.block(cid)).byteLength }
		if (cid.code !== DAG_PB) throw new AppError('content-unsupported', `${cid.toString()} is not UnixFS`)
		const signal = this.#signal
		const entry = await exporter(cid, this.#storage(signal), { signal }).catch((error: unknown) => {
			throw readable(error)
		})
		if (entry.type === 'file') return { type: 'file', sizeBytes: exactNumber(entry.size) }
		if (entry.type !== 'directory') throw new AppError('content-unsupported', `${cid.toString()} is not UnixFS`)
		return { type: 'folder', links: () => linksOf(entry, signal) }
	}

	/**
	 * A whole file.
	 * @throws AppError `too-large` when it states, or turns out to have, more than `maxBytes`
	 */
	async file(cid: CID, maxBytes: number): Promise<Uint8Array> {
		if (cid.code === RAW) {
			const bytes = await this.block(cid)
			if (bytes.byteLength > maxBytes) throw tooLarge(bytes.byteLength, maxBytes)
			return bytes
		}
		return await this.#run(async (storage, signal) => {
			const entry = await exporter(cid, storage, { signal })
			if (entry.type !== 'file') throw new AppError('content-unsupported', `${cid.toString()} is not a file`)
			if (entry.size > BigInt(maxBytes)) throw tooLarge(entry.size, maxBytes)
			const bytes = new Uint8Array(Number(entry.size))
			let at = 0
			for await (const chunk of entry.content({ signal, blockReadConcurrency: READ_CONCURRENCY })) {
				// The exporter ends with an error when there is more than the root states.
				bytes.set(chunk, at)
				at += chunk.byteLength
			}
			return bytes
		})
	}

	/** The exporter goes on fetching behind a generator that was left early, so each use ends with an abort. */
	async #run<T>(use: (storage: ReadableStorage, signal: AbortSignal) => Promise<T>): Promise<T> {
		const stop = new AbortController()
		const signal = AbortSignal.any([this.#signal, stop.signal])
		try {
			return await use(this.#storage(signal), signal)
		} catch (error) {
			throw readable(error)
		} finally {
			stop.abort()
		}
	}

	#storage(signal: AbortSignal): ReadableStorage {
		const block = (cid: CID) => this.block(cid, signal)
		return {
			async *get(cid) {
				yield await block(cid)
			}
		}
	}
}

async function* linksOf(folder: UnixFSDirectory, signal: AbortSignal): AsyncGenerator<FolderLink> {
	try {
		for await (const { name, cid, size } of folder.entries({ signal })) {
			yield { name, cid, claimedBytes: exactNumber(size) }
		}
	} catch (error) {
		throw readable(error)
	}
}

const NOT_FOUND = new Set(['NotFoundError', 'BadPathError'])

/** Errors of the exporter as ours; ours and aborts as they are. */
function readable(error: unknown): unknown {
	if (error instanceof AppError || isAbort(error) || !(error instanceof Error)) return error
	if (NOT_FOUND.has(error.name)) return new AppError('not-found', error.message, { cause: error })
	return new AppError('content-unsupported', `not readable as UnixFS: ${error.message}`, { cause: error })
}

function tooLarge(size: number | bigint, max: number): AppError {
	return new AppError('too-large', `a file of ${size} bytes, at most ${max} are read`)
}

/** 0, which stands for unknown, for what no honest file has. */
function exactNumber(size: bigint): number {
	return size >= 0n && size <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(size) : 0
}

/** Runs `work` over all items, at most `limit` at a time. The first failure ends it: no further item is begun. */
export async function inLanes<T>(
	limit: number,
	items: Iterable<T>,
	work: (item: T) => Promise<void>
): Promise<void> {
	const queue = items[Symbol.iterator]()
	let failed = false
	const lane = async (): Promise<void> => {
		for (let next = queue.next(); next.done !== true && !failed; next = queue.next()) {
			try {
				await work(next.value)
			} catch (error) {
				failed = true
				throw error
			}
		}
	}
	await Promise.all(Array.from({ length: limit }, lane))
}
