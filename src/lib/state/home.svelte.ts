import type { AlbumRow, Catalog, CatalogTotals, PublisherRow } from '$lib/catalog/catalog'
import type { EntryRow } from '$lib/catalog/row'

export interface HomeContent {
	readonly announced: readonly AlbumRow[]
	readonly publishers: readonly PublisherRow[]
	readonly starter: readonly AlbumRow[]
	/** Of the starter collection, in album order; for playing it and for what stands in no album. */
	readonly starterRows: readonly EntryRow[]
}

type HomeCatalog = Pick<Catalog, 'open' | 'onchange' | 'albums' | 'publishers' | 'entriesOf'>

/** What Home shows of the index; follows what is heard while it is open. */
export class HomeState {
	#totals = $state.raw<CatalogTotals>()
	#content = $state.raw<HomeContent>()
	#failure = $state.raw<unknown>()
	readonly #catalog: HomeCatalog
	readonly #starterName: string
	#stop: (() => void) | undefined
	#reading: Promise<void> | undefined
	#again = false

	/** @param starterName - IPNS name of the publisher of the starter collection */
	constructor(catalog: HomeCatalog, starterName: string) {
		this.#catalog = catalog
		this.#starterName = starterName
	}

	get totals(): CatalogTotals | undefined {
		return this.#totals
	}
	/** Undefined until it was read for the first time. */
	get content(): HomeContent | undefined {
		return this.#content
	}
	get failure(): unknown {
		return this.#failure
	}

	async open(): Promise<void> {
		this.#failure = undefined
		try {
			this.#stop ??= this.#catalog.onchange((totals) => {
				this.#totals = totals
				void this.refresh()
			})
			this.#totals = await this.#catalog.open()
			await this.refresh()
		} catch (error) {
			this.#failure = error
		}
	}

	/** Reads again; calls that come while it reads are answered by one more reading. */
	refresh(): Promise<void> {
		this.#again = true
		this.#reading ??= this.#readWhileAsked().finally(() => {
			this.#reading = undefined
		})
		return this.#reading
	}

	dispose(): void {
		this.#stop?.()
		this.#stop = undefined
	}

	async #readWhileAsked(): Promise<void> {
		while (this.#again) {
			this.#again = false
			try {
				const name = this.#starterName
				const [announced, publishers, starter, starterRows] = await Promise.all([
					this.#catalog.albums({ limit: 24 }),
					this.#catalog.publishers(),
					this.#catalog.albums({ publisher: name, limit: 12 }),
					this.#catalog.entriesOf(name, 0, 200)
				])
				this.#content = {
					announced: announced.filter((album) => album.publisher !== name).slice(0, 8),
					publishers: publishers.toSorted((one, other) => other.indexedMs - one.indexedMs),
					starter,
					starterRows
				}
				this.#failure = undefined
			} catch (error) {
				this.#failure = error
			}
		}
	}
}
