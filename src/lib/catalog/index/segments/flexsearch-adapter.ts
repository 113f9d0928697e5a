import { Index } from 'flexsearch'

/** Batches of one word by score slot; a slot that no batch has is missing. */
export type Slots = readonly (readonly number[] | undefined)[]

/** Inside of an `Index` of FlexSearch 0.8, which its types leave out. The version is pinned, and the tests fail when this no longer holds. */
interface Inside {
	readonly map: ReadonlyMap<string, Slots>
	commit_task: unknown[]
	db: unknown
}

/** As FlexSearch calls what it is mounted on (`StorageInterface`). */
interface Storage {
	mount(index: Index): Promise<void>
	open(): Promise<void>
	close(): Promise<void>
	destroy(): Promise<void>
	clear(): Promise<void>
	commit(index: Index): Promise<void>
	get(word: string): Promise<Slots>
	search(): Promise<never>
	has(batch: number): Promise<boolean>
	enrich(): Promise<never>
	remove(): Promise<never>
}

/**
 * FlexSearch as the write buffer of the index: it takes words into its map, and gives that map to the storage it is
 * mounted on when it is committed. It is fed by batches, each with the words that have not come before: fed by documents it
 * took more than half of all the time that indexing takes. Afterwards a new one is made: what were added during a
 * commit would be lost with the map that a commit clears. Nothing is ever removed from it.
 */
export class CommittedIndex {
	readonly #index: Index
	readonly #inside: Inside

	/** @param commit - writes the words of the map */
	constructor(commit: (map: ReadonlyMap<string, Slots>) => Promise<void>) {
		this.#index = new Index({
			tokenize: 'strict',
			// What batches are found for has no rank: one slot. A score must stay below the resolution.
			resolution: 1,
			cache: false,
			commit: false,
			// Words come folded and each once.
			encode: ((words: readonly string[]) => words) as unknown as (text: string) => string[]
		})
		this.#inside = this.#index as unknown as Inside
		const storage: Storage = {
			mount: (index) => {
				;(index as unknown as Inside).db = storage
				return Promise.resolve()
			},
			open: () => Promise.resolve(),
			close: () => Promise.resolve(),
			destroy: () => Promise.resolve(),
			clear: () => Promise.resolve(),
			commit: (index) => commit((index as unknown as Inside).map),
			get: (word) => Promise.resolve(this.#inside.map.get(word) ?? []),
			has: (batch) => Promise.resolve((this.#index as unknown as { reg: Set<number> }).reg.has(batch)),
			search: notHere,
			enrich: notHere,
			remove: notHere
		}
		void this.#index.mount(storage as never)
	}

	get map(): ReadonlyMap<string, Slots> {
		return this.#inside.map
	}

	/** @param words - new ones, each once */
	add(batch: number, words: readonly string[]): void {
		this.#index.add(batch, words as unknown as string)
		// A mounted index notes of each addition that it must be removed first, which would walk the whole storage.
		this.#inside.commit_task.length = 0
	}

	async commit(): Promise<void> {
		await (this.#index as unknown as { commit(): Promise<void> }).commit()
	}
}

/** The index answers from its segments itself. */
const notHere = () => Promise.reject(new Error('segments are not searched through FlexSearch'))
