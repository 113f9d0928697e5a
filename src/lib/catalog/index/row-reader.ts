import type { EntryRow } from '../row'
import type { LayeredStore } from './layered-store'
import type { HeldPage, Holdings } from './holdings'
import { Recent } from './recent'
import { ROWS_PER_BLOCK, type RowBlock, type StoredRow } from './row-codec'
import type { DocumentRange } from './search-index'
import { TEXTS_PER_BLOCK, type TextBlock } from './text-codec'

/** Blocks kept: some 6 KB each. */
const MAX_BLOCKS = 1024
/** Blocks of long texts kept: some 40 KB each. */
const MAX_TEXT_BLOCKS = 32

/** Reads rows from the store by document, and keeps the blocks used last. */
export class RowReader {
	readonly #store: LayeredStore
	readonly #blocks = new Recent<number, RowBlock>(MAX_BLOCKS)
	readonly #texts = new Recent<number, TextBlock>(MAX_TEXT_BLOCKS)

	constructor(store: LayeredStore) {
		this.#store = store
	}

	/**
	 * In the order of `documents`; undefined for a row that has been removed meanwhile.
	 * @param texts - with the long texts, which take longer to read
	 */
	async rows(
		holdings: Holdings,
		documents: readonly number[],
		{ texts = false }: { texts?: boolean } = {}
	): Promise<(EntryRow | undefined)[]> {
		const places = documents.map((document) => {
			const page = holdings.pageOf(document)
			return page && { page, row: document - page.first }
		})
		const [blocks, textBlocks] = await Promise.all([
			this.#read(blockKeys(places, ROWS_PER_BLOCK), this.#blocks, (keys) => this.#store.rowBlocks(keys)),
			texts
				? this.#read(blockKeys(places, TEXTS_PER_BLOCK), this.#texts, (keys) => this.#store.textBlocks(keys))
				: undefined
		])
		return places.map((place) => {
			if (place === undefined) return undefined
			const { page, row } = place
			const stored = blocks.get(blockKey(page, row, ROWS_PER_BLOCK))?.row(row % ROWS_PER_BLOCK)
			const publisher = holdings.publisherAt(page.publisher)?.record
			if (stored === undefined || publisher === undefined) return undefined
			return {
				id: page.first + row,
				publisher: publisher.name,
				publisherName: publisher.displayName,
				root: publisher.root,
				...stored,
				...textBlocks?.get(blockKey(page, row, TEXTS_PER_BLOCK))?.get(row % TEXTS_PER_BLOCK)
			}
		})
	}

	/** All rows of a page with their texts, past the blocks kept. */
	async pageRows({ first, count }: DocumentRange): Promise<StoredRow[]> {
		const keys = (size: number) =>
			Array.from({ length: Math.ceil(count / size) }, (_, block) => first + block * size)
		const [blocks, texts] = await Promise.all([
			this.#store.rowBlocks(keys(ROWS_PER_BLOCK)),
			this.#store.textBlocks(keys(TEXTS_PER_BLOCK))
		])
		return blocks.flatMap((block, number) =>
			Array.from({ length: block?.count ?? 0 }, (_, at) => {
				const row = number * ROWS_PER_BLOCK + at
				const text = texts[Math.floor(row / TEXTS_PER_BLOCK)]?.get(row % TEXTS_PER_BLOCK)
				return { ...(block?.row(at) as StoredRow), ...text }
			})
		)
	}

	/** The keys of all rows of a page. */
	async pageKeys({ first, count }: DocumentRange): Promise<string[]> {
		const firsts = Array.from(
			{ length: Math.ceil(count / ROWS_PER_BLOCK) },
			(_, block) => first + block * ROWS_PER_BLOCK
		)
		const blocks = await this.#store.rowBlocks(firsts)
		return blocks.flatMap((block) => Array.from({ length: block?.count ?? 0 }, (_, at) => block?.row(at)?.k ?? ''))
	}

	async #read<Block>(
		wanted: Iterable<number>,
		kept: Recent<number, Block>,
		read: (keys: number[]) => Promise<(Block | undefined)[]>
	): Promise<Map<number, Block>> {
		const found = new Map<number, Block>()
		const missing: number[] = []
		for (const key of wanted) {
			const block = kept.get(key)
			if (block === undefined) missing.push(key)
			else found.set(key, block)
		}
		if (missing.length === 0) return found
		const blocks = await read(missing)
		missing.forEach((key, at) => {
			const block = blocks[at]
			if (block === undefined) return
			kept.set(key, block)
			found.set(key, block)
		})
		return found
	}
}

const blockKey = (page: HeldPage, row: number, size: number) => page.first + row - (row % size)

function blockKeys(places: readonly ({ page: HeldPage; row: number } | undefined)[], size: number): Set<number> {
	return new Set(places.flatMap((place) => (place === undefined ? [] : [blockKey(place.page, place.row, size)])))
}
