import { openDB } from 'idb'

/** What a person had chosen and changed but not published, so that a reload or a crash costs none of it. */
export interface SavedDraft {
	readonly savedMs: number
	readonly publisherName: string
	readonly about: string
	readonly licence: string
	/** Ids of own playlists that go along; absent from drafts of an earlier version. */
	readonly playlists?: readonly string[]
	/** IPNS name of the key that was chosen; empty for a new one. */
	readonly key: string
	/** Of all files that were chosen. */
	readonly files: number
	readonly bytes: number
	/** Where the browser lets: what was chosen can be opened again, after a word of the person. */
	readonly handles: readonly FileSystemHandle[]
	/** Rows that were changed, as plain values, by {@link fileMark}. */
	readonly rows: ReadonlyMap<string, Readonly<Record<string, unknown>>>
}

/** The same file at the same place, as far as can be told without reading it. */
export const fileMark = (path: string, { size, lastModified }: File): string => `${path}|${size}|${lastModified}`

const STORE = 'drafts'
const KEY = 'publish'

/** One draft for this origin. */
export class DraftStore {
	readonly #database

	constructor(name = 'antiphon-drafts') {
		this.#database = openDB(name, 1, {
			upgrade(fresh) {
				fresh.createObjectStore(STORE)
			}
		})
		// Told where it is used.
		this.#database.catch(() => undefined)
	}

	async read(): Promise<SavedDraft | undefined> {
		return (await (await this.#database).get(STORE, KEY)) as SavedDraft | undefined
	}

	async write(draft: SavedDraft): Promise<void> {
		const transaction = (await this.#database).transaction(STORE, 'readwrite')
		const put = transaction.store.put(draft, KEY)
		// At once, and not when the put has answered: the page may be on its way out.
		transaction.commit()
		await Promise.all([put, transaction.done])
	}

	async forget(): Promise<void> {
		await (await this.#database).delete(STORE, KEY)
	}

	async close(): Promise<void> {
		;(await this.#database).close()
	}
}
