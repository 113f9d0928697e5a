import type { RawSegment } from './segment-writer'

/** Contents of a segment, by number of the segment and of the part. */
export type ContentStore = 'postings' | 'positions' | 'columns'
export const CONTENT_STORES: readonly ContentStore[] = ['postings', 'positions', 'columns']

/** Parts of `columns`. */
export const FACTS = 0
export const TITLE_KEYS = 1
export const DICTIONARY = 2

export interface Content {
	readonly store: ContentStore
	readonly part: number
	readonly bytes: Uint8Array<ArrayBuffer>
}

/** Where segments are kept. A segment exists once its record is committed; what belongs to no record is waste. */
export interface SegmentStore {
	records(): Promise<readonly RawSegment[]>
	/** In one transaction; undefined for what is not there. */
	read(wanted: readonly ContentKey[]): Promise<(Uint8Array | undefined)[]>
	write(segment: number, contents: readonly Content[]): Promise<void>
	/**
	 * One transaction: the new segment takes the place of the old ones, whose contents may be deleted afterwards.
	 * @returns false, with nothing changed, when one of the old ones is gone already
	 */
	commit(added: RawSegment | undefined, removed: readonly number[]): Promise<boolean>
	deleteContents(segments: readonly number[]): Promise<void>
	/** Deletes contents that belong to no record, of segments begun before then: nobody is writing them any more. */
	sweep(beforeMs: number): Promise<void>
	close(): void
}

export interface ContentKey {
	readonly store: ContentStore
	readonly segment: number
	readonly part: number
}

const RECORDS = 'segments'

/** So many segments can be begun in one ms with little chance that two have the same number. */
const IDS_PER_MS = 4096

/** A number for a new segment that no other process gives out, and that tells when it was begun. */
export function segmentId(nowMs: number, random = Math.random()): number {
	return nowMs * IDS_PER_MS + Math.floor(random * IDS_PER_MS)
}

/** Names of the stores that {@link createSegmentStores} makes. */
const storeNames = (prefix: string) => [RECORDS, ...CONTENT_STORES].map((name) => prefix + name)

/** For the upgrade of a database. */
export function createSegmentStores(database: Pick<IDBDatabase, 'createObjectStore'>, prefix = ''): void {
	for (const name of storeNames(prefix)) {
		database.createObjectStore(name, name === prefix + RECORDS ? { keyPath: 'id' } : {})
	}
}

/** Keys whose parts follow each other, together. */
function runsOf(wanted: readonly ContentKey[]): { readonly key: ContentKey; count: number }[] {
	const runs: { readonly key: ContentKey; count: number }[] = []
	for (const key of wanted) {
		const last = runs.at(-1)
		if (
			last?.key.store === key.store &&
			last.key.segment === key.segment &&
			last.key.part + last.count === key.part
		)
			last.count++
		else runs.push({ key, count: 1 })
	}
	return runs
}

/** {@link SegmentStore} in IndexedDB. */
export class DatabaseSegmentStore implements SegmentStore {
	readonly #database: IDBDatabase
	readonly #prefix: string

	constructor(database: IDBDatabase, prefix = '') {
		this.#database = database
		this.#prefix = prefix
	}

	records(): Promise<readonly RawSegment[]> {
		return this.#transact([RECORDS], 'readonly', (store) => store(RECORDS).getAll() as IDBRequest<RawSegment[]>)
	}

	async read(wanted: readonly ContentKey[]): Promise<(Uint8Array | undefined)[]> {
		if (wanted.length === 0) return []
		const stores = [...new Set(wanted.map(({ store }) => store))]
		const runs = runsOf(wanted)
		const found = await this.#transactAll(stores, 'readonly', (store) =>
			runs.map(({ key: { store: name, segment, part }, count }) =>
				// One request for parts that follow each other: each takes longer to be answered than what it reads.
				store(name).getAll(IDBKeyRange.bound([segment, part], [segment, part + count - 1]))
			)
		)
		// Where one is gone its segment is.
		return runs.flatMap(({ count }, at) => {
			const contents = found[at] as Uint8Array[]
			return contents.length === count ? contents : Array<undefined>(count).fill(undefined)
		})
	}

	async write(segment: number, contents: readonly Content[]): Promise<void> {
		const stores = [...new Set(contents.map(({ store }) => store))]
		if (stores.length === 0) return
		await this.#transactAll(stores, 'readwrite', (store) =>
			contents.map((content) => store(content.store).put(content.bytes, [segment, content.part]))
		)
	}

	async commit(added: RawSegment | undefined, removed: readonly number[]): Promise<boolean> {
		let complete = true
		await this.#transactAll([RECORDS], 'readwrite', (store) => {
			const records = store(RECORDS)
			let left = removed.length
			const replace = () => {
				if (!complete) return
				if (added !== undefined) records.put(added)
				for (const id of removed) records.delete(id)
			}
			if (left === 0) replace()
			for (const id of removed) {
				const present = records.getKey(id)
				present.onsuccess = () => {
					complete &&= present.result !== undefined
					if (--left === 0) replace()
				}
			}
			return []
		})
		return complete
	}

	async deleteContents(segments: readonly number[]): Promise<void> {
		await this.#deleteRanges(segments.map((id) => [id, id + 1]))
	}

	async sweep(beforeMs: number): Promise<void> {
		const ids = (await this.records()).map(({ id }) => id).sort((a, b) => a - b)
		const end = segmentId(beforeMs, 0)
		const between: [number, number][] = []
		let from = 0
		for (const id of [...ids.filter((id) => id < end), end]) {
			if (id > from) between.push([from, id])
			from = id + 1
		}
		await this.#deleteRanges(between)
	}

	close(): void {
		// The database belongs to whoever opened it.
	}

	async #deleteRanges(ranges: readonly (readonly [from: number, before: number])[]): Promise<void> {
		if (ranges.length === 0) return
		await this.#transactAll(CONTENT_STORES, 'readwrite', (store) =>
			CONTENT_STORES.flatMap((name) =>
				ranges.map(([from, before]) => store(name).delete(IDBKeyRange.bound([from], [before], false, true)))
			)
		)
	}

	async #transact<Result>(
		stores: readonly string[],
		mode: IDBTransactionMode,
		work: (store: (name: string) => IDBObjectStore) => IDBRequest<Result>
	): Promise<Result> {
		const [result] = await this.#transactAll(stores, mode, (store) => [work(store)])
		return result as Result
	}

	/** Resolves when all is committed; rejects also when the transaction is aborted, as it is over quota. */
	#transactAll<Result>(
		stores: readonly string[],
		mode: IDBTransactionMode,
		work: (store: (name: string) => IDBObjectStore) => IDBRequest<Result>[]
	): Promise<Result[]> {
		return new Promise((resolve, reject) => {
			const transaction = this.#database.transaction(
				stores.map((name) => this.#prefix + name),
				mode,
				{ durability: 'relaxed' }
			)
			let requests: IDBRequest<Result>[]
			try {
				requests = work((name) => transaction.objectStore(this.#prefix + name))
			} catch (error) {
				// What was put before this must not be written without the rest.
				transaction.abort()
				reject(error instanceof Error ? error : new Error(String(error)))
				return
			}
			transaction.oncomplete = () => {
				resolve(requests.map((request) => request.result))
			}
			transaction.onabort = () => {
				reject(transaction.error ?? new DOMException('the transaction was aborted', 'AbortError'))
			}
		})
	}
}

/** {@link SegmentStore} without a disk: where there is no database, and for tests. */
export class MemorySegmentStore implements SegmentStore {
	readonly #records = new Map<number, RawSegment>()
	readonly #contents = new Map<string, Uint8Array<ArrayBuffer>>()

	/** Of all that is kept, in use or not. */
	get sizeBytes(): number {
		let sizeBytes = 0
		for (const { byteLength } of this.#contents.values()) sizeBytes += byteLength
		return sizeBytes
	}

	records(): Promise<readonly RawSegment[]> {
		return Promise.resolve([...this.#records.values()])
	}

	read(wanted: readonly ContentKey[]): Promise<(Uint8Array | undefined)[]> {
		return Promise.resolve(wanted.map((key) => this.#contents.get(contentName(key))))
	}

	write(segment: number, contents: readonly Content[]): Promise<void> {
		for (const { store, part, bytes } of contents) this.#contents.set(contentName({ store, segment, part }), bytes)
		return Promise.resolve()
	}

	commit(added: RawSegment | undefined, removed: readonly number[]): Promise<boolean> {
		if (removed.some((id) => !this.#records.has(id))) return Promise.resolve(false)
		if (added !== undefined) this.#records.set(added.id, added)
		for (const id of removed) this.#records.delete(id)
		return Promise.resolve(true)
	}

	deleteContents(segments: readonly number[]): Promise<void> {
		const gone = new Set(segments)
		for (const name of this.#contents.keys()) if (gone.has(Number(name.split(' ')[1]))) this.#contents.delete(name)
		return Promise.resolve()
	}

	async sweep(beforeMs: number): Promise<void> {
		const ids = new Set([...this.#contents.keys()].map((name) => Number(name.split(' ')[1])))
		await this.deleteContents([...ids].filter((id) => id < segmentId(beforeMs, 0) && !this.#records.has(id)))
	}

	close(): void {
		this.#contents.clear()
	}
}

const contentName = ({ store, segment, part }: ContentKey) => `${store} ${segment} ${part}`
