import type { IDBPDatabase } from 'idb'
import type { PublicationInput, PublisherRow } from '../catalog'
import type { EntryRow } from '../row'
import type { IncomingPage, PublisherFacts } from './publication-pages'

/** Stores of the catalog's first version, by the names they have since. */
const OLD_STORES = { publishers: 'old-publishers', pages: 'old-pages', rows: 'old-rows' } as const
const OLD_ROWS_PER_BLOCK = 32

interface OldPublisher extends PublisherRow {
	readonly pageIds: readonly number[]
}

interface OldPage {
	readonly id: number
	readonly cid: string
	readonly count: number
	readonly dropped: number
	readonly reasons: readonly string[]
}

/** A publication as the first version kept it. */
interface OldPublication {
	readonly publisher: PublisherRow
	readonly pages: readonly IncomingPage[]
}

/** Puts each publication of the old catalog into the new one, and forgets it there. */
export async function takeOver(
	old: OldCatalog,
	put: (input: PublicationInput, pages: readonly IncomingPage[], facts: PublisherFacts) => Promise<void>
): Promise<void> {
	for (const name of await old.names()) {
		const publication = await old.publication(name)
		if (publication !== undefined) {
			const { publisher, pages } = publication
			const { root, sequence, validUntilMs, displayName, about, homepage, licence, icon, createdMs } = publisher
			const optional = Object.entries({ about, homepage, licence, icon }).filter(
				([, value]) => value !== undefined
			)
			const facts = { displayName, createdMs, ...Object.fromEntries(optional) }
			await put({ publisher: name, root, sequence, validUntilMs, pages: [] }, pages, facts)
		}
		await old.forget(name)
	}
	await old.clear()
}

/** In an upgrade from version 1: its rows are kept under other names, until they have been taken over. */
export function setAside(
	database: { deleteObjectStore(name: never): void },
	transaction: { objectStore(name: never): unknown }
): void {
	for (const [name, aside] of Object.entries(OLD_STORES))
		(transaction.objectStore(name as never) as IDBObjectStore).name = aside
	for (const name of ['index', 'values']) database.deleteObjectStore(name as never)
}

export function hasOldCatalog({
	objectStoreNames
}: {
	objectStoreNames: { contains(name: never): boolean }
}): boolean {
	return objectStoreNames.contains(OLD_STORES.publishers as never)
}

/** What the catalog's first version left, read publication by publication and deleted as it is taken over. */
export class OldCatalog {
	readonly #database: IDBPDatabase

	constructor(database: IDBPDatabase) {
		this.#database = database
	}

	async names(): Promise<string[]> {
		return (await this.#database.getAllKeys(OLD_STORES.publishers)) as string[]
	}

	async publication(name: string): Promise<OldPublication | undefined> {
		const publisher = (await this.#database.get(OLD_STORES.publishers, name)) as OldPublisher | undefined
		if (publisher === undefined) return undefined
		const { pageIds, ...row } = publisher
		const origin = { id: 0, publisher: name, publisherName: row.displayName, root: row.root }
		const pages = (await Promise.all(pageIds.map((id) => this.#database.get(OLD_STORES.pages, id)))) as (
			OldPage | undefined
		)[]
		return {
			publisher: row,
			pages: pages.flatMap((page) =>
				page === undefined
					? []
					: {
							cid: page.cid,
							read: async () => ({
								rows: (await this.#rows(page)).map((stored) => ({ ...origin, ...stored })),
								dropped: page.dropped,
								reasons: page.reasons
							})
						}
			)
		}
	}

	async forget(name: string): Promise<void> {
		const transaction = this.#database.transaction(Object.values(OLD_STORES), 'readwrite')
		const publishers = transaction.objectStore(OLD_STORES.publishers)
		const publisher = (await publishers.get(name)) as OldPublisher | undefined
		await Promise.all([
			publishers.delete(name),
			...(publisher?.pageIds ?? []).flatMap((id) => [
				transaction.objectStore(OLD_STORES.pages).delete(id),
				transaction.objectStore(OLD_STORES.rows).delete(IDBKeyRange.bound([id, 0], [id, Infinity]))
			]),
			transaction.done
		])
	}

	/** What no publisher named any more. */
	async clear(): Promise<void> {
		const transaction = this.#database.transaction(Object.values(OLD_STORES), 'readwrite')
		await Promise.all([
			...Object.values(OLD_STORES).map((name) => transaction.objectStore(name).clear()),
			transaction.done
		])
	}

	async #rows({ id, count }: OldPage): Promise<StoredRow[]> {
		const blocks = (await this.#database.getAll(
			OLD_STORES.rows,
			IDBKeyRange.bound([id, 0], [id, Math.ceil(count / OLD_ROWS_PER_BLOCK)])
		)) as Uint8Array[]
		return blocks.flatMap((bytes) => {
			const rows = JSON.parse(new TextDecoder().decode(bytes)) as (Omit<StoredRow, 'thumb'> & { thumb?: string })[]
			return rows.map(({ thumb, ...row }) =>
				thumb === undefined
					? row
					: { ...row, thumb: Uint8Array.from(atob(thumb), (letter) => letter.charCodeAt(0)) }
			)
		})
	}
}

type StoredRow = Omit<EntryRow, 'id' | 'publisher' | 'publisherName' | 'root'>
