import type { Catalog, SearchAnswer, SearchQuery } from '$lib/catalog/catalog'
import type { EntryKind } from '$lib/catalog/entry'
import { isAbort } from '$lib/errors'

export type SearchResult =
	| { readonly kind: 'idle' }
	| { readonly kind: 'found'; readonly text: string; readonly answer: SearchAnswer }
	| { readonly kind: 'failed'; readonly text: string; readonly error: unknown }

/** Which section of the results is shown alone. */
export type SearchScope = 'all' | 'albums' | 'artists' | 'publishers' | EntryKind

/** How many there are of each, over all kinds. */
export interface SearchCounts {
	readonly total: number
	readonly byKind: SearchAnswer['byKind']
	readonly albums: number
	readonly artists: number
	readonly publishers: number
}

const NONE: SearchCounts = { total: 0, byKind: {}, albums: 0, artists: 0, publishers: 0 }
const DEBOUNCE_MS = 40
const REFRESH_MS = 300
const PAGE = 50

/**
 * What the search page shows. The last answer stays on the screen until the next one is here; an answer that comes late
 * is dropped.
 */
export class SearchState {
	#text = $state('')
	#forgiving = $state(true)
	#scope = $state<SearchScope>('all')
	#limit = $state(PAGE)
	#result = $state.raw<SearchResult>({ kind: 'idle' })
	#counts = $state.raw<SearchCounts>(NONE)
	#searching = $state(false)
	#running = new AbortController()
	#timer: ReturnType<typeof setTimeout> | undefined
	readonly #catalog: Pick<Catalog, 'search'>
	#unfollow: (() => void) | undefined

	constructor(catalog: Pick<Catalog, 'search'>) {
		this.#catalog = catalog
	}

	/** From now on what is shown is asked again when the index changes; many changes in a row count as one. */
	follow(changes: Pick<Catalog, 'onchange'>): void {
		let soon: ReturnType<typeof setTimeout> | undefined
		const stop = changes.onchange(() => {
			soon ??= setTimeout(() => {
				soon = undefined
				if (!this.#searching) void this.run()
			}, REFRESH_MS)
		})
		this.#unfollow = () => {
			stop()
			clearTimeout(soon)
		}
	}

	get text(): string {
		return this.#text
	}
	get result(): SearchResult {
		return this.#result
	}
	get scope(): SearchScope {
		return this.#scope
	}
	/** False while the words are taken as they were typed. */
	get forgiving(): boolean {
		return this.#forgiving
	}
	/** Of the words as a whole, also while one kind is shown. */
	get counts(): SearchCounts {
		return this.#counts
	}
	/** True from a change until its answer is here. */
	get searching(): boolean {
		return this.#searching
	}
	/** True when there is more than what is shown. */
	get hasMore(): boolean {
		return this.#result.kind === 'found' && this.#result.answer.hits.length >= this.#limit
	}

	/** Takes what was typed; the index is asked once typing rests for a moment. */
	type(text: string): void {
		if (text === this.#text) return
		this.#text = text
		this.#forgiving = true
		this.#scope = 'all'
		this.#limit = PAGE
		clearTimeout(this.#timer)
		if (text.trim() === '') {
			this.#running.abort()
			this.#searching = false
			this.#result = { kind: 'idle' }
			return
		}
		this.#searching = true
		this.#timer = setTimeout(() => void this.run(), DEBOUNCE_MS)
	}

	async show(scope: SearchScope): Promise<void> {
		this.#scope = scope
		this.#limit = PAGE
		await this.run()
	}

	async asTyped(): Promise<void> {
		this.#forgiving = false
		await this.run()
	}

	async more(): Promise<void> {
		this.#limit += PAGE
		await this.run()
	}

	/** Asks now. A later call supersedes an earlier one. */
	async run(): Promise<void> {
		clearTimeout(this.#timer)
		this.#running.abort()
		const text = this.#text.trim()
		if (text === '') return
		const { signal } = (this.#running = new AbortController())
		this.#searching = true
		const query: SearchQuery = {
			text,
			limit: this.#limit,
			forgiving: this.#forgiving,
			...(isKind(this.#scope) ? { kinds: [this.#scope] } : {})
		}
		let result: SearchResult
		try {
			result = { kind: 'found', text, answer: await this.#catalog.search(query, signal) }
		} catch (error) {
			if (signal.aborted && isAbort(error)) return
			result = { kind: 'failed', text, error }
		}
		if (signal.aborted) return
		this.#result = result
		this.#searching = false
		if (result.kind === 'found' && !isKind(this.#scope)) {
			const { total, byKind, albums, artists, publishers } = result.answer
			this.#counts = {
				total,
				byKind,
				albums: albums.length,
				artists: artists.length,
				publishers: publishers.length
			}
		}
	}

	dispose(): void {
		this.#unfollow?.()
		clearTimeout(this.#timer)
		this.#running.abort()
	}
}

const isKind = (scope: SearchScope): scope is EntryKind =>
	scope !== 'all' && scope !== 'albums' && scope !== 'artists' && scope !== 'publishers'
