import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb'
import { AppError, isAbort } from '../../errors'
import type { PublisherRow } from '../catalog'
import type { EntryRow } from '../row'
import type { PageRecord } from './page-record'
import { decodeRows, encodeRows, ROWS_PER_BLOCK, type StoredRow } from './row-codec'
import type { IndexPart } from './search-index'

/** What is in use of one publisher. */
export interface PublisherRecord extends PublisherRow {
	/** Ids of the pages in use, in key order; as many as `pages` where these have CIDs. */
	readonly pageIds: readonly number[]
}

/** The words of the pages named, as a search index saved them. */
export interface IndexSnapshot {
	/** Changes when words are folded or stored in another way; a snapshot of another format is not read. */
	readonly format: number
	/** Number of the documents, those gone included. */
	readonly documents: number
	readonly pages: readonly { readonly id: number; readonly firstDocument: number }[]
	readonly parts: readonly IndexPart[]
}

interface Schema extends DBSchema {
	publishers: { key: string; value: PublisherRecord }
	/** By id; in use only when a publisher names it. */
	pages: { key: number; value: PageRecord }
	/** By page id and number of the block in the page: JSON of {@link ROWS_PER_BLOCK} rows. */
	rows: { key: [number, number]; value: Uint8Array }
	/** Two: `head` (the snapshot without its parts) and `parts`, one key a part. */
	index: { key: string; value: unknown }
	values: { key: string; value: number }
}

const FIRST_PAGE = 1

/**
 * IndexedDB of the catalog worker. A publication is written page by page, out of sight, and comes into use by the one
 * write of its publisher's record; what a crash leaves unnamed is swept away at the next opening.
 */
export class CatalogStore {
	readonly #database: IDBPDatabase<Schema>

	private constructor(database: IDBPDatabase<Schema>) {
		this.#database = database
	}

	/**
	 * @param onlost - called when the browser closes the database, or another version of the app wants to upgrade it
	 * @throws {@link AppError} `storage-failed`
	 */
	static async open(name: string, onlost: () => void): Promise<CatalogStore> {
		const database = await storing(() =>
			openDB<Schema>(name, 1, {
				upgrade(database) {
					database.createObjectStore('publishers', { keyPath: 'name' })
					database.createObjectStore('pages', { keyPath: 'id' })
					for (const store of ['rows', 'index', 'values'] as const) database.createObjectStore(store)
				},
				blocking(_current, _blocked, event) {
					;(event.target as IDBDatabase).close()
					onlost()
				},
				terminated: onlost
			})
		)
		return new CatalogStore(database)
	}

	close(): void {
		this.#database.close()
	}

	/** A number of this browser alone, made at first use. */
	seed(): Promise<number> {
		return this.#write(['values'], async (transaction) => {
			const values = transaction.objectStore('values')
			const held = await values.get('seed')
			if (held !== undefined) return held
			const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1
			await values.put(seed, 'seed')
			return seed
		})
	}

	publishers(): Promise<PublisherRecord[]> {
		return storing(() => this.#database.getAll('publishers'))
	}

	publisher(name: string): Promise<PublisherRecord | undefined> {
		return storing(() => this.#database.get('publishers', name))
	}

	pages(): Promise<PageRecord[]> {
		return storing(() => this.#database.getAll('pages'))
	}

	/** Numbers for a page about to be written. Never given out again, also when it is not written after all. */
	reserve(rows: number): Promise<{ id: number; firstId: number }> {
		return this.#write(['values'], async (transaction) => {
			const values = transaction.objectStore('values')
			const id = (await values.get('nextPage')) ?? FIRST_PAGE
			const firstId = (await values.get('nextRow')) ?? 1
			await Promise.all([values.put(id + 1, 'nextPage'), values.put(firstId + rows, 'nextRow')])
			return { id, firstId }
		})
	}

	/** Not in use until {@link publish} names it. */
	writePage(record: PageRecord, rows: readonly EntryRow[]): Promise<void> {
		return this.#write(['pages', 'rows'], async (transaction) => {
			const writes: Promise<unknown>[] = [transaction.objectStore('pages').put(record)]
			for (let block = 0; block * ROWS_PER_BLOCK < rows.length; block++) {
				const part = rows.slice(block * ROWS_PER_BLOCK, (block + 1) * ROWS_PER_BLOCK)
				writes.push(transaction.objectStore('rows').put(encodeRows(part), [record.id, block]))
			}
			await Promise.all(writes)
		})
	}

	/**
	 * Brings a publication into use in one write.
	 * @param before - what was in use when the work on it began
	 * @returns false, with nothing written, when something else is in use by now
	 */
	publish(record: PublisherRecord, before: PublisherRecord | undefined): Promise<boolean> {
		return this.#write(['publishers'], async (transaction) => {
			const publishers = transaction.objectStore('publishers')
			const present = await publishers.get(record.name)
			const same = present?.pageIds.join() === before?.pageIds.join() && present?.root === before?.root
			if (same) await publishers.put(record)
			return same
		})
	}

	/** Takes a publication out of use; its pages are for the caller to delete. */
	unpublish(name: string): Promise<PublisherRecord | undefined> {
		return this.#write(['publishers'], async (transaction) => {
			const publishers = transaction.objectStore('publishers')
			const record = await publishers.get(name)
			await publishers.delete(name)
			return record
		})
	}

	async deletePages(ids: readonly number[]): Promise<void> {
		if (ids.length === 0) return
		await this.#write(['pages', 'rows'], async (transaction) => {
			await Promise.all(
				ids.flatMap((id) => [
					transaction.objectStore('pages').delete(id),
					transaction.objectStore('rows').delete(IDBKeyRange.bound([id, 0], [id, Infinity]))
				])
			)
		})
	}

	/** Deletes pages that no publisher names, left by a crash. Only while nobody writes. */
	async sweep(): Promise<void> {
		const [publishers, pages] = await storing(() =>
			Promise.all([this.#database.getAll('publishers'), this.#database.getAllKeys('pages')])
		)
		const named = new Set(publishers.flatMap((publisher) => publisher.pageIds))
		await this.deletePages(pages.filter((id) => !named.has(id)))
	}

	/** Blocks of rows, by page id and number of the block; undefined for one that is gone. */
	blocks(wanted: readonly (readonly [page: number, block: number])[]): Promise<(StoredRow[] | undefined)[]> {
		return storing(async () => {
			const { store, done } = this.#database.transaction('rows')
			const [bytes] = await Promise.all([
				Promise.all(wanted.map(([page, block]) => store.get([page, block]))),
				done
			])
			return bytes.map((block) => (block === undefined ? undefined : decodeRows(block)))
		})
	}

	readSnapshot(): Promise<IndexSnapshot | undefined> {
		return storing(async () => {
			const transaction = this.#database.transaction('index')
			const head = await transaction.store.get('head')
			if (head === undefined) return undefined
			const range = IDBKeyRange.bound('part ', 'part!', false, true)
			const [keys, parts] = await Promise.all([
				transaction.store.getAllKeys(range),
				transaction.store.getAll(range),
				transaction.done
			])
			return {
				...(head as Omit<IndexSnapshot, 'parts'>),
				parts: keys.map((key, at) => ({ key: key.slice('part '.length), data: parts[at] as string }))
			}
		})
	}

	/** Replaces the snapshot in one transaction: a crash leaves the old one or the new one. */
	writeSnapshot({ parts, ...head }: IndexSnapshot): Promise<void> {
		return this.#write(['index'], async (transaction) => {
			const index = transaction.objectStore('index')
			await Promise.all([
				index.clear(),
				index.put(head, 'head'),
				...parts.map(({ key, data }) => index.put(data, `part ${key}`))
			])
		})
	}

	/** One transaction: all of `work` is written, or nothing. `work` may wait for its own requests only. */
	#write<Store extends StoreNames<Schema>, Result>(
		stores: Store[],
		work: (transaction: IDBPTransaction<Schema, Store[], 'readwrite'>) => Promise<Result>
	): Promise<Result> {
		return storing(async () => {
			const transaction = this.#database.transaction(stores, 'readwrite', { durability: 'relaxed' })
			const { done } = transaction
			// Awaited below; until then a failure of `work` must not leave it unheard.
			done.catch(() => undefined)
			try {
				const result = await work(transaction)
				await done
				return result
			} catch (error) {
				try {
					transaction.abort()
				} catch {
					// It has ended already.
				}
				// What a request rejects with after an abort says only that there was one.
				throw transaction.error ?? error
			}
		})
	}
}

async function storing<Result>(work: () => Promise<Result>): Promise<Result> {
	try {
		return await work()
	} catch (error) {
		if (error instanceof AppError) throw error
		throw storageError(error)
	}
}

/** Errors of IndexedDB as ours. */
export function storageError(error: unknown): AppError {
	const { name, message } = error instanceof Error ? error : { name: '', message: String(error) }
	if (name === 'QuotaExceededError') {
		return new AppError('storage-full', 'the browser gives no more room for the catalog', { cause: error })
	}
	return new AppError('storage-failed', `the catalog's database failed: ${message}`, {
		cause: error,
		...(isAbort(error) ? {} : { detail: message })
	})
}
