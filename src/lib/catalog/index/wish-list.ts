import type { Wish } from '../catalog'
import { readQuery } from '../query/read-query'
import { askedOf } from './catalog-search'
import type { LayeredStore } from './layered-store'
import type { Holdings } from './holdings'
import { matchesDocument } from './match-document'
import type { IndexDocument, IndexQuery, SearchIndex } from './search-index'

/** Further standing searches are refused by the screens; here they are not matched. */
const MAX_WISHES = 100

/** Of one wish in one publication; more is as good as so many. */
const MAX_HITS = 1000

/** Counts, for one publication, what is new by the wishes; nothing is written before {@link WishCount.keep}. */
export interface WishCount {
	readonly count: (document: IndexDocument) => void
	/** To be called before the publication is shown: what is there already is not new. */
	readonly settle: () => void
	/** @returns true when any wish had hits */
	readonly keep: () => Promise<boolean>
}

/** The standing searches, each matched against every document that is indexed. */
export class WishList {
	readonly #store: LayeredStore
	readonly #now: () => number
	readonly #seed: number

	constructor(store: LayeredStore, seed: number, now: () => number) {
		this.#store = store
		this.#seed = seed
		this.#now = now
	}

	/** Newest first. */
	async all(): Promise<Wish[]> {
		return (await this.#store.wishes()).sort((a, b) => b.createdMs - a.createdMs || (a.id < b.id ? -1 : 1))
	}

	async put({ id, text, filters }: { id?: string; text: string; filters?: Wish['filters'] }): Promise<Wish> {
		const nowMs = this.#now()
		const key = id ?? crypto.randomUUID()
		const wish = await this.#store.changeWish(key, (held) => ({
			id: key,
			text,
			...(filters === undefined ? {} : { filters }),
			createdMs: held?.createdMs ?? nowMs,
			newHits: 0,
			seenMs: nowMs
		}))
		return wish as Wish
	}

	async saw(id: string): Promise<void> {
		await this.#store.changeWish(id, (held) => held && { ...held, newHits: 0, seenMs: this.#now() })
	}

	async forget(id: string): Promise<void> {
		await this.#store.changeWish(id, () => undefined)
	}

	/**
	 * @param entries - what is shown in it already is not new
	 * @param names - words of the publisher's name
	 */
	async counting(
		holdings: Holdings,
		entries: SearchIndex,
		names: readonly string[]
	): Promise<WishCount | undefined> {
		const wishes = (await this.all()).slice(0, MAX_WISHES).flatMap(({ id, text, filters }) => {
			const query = askedOf({ holdings, seed: this.#seed }, readQuery(text), { ...(filters && { filters }) })
			return query === undefined ? [] : [{ id, query: { ...asTyped(query), limit: 0 } }]
		})
		if (wishes.length === 0) return undefined
		const found = new Map<string, Set<number>>()
		return {
			count: (document) => {
				const { file } = document.facts
				for (const { id, query } of wishes) {
					let files = found.get(id)
					if ((files?.size ?? 0) >= MAX_HITS || !matchesDocument(query, document, names)) continue
					if (files === undefined) found.set(id, (files = new Set()))
					files.add(file)
				}
			},
			settle: () => {
				const all = [...new Set([...found.values()].flatMap((files) => [...files]))]
				const held = entries.documentsOfFiles(all)
				const known = new Set(all.filter((_, at) => (held[at]?.length ?? 0) > 0))
				for (const [id, files] of found) {
					const fresh = new Set([...files].filter((file) => !known.has(file)))
					if (fresh.size === 0) found.delete(id)
					else found.set(id, fresh)
				}
			},
			keep: async () => {
				for (const [id, { size }] of found)
					await this.#store.changeWish(id, (held) => held && { ...held, newHits: held.newHits + size })
				return found.size > 0
			}
		}
	}
}

/** A wish is finished: its last word is that very word, and a typo brings nothing. */
function asTyped({ words, ...query }: Omit<IndexQuery, 'limit'>): Omit<IndexQuery, 'limit'> {
	return { ...query, forgiving: false, words: words.map((word) => ({ ...word, open: false })) }
}
