import type { WordPlace } from './posting-page'
import type { Segment } from './segment'
import type { ContentKey, ContentStore } from './segment-store'

/** Thrown when a segment's page is gone: another process has merged it away. */
export class PageGone extends Error {
	override readonly name = 'PageGone'
}

export interface WantedPage {
	readonly segment: Segment
	readonly store: ContentStore
	readonly part: number
}

/** Pages of segments that were used last, up to so many bytes. */
export class PageCache {
	readonly #pages = new Map<string, Uint8Array>()
	readonly #limitBytes: number
	#sizeBytes = 0

	constructor(limitBytes: number) {
		this.#limitBytes = limitBytes
	}

	/**
	 * Reads what is missing, all in one transaction for each store of segments.
	 * @throws PageGone
	 */
	async load(wanted: readonly WantedPage[], into: PageSet): Promise<void> {
		const missing = new Map<Segment['store'], Map<string, ContentKey>>()
		for (const { segment, store, part } of wanted) {
			const name = pageName(segment.id, store, part)
			if (into.pages.has(name)) continue
			const kept = this.#pages.get(name)
			if (kept !== undefined) {
				this.#keep(name, kept)
				into.pages.set(name, kept)
				continue
			}
			let keys = missing.get(segment.store)
			if (keys === undefined) missing.set(segment.store, (keys = new Map<string, ContentKey>()))
			keys.set(name, { store, segment: segment.id, part })
		}
		await Promise.all(
			Array.from(missing, async ([store, keys]) => {
				const pages = await store.read([...keys.values()])
				;[...keys.keys()].forEach((name, at) => {
					const page = pages[at]
					if (page === undefined) throw new PageGone(name)
					this.#keep(name, page)
					into.pages.set(name, page)
				})
			})
		)
	}

	clear(): void {
		this.#pages.clear()
		this.#sizeBytes = 0
	}

	/** As the one used last. */
	#keep(name: string, page: Uint8Array): void {
		if (this.#pages.delete(name)) this.#sizeBytes -= page.byteLength
		this.#pages.set(name, page)
		this.#sizeBytes += page.byteLength
		if (this.#sizeBytes <= this.#limitBytes) return
		for (const [oldest, { byteLength }] of this.#pages) {
			if (this.#sizeBytes <= this.#limitBytes) return
			this.#pages.delete(oldest)
			this.#sizeBytes -= byteLength
		}
	}
}

/** Pages that one query uses; they stay as long as it lasts. */
export class PageSet {
	readonly pages = new Map<string, Uint8Array>()
	/** Where words were found, by segment and word; null where they are not. Each is looked up several times. */
	readonly places = new Map<string, { readonly page: Uint8Array; readonly place: WordPlace } | null>()

	get(segment: Segment, store: ContentStore, part: number): Uint8Array | undefined {
		return this.pages.get(pageName(segment.id, store, part))
	}
}

const pageName = (segment: number, store: ContentStore, part: number) => `${segment} ${store} ${part}`
