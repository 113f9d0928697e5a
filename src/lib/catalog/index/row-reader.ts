import type { EntryRow } from '../row'
import type { CatalogStore } from './catalog-store'
import type { HeldPage, Holdings } from './holdings'
import { ROWS_PER_BLOCK, type StoredRow } from './row-codec'

/** Decoded blocks kept: 16,384 rows, some 20 MB. */
const MAX_BLOCKS = 512

/** Reads rows from the store by document, and keeps the blocks used last. */
export class RowReader {
	readonly #store: CatalogStore
	readonly #blocks = new Map<string, StoredRow[]>()

	constructor(store: CatalogStore) {
		this.#store = store
	}

	/** In the order of `documents`; undefined for a row that has been removed meanwhile. */
	async rows(holdings: Holdings, documents: readonly number[]): Promise<(EntryRow | undefined)[]> {
		const places = documents.map((document) => {
			const page = holdings.pageOf(document)
			return page === undefined ? undefined : { page, row: document - page.first }
		})
		const blocks = await this.#read(
			places.flatMap((place) =>
				place === undefined ? [] : [[place.page.record.id, Math.floor(place.row / ROWS_PER_BLOCK)] as const]
			)
		)
		return places.map((place) => {
			if (place === undefined) return undefined
			const { page, row } = place
			const stored = blocks.get(key(page.record.id, Math.floor(row / ROWS_PER_BLOCK)))?.[row % ROWS_PER_BLOCK]
			const publisher = holdings.publisher(page.record.publisher)?.record
			if (stored === undefined || publisher === undefined) return undefined
			return {
				id: page.record.firstId + row,
				publisher: publisher.name,
				publisherName: publisher.displayName,
				root: publisher.root,
				...stored
			}
		})
	}

	/** All rows of a page, past the blocks kept. */
	async pageRows({ id, count }: HeldPage['record']): Promise<StoredRow[]> {
		const blocks = Array.from({ length: Math.ceil(count / ROWS_PER_BLOCK) }, (_, block) => [id, block] as const)
		return (await this.#store.blocks(blocks)).flatMap((rows) => rows ?? [])
	}

	async #read(wanted: readonly (readonly [page: number, block: number])[]): Promise<Map<string, StoredRow[]>> {
		const found = new Map<string, StoredRow[]>()
		const missing = new Map<string, readonly [number, number]>()
		for (const place of wanted) {
			const kept = this.#blocks.get(key(...place))
			if (kept === undefined) missing.set(key(...place), place)
			else {
				this.#keep(key(...place), kept)
				found.set(key(...place), kept)
			}
		}
		if (missing.size === 0) return found
		const blocks = await this.#store.blocks([...missing.values()])
		;[...missing.keys()].forEach((name, at) => {
			const rows = blocks[at]
			if (rows === undefined) return
			this.#keep(name, rows)
			found.set(name, rows)
		})
		return found
	}

	/** As the one used last. */
	#keep(name: string, rows: StoredRow[]): void {
		this.#blocks.delete(name)
		this.#blocks.set(name, rows)
		for (const oldest of this.#blocks.keys()) {
			if (this.#blocks.size <= MAX_BLOCKS) break
			this.#blocks.delete(oldest)
		}
	}
}

const key = (page: number, block: number) => `${page} ${block}`
