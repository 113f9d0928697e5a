import { openDB, type IDBPDatabase, type IDBPObjectStore } from 'idb'
import { AppError } from '../errors'

/** What is noted of a block beside its bytes. */
export interface BlockFacts {
	readonly sizeBytes: number
	/** Unix ms; coarse, see `LastUse`. */
	readonly used: number
	/** What the block belongs to; see {@link PutOptions}. */
	readonly group?: string
}

export interface StoredTotals {
	readonly bytes: number
	readonly blocks: number
	/** Of these, what eviction had to leave when it last ran. */
	readonly protectedBytes: number
	/** False until the blocks of the store's first version were counted in. */
	readonly counted: boolean
}

type Mode = 'readonly' | 'readwrite'
type ObjectStore<M extends Mode> = IDBPObjectStore<unknown, string[], string, M>

/** The parts of one transaction. Keys are those of {@link storedKey}. */
export interface BlockTables<M extends Mode> {
	readonly bytes: ObjectStore<M>
	readonly facts: ObjectStore<M>
	/** Label → roots, as text. */
	readonly pins: ObjectStore<M>
	readonly totals: ObjectStore<M>
}

/** 2 added facts, pins and totals; 3 has blocks that are blobs, which a tab with an older version cannot read. */
const VERSION = 3
const FACTS = 'facts'
const PINS = 'pins'
const TOTALS = 'totals'
const BLOCKED_MS = 5_000

/**
 * The database of the blocks. A connection that the browser closes, because the storage was cleared or a newer version of
 * the app wants to upgrade, is opened anew by what comes next.
 */
export class BlockDatabase {
	readonly name: string
	#opening: Promise<IDBPDatabase> | undefined
	#closed = false

	constructor(name: string) {
		this.name = name
	}

	/** @throws AppError `storage-failed` when another tab holds an older version open; else what the browser throws */
	async open(): Promise<void> {
		await this.#opened()
	}

	/** The bytes of a block, or what the browser keeps of them as a file; from a transaction of their own: nothing but writing holds it up. */
	async read(key: string): Promise<Uint8Array | Blob | undefined> {
		return await this.#within([this.name], 'readonly', async (transaction) => {
			return (await transaction.objectStore(this.name).get(key)) as Uint8Array | Blob | undefined
		})
	}

	async has(key: string): Promise<boolean> {
		return await this.#within([this.name], 'readonly', async (transaction) => {
			return (await transaction.objectStore(this.name).getKey(key)) !== undefined
		})
	}

	/** Up to `count` keys of blocks after `after`, in the order of keys. */
	async keysAfter(after: string, count: number): Promise<readonly string[]> {
		return await this.#within([this.name], 'readonly', async (transaction) => {
			return (await transaction
				.objectStore(this.name)
				.getAllKeys(IDBKeyRange.lowerBound(after, true), count)) as string[]
		})
	}

	/** Calls `work` in one transaction over everything; it is undone when `work` rejects. */
	async transact<M extends Mode, T>(mode: M, work: (tables: BlockTables<M>) => Promise<T>): Promise<T> {
		return await this.#within([this.name, FACTS, PINS, TOTALS], mode, async (transaction) => {
			const table = (name: string) => transaction.objectStore(name) as unknown as ObjectStore<M>
			return await work({
				bytes: table(this.name),
				facts: table(FACTS),
				pins: table(PINS),
				totals: table(TOTALS)
			})
		})
	}

	async close(): Promise<void> {
		this.#closed = true
		const database = await this.#opening?.catch(() => undefined)
		database?.close()
	}

	async #within<T>(
		stores: string[],
		mode: Mode,
		work: (transaction: ReturnType<IDBPDatabase['transaction']>) => Promise<T>
	): Promise<T> {
		const transaction = await this.#begin(stores, mode)
		// Whatever ends it is told by `work` or below.
		transaction.done.catch(() => undefined)
		let result: T
		try {
			result = await work(transaction)
		} catch (error) {
			try {
				transaction.abort()
			} catch {
				// It was over already.
			}
			// A full disk ends the transaction, and its requests with it: the first cause is the transaction's.
			throw transaction.error ?? error
		}
		await transaction.done
		return result
	}

	async #begin(stores: string[], mode: Mode) {
		const options = { durability: 'relaxed' } as const
		const opening = this.#opened()
		const database = await opening
		try {
			return database.transaction(stores, mode, options)
		} catch (error) {
			// Closed under us, and we were not told yet.
			if (!(error instanceof DOMException) || error.name !== 'InvalidStateError') throw error
			if (this.#opening === opening) this.#opening = undefined
			return (await this.#opened()).transaction(stores, mode, options)
		}
	}

	#opened(): Promise<IDBPDatabase> {
		if (this.#closed) return Promise.reject(new AppError('storage-failed', 'the block store is closed'))
		if (this.#opening !== undefined) return this.#opening
		const opening = this.#connect(() => {
			if (this.#opening === opening) this.#opening = undefined
		})
		this.#opening = opening
		opening.catch(() => {
			if (this.#opening === opening) this.#opening = undefined
		})
		return opening
	}

	#connect(onclosed: () => void): Promise<IDBPDatabase> {
		return new Promise((resolve, reject) => {
			let timer: ReturnType<typeof setTimeout> | undefined
			let late = false
			openDB(this.name, VERSION, {
				upgrade: (database, old, _new, transaction) => {
					if (old < 1) database.createObjectStore(this.name)
					if (old >= 2) return
					// What version 1 holds stays as it is, under its keys; it is counted in later.
					database.createObjectStore(FACTS).createIndex('used', 'used')
					database.createObjectStore(PINS)
					database.createObjectStore(TOTALS)
					const totals: StoredTotals = { bytes: 0, blocks: 0, protectedBytes: 0, counted: old < 1 }
					void transaction.objectStore(TOTALS).put(totals, TOTALS)
				},
				blocked: () => {
					timer = setTimeout(() => {
						late = true
						reject(new AppError('storage-failed', 'a tab with an older version of the app holds the block store'))
					}, BLOCKED_MS)
				},
				blocking: (_current, _blocked, event) => {
					;(event.target as IDBDatabase).close()
					onclosed()
				},
				terminated: onclosed
			}).then((database) => {
				clearTimeout(timer)
				if (late || this.#closed) database.close()
				resolve(database)
			}, reject)
		})
	}
}

/** What the store holds, as the transaction sees it. */
export async function readTotals(tables: BlockTables<Mode>): Promise<StoredTotals> {
	return (await tables.totals.get(TOTALS)) as StoredTotals
}

export async function changeTotals(
	tables: BlockTables<'readwrite'>,
	change: (totals: StoredTotals) => Partial<StoredTotals>
): Promise<StoredTotals> {
	const before = await readTotals(tables)
	const after = { ...before, ...change(before) }
	await tables.totals.put(after, TOTALS)
	return after
}
