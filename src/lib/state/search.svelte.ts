import type {
	Catalog,
	Facets,
	ScorePart,
	SearchAnswer,
	SearchQuery,
	SearchSort,
	Suggestion
} from '$lib/catalog/catalog'
import type { EntryKind } from '$lib/catalog/entry'
import type { QueryFilters } from '$lib/catalog/query/query'
import type { EntryRow } from '$lib/catalog/row'
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

/** What is searched for: all of it stands in the address of the results. */
export interface Asked {
	readonly text: string
	readonly filters: QueryFilters
	readonly sort: SearchSort
}

export const SORTS: readonly SearchSort[] = ['relevance', 'newest', 'title', 'duration', 'bitrate']

type SearchCatalog = Pick<Catalog, 'search'> & Partial<Pick<Catalog, 'suggest'>>

const NONE: SearchCounts = { total: 0, byKind: {}, albums: 0, artists: 0, publishers: 0 }
const NO_FILTERS: QueryFilters = {}
const DEBOUNCE_MS = 40
/** Counting for the facets begins when typing has rested so long. */
const REST_MS = 220
const REFRESH_MS = 300
const PAGE = 50
const MAX_SUGGESTIONS = 6

/**
 * What the search page shows. The last answer stays on the screen until the next one is here; an answer that comes late
 * is dropped.
 */
export class SearchState {
	#text = $state('')
	#filters = $state.raw<QueryFilters>(NO_FILTERS)
	#sort = $state<SearchSort>('relevance')
	#forgiving = $state(true)
	#scope = $state<SearchScope>('all')
	#limit = $state(PAGE)
	#result = $state.raw<SearchResult>({ kind: 'idle' })
	#counts = $state.raw<SearchCounts>(NONE)
	#facets = $state.raw<Facets>()
	#suggestions = $state.raw<readonly Suggestion[]>([])
	#searching = $state(false)
	#running = new AbortController()
	#timer: ReturnType<typeof setTimeout> | undefined
	#resting: ReturnType<typeof setTimeout> | undefined
	readonly #catalog: SearchCatalog
	#unfollow: (() => void) | undefined

	constructor(catalog: SearchCatalog) {
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
	/** Chosen beside the text. */
	get filters(): QueryFilters {
		return this.#filters
	}
	get sort(): SearchSort {
		return this.#sort
	}
	get asked(): Asked {
		return { text: this.#text, filters: this.#filters, sort: this.#sort }
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
	/** Of the last answer that was counted; a moment behind {@link result}. */
	get facets(): Facets | undefined {
		return this.#facets
	}
	/** What the words may become. */
	get suggestions(): readonly Suggestion[] {
		return this.#suggestions
	}
	/** True from a change until its answer is here. */
	get searching(): boolean {
		return this.#searching
	}
	/** True when there is more than what is shown. */
	get hasMore(): boolean {
		return this.#result.kind === 'found' && this.#result.answer.hits.length >= this.#limit
	}

	/** Takes what was typed; the index is asked once typing rests for a moment. Nothing at all takes the filters away too. */
	type(text: string): void {
		if (text === this.#text) return
		this.#ask({ text, filters: text.trim() === '' ? NO_FILTERS : this.#filters, sort: this.#sort })
	}

	/** Takes all of a search at once, as from an address. */
	ask(asked: Asked): void {
		const same =
			asked.text === this.#text &&
			asked.sort === this.#sort &&
			JSON.stringify(asked.filters) === JSON.stringify(this.#filters)
		if (!same) this.#ask(asked)
	}

	async choose(filters: QueryFilters): Promise<void> {
		this.#filters = filters
		this.#limit = PAGE
		await this.run()
	}

	async sortBy(sort: SearchSort): Promise<void> {
		this.#sort = sort
		this.#limit = PAGE
		await this.run()
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

	/** The parts of a row's score in the present search; undefined when it is not found any more. */
	async why(row: EntryRow): Promise<readonly ScorePart[] | undefined> {
		const { hits } = await this.#catalog.search({ ...this.#query(), explain: true })
		return hits.find((hit) => hit.row.id === row.id || hit.copies.some((copy) => copy.id === row.id))?.why
	}

	/** Asks now. A later call supersedes an earlier one. */
	async run(): Promise<void> {
		clearTimeout(this.#timer)
		clearTimeout(this.#resting)
		this.#running.abort()
		const text = this.#text.trim()
		if (this.#isBlank()) return
		const { signal } = (this.#running = new AbortController())
		this.#searching = true
		void this.#suggest(signal)
		let result: SearchResult
		try {
			result = { kind: 'found', text, answer: await this.#catalog.search(this.#query(), signal) }
		} catch (error) {
			if (signal.aborted && isAbort(error)) return
			result = { kind: 'failed', text, error }
		}
		if (signal.aborted) return
		this.#result = result
		this.#searching = false
		if (result.kind !== 'found') return
		this.#resting = setTimeout(() => void this.#count(signal), REST_MS)
		if (!isKind(this.#scope)) {
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
		clearTimeout(this.#resting)
		this.#running.abort()
	}

	#ask({ text, filters, sort }: Asked): void {
		this.#text = text
		this.#filters = filters
		this.#sort = sort
		this.#forgiving = true
		this.#scope = 'all'
		this.#limit = PAGE
		clearTimeout(this.#timer)
		if (this.#isBlank()) {
			clearTimeout(this.#resting)
			this.#running.abort()
			this.#searching = false
			this.#result = { kind: 'idle' }
			this.#suggestions = []
			this.#facets = undefined
			return
		}
		this.#searching = true
		this.#timer = setTimeout(() => void this.run(), DEBOUNCE_MS)
	}

	#isBlank(): boolean {
		return this.#text.trim() === '' && !hasFilters(this.#filters)
	}

	#query(): SearchQuery {
		return {
			// A space at the end says that the last word is whole.
			text: this.#text,
			limit: this.#limit,
			forgiving: this.#forgiving,
			...(this.#sort === 'relevance' ? {} : { sort: this.#sort }),
			...(hasFilters(this.#filters) ? { filters: this.#filters } : {}),
			...(isKind(this.#scope) ? { kinds: [this.#scope] } : {})
		}
	}

	async #suggest(signal: AbortSignal): Promise<void> {
		const suggestions = await this.#catalog.suggest?.(this.#text, MAX_SUGGESTIONS, signal).catch(() => [])
		if (!signal.aborted) this.#suggestions = suggestions ?? []
	}

	/** Results are worth showing without: when counting fails the facets of before stay. */
	async #count(signal: AbortSignal): Promise<void> {
		const answer = await this.#catalog
			.search({ ...this.#query(), limit: 0, facets: true }, signal)
			.catch(() => undefined)
		if (!signal.aborted && answer?.facets !== undefined) this.#facets = answer.facets
	}
}

const isKind = (scope: SearchScope): scope is EntryKind =>
	scope !== 'all' && scope !== 'albums' && scope !== 'artists' && scope !== 'publishers'

export function hasFilters(filters: QueryFilters): boolean {
	return Object.values(filters).some((value: unknown) =>
		Array.isArray(value) ? value.length > 0 : value !== undefined
	)
}
