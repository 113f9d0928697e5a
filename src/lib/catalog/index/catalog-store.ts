import { openDB, unwrap, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb'
import { AppError, isAbort } from '../../errors'
import type { LeftPublication, PublisherRow, Wish } from '../catalog'
import type { Mirror } from '../publishing'
import { NameBlock } from './names-codec'
import { hasOldCatalog, OldCatalog, setAside } from './old-catalog'
import type { EncodedPage } from './page-codec'
import type { PageRecord } from './page-record'
import { RowBlock } from './row-codec'
import type { DocumentRange } from './search-index'
import { createSegmentStores } from './segments/segment-store'
import { decodeTexts, type TextBlock } from './text-codec'

/** What is in use of one publisher: the truth about which documents can be found. */
export interface PublisherRecord extends PublisherRow {
	/** Stands for the name in the index; never given to another one. */
	readonly number: number
	/** Documents of the pages in use, in key order. */
	readonly held: readonly DocumentRange[]
	/** Documents of their albums and artists, page by page. */
	readonly heldNames: readonly DocumentRange[]
	/** Of its pages on the disk. */
	readonly storedBytes: number
	readonly albums: number
	/** Publications of others that they say they keep, the first 1,000. */
	readonly mirrors?: readonly Mirror[]
}

/** A page about to be written. */
export interface NewPage {
	readonly record: PageRecord
	readonly encoded: EncodedPage
}

/** The next numbers to be given out. */
export interface FreeNumbers {
	document: number
	name: number
	publisher: number
}

export interface LeftForBudget {
	readonly publications: readonly LeftPublication[]
	/** Infinity for none. */
	readonly budget: { readonly entries: number; readonly bytes: number }
}

/** What keys of `values` begin with that name who left for the budget; the value is the sequence. */
const LEFT = 'left:'

interface Schema extends DBSchema {
	publishers: { key: string; value: PublisherRecord }
	/** By number of the first document, as all that follow; in use only when a publisher holds it. */
	pages: { key: number; value: PageRecord }
	/** By first document of the block: `ROWS_PER_BLOCK` rows, of one page. */
	rows: { key: number; value: Uint8Array<ArrayBuffer> }
	/** By first document of the block: long texts of `TEXTS_PER_BLOCK` rows, where there are any. */
	texts: { key: number; value: Uint8Array<ArrayBuffer> }
	/** By first document of the page: its albums and artists. */
	names: { key: number; value: Uint8Array<ArrayBuffer> }
	wishes: { key: string; value: Wish }
	values: { key: string; value: number }
}

const VERSION = 2

/** Prefixes of the stores of the two indexes. */
export const ENTRY_INDEX = 'entry-'
export const NAME_INDEX = 'name-'

/**
 * IndexedDB of the catalog worker. Pages are written one after the other, out of sight, and come into use by the one write
 * of their publisher's record; what a crash leaves that no publisher holds is swept away at the next opening.
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
			openDB<Schema>(name, VERSION, {
				upgrade(database, from, _to, transaction) {
					if (from === 1) setAside(database, transaction)
					database.createObjectStore('publishers', { keyPath: 'name' })
					database.createObjectStore('pages', { keyPath: 'first' })
					database.createObjectStore('wishes', { keyPath: 'id' })
					for (const store of ['rows', 'texts', 'names', 'values'] as const) database.createObjectStore(store)
					const raw = database as unknown as IDBDatabase
					createSegmentStores(raw, ENTRY_INDEX)
					createSegmentStores(raw, NAME_INDEX)
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

	/** For the stores of the indexes. */
	get database(): IDBDatabase {
		return unwrap(this.#database as unknown as IDBPDatabase)
	}

	/** What an older version of the app left. */
	get oldCatalog(): OldCatalog | undefined {
		return hasOldCatalog(this.#database) ? new OldCatalog(this.#database as unknown as IDBPDatabase) : undefined
	}

	/** A number of this browser alone, made at first use. */
	async seed(): Promise<number> {
		const held = await storing(() => this.#database.get('values', 'seed'))
		if (held !== undefined) return held
		return this.#write(['values'], async (transaction) => {
			const values = transaction.objectStore('values')
			const held = await values.get('seed')
			if (held !== undefined) return held
			const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1
			await values.put(seed, 'seed')
			return seed
		})
	}

	/** Empties the indexes when they were made in another way than now: they are then made anew from the rows. */
	async dropIndexesOfOtherFormat(format: number): Promise<void> {
		if ((await storing(() => this.#database.get('values', 'indexFormat'))) === format) return
		const stores = Array.from(this.#database.objectStoreNames).filter((name) =>
			[ENTRY_INDEX, NAME_INDEX].some((prefix) => (name as string).startsWith(prefix))
		)
		await this.#write([...stores, 'values'], async (transaction) => {
			await Promise.all([
				...stores.map((name) => transaction.objectStore(name).clear()),
				transaction.objectStore('values').put(format, 'indexFormat')
			])
		})
	}

	publishers(): Promise<PublisherRecord[]> {
		return storing(() => this.#database.getAll('publishers'))
	}

	publisher(name: string): Promise<PublisherRecord | undefined> {
		return storing(() => this.#database.get('publishers', name))
	}

	/** By first document. */
	pages(firsts: readonly number[]): Promise<(PageRecord | undefined)[]> {
		return this.#read('pages', firsts)
	}

	/** By first document of the page. */
	async names(firsts: readonly number[]): Promise<(NameBlock | undefined)[]> {
		const blocks = await this.#read('names', firsts)
		return blocks.map((bytes) => (bytes === undefined ? undefined : new NameBlock(bytes)))
	}

	/** By first document of the block. */
	async rowBlocks(firsts: readonly number[]): Promise<(RowBlock | undefined)[]> {
		const blocks = await this.#read('rows', firsts)
		return blocks.map((bytes) => (bytes === undefined ? undefined : new RowBlock(bytes)))
	}

	/** By first document of the block. */
	async textBlocks(firsts: readonly number[]): Promise<(TextBlock | undefined)[]> {
		const blocks = await this.#read('texts', firsts)
		return blocks.map((bytes) => bytes && decodeTexts(bytes))
	}

	/** Only while holding the lock on writing. */
	freeNumbers(): Promise<FreeNumbers> {
		return storing(async () => {
			const { store, done } = this.#database.transaction('values')
			const [document = 1, name = 1, publisher = 1] = await Promise.all([
				store.get('nextDocument'),
				store.get('nextName'),
				store.get('nextPublisher'),
				done
			])
			return { document, name, publisher }
		})
	}

	/** Not in use until {@link publish} holds them. `free` are the numbers that are left: none is given out twice. */
	async writePages(pages: readonly NewPage[], free: FreeNumbers): Promise<void> {
		const next = { ...free }
		await this.#write(['pages', 'rows', 'texts', 'names', 'values'], async (transaction) => {
			const writes: Promise<unknown>[] = []
			for (const { record, encoded } of pages) {
				writes.push(transaction.objectStore('pages').put(record))
				writes.push(transaction.objectStore('names').put(encoded.names, record.first))
				for (const [key, bytes] of encoded.rows) writes.push(transaction.objectStore('rows').put(bytes, key))
				for (const [key, bytes] of encoded.texts) writes.push(transaction.objectStore('texts').put(bytes, key))
			}
			writes.push(...putNumbers(transaction.objectStore('values'), next))
			await Promise.all(writes)
		})
	}

	/**
	 * Brings a publication into use in one write.
	 * @param before - what was in use when the work on it began
	 * @returns false, with nothing written, when something else is in use by now
	 */
	publish(record: PublisherRecord, before: PublisherRecord | undefined, free: FreeNumbers): Promise<boolean> {
		return this.#write(['publishers', 'values'], async (transaction) => {
			const publishers = transaction.objectStore('publishers')
			const present = await publishers.get(record.name)
			const same = present?.root === before?.root && sameRanges(present?.held, before?.held)
			const values = transaction.objectStore('values')
			if (same)
				await Promise.all([publishers.put(record), values.delete(LEFT + record.name), ...putNumbers(values, free)])
			return same
		})
	}

	/** Takes publications out of use in one write; their pages are for the caller to delete. */
	unpublish(names: readonly string[]): Promise<PublisherRecord[]> {
		return this.#write(['publishers'], async (transaction) => {
			const publishers = transaction.objectStore('publishers')
			const records = await Promise.all(names.map((name) => publishers.get(name)))
			await Promise.all(names.map((name) => publishers.delete(name)))
			return records.filter((record) => record !== undefined)
		})
	}

	/** Deletes what is stored of these documents: whole pages. */
	async deleteDocuments(ranges: readonly DocumentRange[]): Promise<void> {
		const stores = ['pages', 'rows', 'texts', 'names'] as const
		// A page without rows has a number all the same.
		const whole = joinRanges(ranges.map(({ first, count }) => ({ first, count: Math.max(1, count) })))
		for (const part of chunks(whole, 64)) {
			await this.#write([...stores], async (transaction) => {
				await Promise.all(
					part.flatMap(({ first, count }) => {
						const range = IDBKeyRange.bound(first, first + count, false, true)
						return stores.map((store) => transaction.objectStore(store).delete(range))
					})
				)
			})
		}
	}

	/** Deletes pages that no publisher holds, left by a crash. Only while nobody writes. */
	async sweep(): Promise<void> {
		const [publishers, firsts] = await storing(() =>
			Promise.all([this.#database.getAll('publishers'), this.#database.getAllKeys('pages')])
		)
		const held = new Set(publishers.flatMap((publisher) => publisher.held.map(({ first }) => first)))
		const loose = firsts.filter((first) => !held.has(first))
		if (loose.length === 0) return
		const pages = await this.pages(loose)
		await this.deleteDocuments(pages.filter((page) => page !== undefined))
	}

	/** Which publications left for a budget, and what that was. */
	left(): Promise<LeftForBudget> {
		return storing(async () => {
			const { store, done } = this.#database.transaction('values')
			const range = IDBKeyRange.bound(LEFT, `${LEFT}\uffff`)
			const [keys, sequences, entries = 0, bytes = 0] = await Promise.all([
				store.getAllKeys(range),
				store.getAll(range),
				store.get('leftEntries'),
				store.get('leftBytes'),
				done
			])
			const publications = keys.map((key, at) => ({ name: key.slice(LEFT.length), sequence: sequences[at] ?? 0 }))
			return { publications, budget: { entries, bytes } }
		})
	}

	/** They leave for this budget; each until a publication of its publisher is held again. */
	noteLeft({ publications, budget }: LeftForBudget): Promise<void> {
		return this.#write(['values'], async (transaction) => {
			const values = transaction.objectStore('values')
			await Promise.all([
				...publications.map(({ name, sequence }) => values.put(sequence, LEFT + name)),
				values.put(budget.entries, 'leftEntries'),
				values.put(budget.bytes, 'leftBytes')
			])
		})
	}

	wishes(): Promise<Wish[]> {
		return storing(() => this.#database.getAll('wishes'))
	}

	/** @returns what `change` made of it; undefined deletes it */
	changeWish(id: string, change: (held: Wish | undefined) => Wish | undefined): Promise<Wish | undefined> {
		return this.#write(['wishes'], async (transaction) => {
			const wishes = transaction.objectStore('wishes')
			const wish = change(await wishes.get(id))
			await (wish === undefined ? wishes.delete(id) : wishes.put(wish))
			return wish
		})
	}

	#read<Store extends 'pages' | 'names' | 'rows' | 'texts'>(
		name: Store,
		keys: readonly number[]
	): Promise<(Schema[Store]['value'] | undefined)[]> {
		if (keys.length === 0) return Promise.resolve([])
		return storing(
			() =>
				new Promise((resolve, reject) => {
					// Some fifty for each search: a promise for each would take longer than reading them.
					const transaction = unwrap(this.#database).transaction(name)
					const store = transaction.objectStore(name)
					const requests = keys.map((key) => store.get(key) as IDBRequest<Schema[Store]['value'] | undefined>)
					transaction.oncomplete = () => {
						resolve(requests.map(({ result }) => result))
					}
					transaction.onabort = () => {
						reject(transaction.error ?? new DOMException('the transaction was aborted', 'AbortError'))
					}
				})
		)
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

function putNumbers(
	values: { put(value: number, key: string): Promise<unknown> },
	{ document, name, publisher }: FreeNumbers
): Promise<unknown>[] {
	return [
		values.put(document, 'nextDocument'),
		values.put(name, 'nextName'),
		values.put(publisher, 'nextPublisher')
	]
}

/** Ranges in order; those that touch are one. */
export function joinRanges(ranges: readonly DocumentRange[]): DocumentRange[] {
	const joined: { first: number; count: number }[] = []
	for (const { first, count } of ranges.toSorted((a, b) => a.first - b.first)) {
		const last = joined.at(-1)
		if (last !== undefined && last.first + last.count === first) last.count += count
		else joined.push({ first, count })
	}
	return joined
}

function sameRanges(a: readonly DocumentRange[] = [], b: readonly DocumentRange[] = []): boolean {
	return a.length === b.length && a.every(({ first }, at) => first === b[at]?.first)
}

function chunks<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
	const parts: (readonly Item[])[] = []
	for (let from = 0; from < items.length; from += size) parts.push(items.slice(from, from + size))
	return parts
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
