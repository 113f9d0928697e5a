import { AppError } from '../../errors'
import type { Wish } from '../catalog'
import type { CatalogStore, FreeNumbers, LeftForBudget, NewPage, PublisherRecord } from './catalog-store'
import { NameBlock } from './names-codec'
import type { OldCatalog } from './old-catalog'
import type { PageRecord } from './page-record'
import { RowBlock } from './row-codec'
import type { DocumentRange } from './search-index'
import { decodeTexts, type TextBlock } from './text-codec'

/** Where what is written is kept. What is in memory is lost with the tab. */
export type Layer = 'disk' | 'memory'

/** Rows that are held in memory at most, some 0.3 KB each: past that a publication is refused. */
const MAX_ROWS_IN_MEMORY = 200_000

/**
 * The database, and in front of it what could not be written there: all, where the browser gives no database. Reads see
 * both.
 */
export class LayeredStore {
	readonly #disk: CatalogStore | undefined
	readonly #publishers = new Map<string, PublisherRecord>()
	readonly #pages = new Map<number, NewPage>()
	readonly #rows = new Map<number, RowBlock>()
	readonly #texts = new Map<number, Uint8Array<ArrayBuffer>>()
	readonly #wishes = new Map<string, Wish>()
	readonly #seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1
	readonly #next: FreeNumbers = { document: 1, name: 1, publisher: 1 }
	#rowCount = 0

	constructor(disk: CatalogStore | undefined) {
		this.#disk = disk
	}

	/** For the stores of the indexes. */
	get database(): IDBDatabase | undefined {
		return this.#disk?.database
	}

	/** What an older version of the app left. */
	get oldCatalog(): OldCatalog | undefined {
		return this.#disk?.oldCatalog
	}

	/** Why something is held in memory only. */
	get degraded(): 'full' | 'lost' | undefined {
		if (this.#disk === undefined) return 'lost'
		return this.#publishers.size > 0 ? 'full' : undefined
	}

	/** Where to write first. */
	get layer(): Layer {
		return this.#disk === undefined ? 'memory' : 'disk'
	}

	close(): void {
		this.#disk?.close()
	}

	seed(): Promise<number> {
		return this.#disk?.seed() ?? Promise.resolve(this.#seed)
	}

	async dropIndexesOfOtherFormat(format: number): Promise<void> {
		await this.#disk?.dropIndexesOfOtherFormat(format)
	}

	async publishers(): Promise<PublisherRecord[]> {
		const stored = (await this.#disk?.publishers()) ?? []
		return [...stored.filter(({ name }) => !this.#publishers.has(name)), ...this.#publishers.values()]
	}

	async publisher(name: string): Promise<PublisherRecord | undefined> {
		return this.#publishers.get(name) ?? this.#disk?.publisher(name)
	}

	pages(firsts: readonly number[]): Promise<(PageRecord | undefined)[]> {
		return this.#both(
			firsts,
			(first) => this.#pages.get(first)?.record,
			(missing) => this.#disk?.pages(missing)
		)
	}

	names(firsts: readonly number[]): Promise<(NameBlock | undefined)[]> {
		return this.#both(
			firsts,
			(first) => {
				const page = this.#pages.get(first)
				return page && new NameBlock(page.encoded.names)
			},
			(missing) => this.#disk?.names(missing)
		)
	}

	rowBlocks(firsts: readonly number[]): Promise<(RowBlock | undefined)[]> {
		return this.#both(
			firsts,
			(first) => this.#rows.get(first),
			(missing) => this.#disk?.rowBlocks(missing)
		)
	}

	textBlocks(firsts: readonly number[]): Promise<(TextBlock | undefined)[]> {
		return this.#both(
			firsts,
			(first) => {
				const bytes = this.#texts.get(first)
				return bytes && decodeTexts(bytes)
			},
			(missing) => this.#disk?.textBlocks(missing)
		)
	}

	/** @param ends - numbers up to these are in the indexes, in use or not */
	async freeNumbers(ends: { document: number; name: number }): Promise<FreeNumbers> {
		const stored = await this.#disk?.freeNumbers()
		return {
			document: Math.max(this.#next.document, ends.document, stored?.document ?? 1),
			name: Math.max(this.#next.name, ends.name, stored?.name ?? 1),
			publisher: Math.max(this.#next.publisher, stored?.publisher ?? 1)
		}
	}

	/** @throws AppError `storage-full` */
	async writePages(pages: readonly NewPage[], free: FreeNumbers, layer: Layer): Promise<void> {
		if (layer === 'disk' && this.#disk !== undefined) return this.#disk.writePages(pages, free)
		Object.assign(this.#next, free)
		for (const page of pages) {
			this.#rowCount += page.record.count
			if (this.#rowCount > MAX_ROWS_IN_MEMORY) {
				this.#rowCount -= page.record.count
				throw new AppError('storage-full', 'too much to be held in memory')
			}
			this.#pages.set(page.record.first, page)
			for (const [first, bytes] of page.encoded.rows) this.#rows.set(first, new RowBlock(bytes))
			for (const [first, bytes] of page.encoded.texts) this.#texts.set(first, bytes)
		}
	}

	async publish(
		record: PublisherRecord,
		before: PublisherRecord | undefined,
		free: FreeNumbers,
		layer: Layer
	): Promise<boolean> {
		if (layer === 'disk' && this.#disk !== undefined) {
			const done = await this.#disk.publish(record, before, free)
			if (done) this.#publishers.delete(record.name)
			return done
		}
		Object.assign(this.#next, free)
		this.#publishers.set(record.name, record)
		return true
	}

	async unpublish(names: readonly string[]): Promise<PublisherRecord[]> {
		const held = names.flatMap((name) => this.#publishers.get(name) ?? [])
		for (const name of names) this.#publishers.delete(name)
		const stored = (await this.#disk?.unpublish(names)) ?? []
		return [...held, ...stored]
	}

	async deleteDocuments(ranges: readonly DocumentRange[]): Promise<void> {
		const stored = ranges.filter(({ first }) => {
			const page = this.#pages.get(first)
			if (page === undefined) return true
			this.#pages.delete(first)
			this.#rowCount -= page.record.count
			for (const [block] of page.encoded.rows) this.#rows.delete(block)
			for (const [block] of page.encoded.texts) this.#texts.delete(block)
			return false
		})
		if (stored.length > 0) await this.#disk?.deleteDocuments(stored)
	}

	async sweep(): Promise<void> {
		await this.#disk?.sweep()
	}

	async left(): Promise<LeftForBudget | undefined> {
		return this.#disk?.left()
	}

	async noteLeft(left: LeftForBudget): Promise<void> {
		await this.#disk?.noteLeft(left)
	}

	async wishes(): Promise<Wish[]> {
		return this.#disk?.wishes() ?? [...this.#wishes.values()]
	}

	async changeWish(id: string, change: (held: Wish | undefined) => Wish | undefined): Promise<Wish | undefined> {
		if (this.#disk !== undefined) return this.#disk.changeWish(id, change)
		const wish = change(this.#wishes.get(id))
		if (wish === undefined) this.#wishes.delete(id)
		else this.#wishes.set(id, wish)
		return wish
	}

	async #both<Value>(
		firsts: readonly number[],
		held: (first: number) => Value | undefined,
		read: (missing: readonly number[]) => Promise<(Value | undefined)[]> | undefined
	): Promise<(Value | undefined)[]> {
		if (this.#pages.size === 0) return (await read(firsts)) ?? firsts.map(() => undefined)
		const values = firsts.map(held)
		const missing = firsts.filter((_, at) => values[at] === undefined)
		const stored = (await read(missing)) ?? []
		let at = 0
		return values.map((value) => value ?? stored[at++])
	}
}
