import type { AlbumRow, CatalogTotals } from '../catalog'
import type { PublisherRecord } from './catalog-store'
import { DocumentTable, type DocumentRange } from './document-table'
import { FlexsearchIndex } from './flexsearch-index'
import { Gathered, type Thing } from './gathered'
import type { AlbumPart, ArtistPart, PageRecord } from './page-record'
import type { FieldWords, SearchIndex } from './search-index'
import { foldWords } from './text-folding'
import type { TimeSlices } from './time-slices'

/** A page in memory. */
export interface HeldPage extends DocumentRange {
	/** Of this session, see `DocumentTable.pages`. */
	readonly number: number
	readonly record: PageRecord
	/** Numbers of the page's albums and artists, by their place in the page; empty while it is not shown. */
	readonly albums: readonly number[]
	readonly artists: readonly number[]
	readonly shown: boolean
}

export interface HeldPublisher {
	readonly number: number
	readonly record: PublisherRecord
	/** Folded words of its name. */
	readonly words: readonly string[]
	readonly pages: readonly HeldPage[]
}

type MutablePage = { -readonly [K in keyof HeldPage]: HeldPage[K] }

/**
 * Everything that is held in memory: documents, words, albums, artists, publishers; the rows themselves stay in the store.
 * What changes what can be found ({@link show}, {@link hide}) is done at once, so that a search sees the old or the new.
 */
export class Holdings {
	readonly documents: DocumentTable
	readonly index: SearchIndex
	readonly albums = new Gathered<AlbumPart>()
	readonly artists = new Gathered<ArtistPart>()
	readonly #pages: MutablePage[] = []
	readonly #pageById = new Map<number, MutablePage>()
	readonly #publishers = new Map<string, HeldPublisher>()
	readonly #publisherNumbers = new Map<string, number>()
	readonly #publisherNames: string[] = []
	#albumsByAge: readonly AlbumRow[] | undefined

	constructor(documents = new DocumentTable(), index: SearchIndex = new FlexsearchIndex(documents)) {
		this.documents = documents
		this.index = index
	}

	get totals(): CatalogTotals {
		return { entries: this.documents.aliveCount, publishers: this.#publishers.size, albums: this.albums.size }
	}

	/** Adds a page whose words the index has already. It is not found until shown. */
	restorePage(record: PageRecord): HeldPage {
		const number = this.#pages.length
		const first = this.documents.add(record, this.publisherNumber(record.publisher), number)
		const page: MutablePage = { number, record, first, count: record.count, albums: [], artists: [], shown: false }
		this.#pages.push(page)
		this.#pageById.set(record.id, page)
		return page
	}

	/** Adds a page. It is not found until shown. */
	async addPage(record: PageRecord, words: readonly FieldWords[], slices: TimeSlices): Promise<void> {
		const { first } = this.restorePage(record)
		for (const [at, fields] of words.entries()) {
			this.index.add(first + at, fields)
			await slices.rest()
		}
	}

	/** Forgets pages that never came into use. */
	dropPages(ids: readonly number[]): void {
		for (const id of ids) this.#pageById.delete(id)
	}

	/**
	 * Puts a publication into use, in place of what was in use of this publisher. Its pages must have been added.
	 */
	show(record: PublisherRecord): void {
		const number = this.publisherNumber(record.name)
		const pages = record.pageIds.flatMap((id) => this.#pageById.get(id) ?? [])
		const staying = new Set(pages)
		const before = this.#publishers.get(record.name)
		for (const page of before?.pages ?? []) if (!staying.has(page)) this.#hidePage(page)
		for (const page of pages) this.#showPage(page)
		const words = [...new Set(foldWords(record.displayName))]
		this.#publishers.set(record.name, { number, record, words, pages })
		if (words.join(' ') !== before?.words.join(' ')) {
			this.index.namePublisher(number, words, () => this.#publishers.get(record.name)?.pages ?? [])
		}
		this.#albumsByAge = undefined
	}

	hide(name: string): boolean {
		const publisher = this.#publishers.get(name)
		if (publisher === undefined) return false
		for (const page of publisher.pages) this.#hidePage(page)
		this.#publishers.delete(name)
		this.index.namePublisher(publisher.number, [], () => [])
		this.#albumsByAge = undefined
		return true
	}

	publishers(): IterableIterator<HeldPublisher> {
		return this.#publishers.values()
	}

	publisher(name: string): HeldPublisher | undefined {
		return this.#publishers.get(name)
	}

	/** The number of a name, the same for the whole session. */
	publisherNumber(name: string): number {
		let number = this.#publisherNumbers.get(name)
		if (number === undefined) {
			number = this.#publisherNames.length
			this.#publisherNumbers.set(name, number)
			this.#publisherNames.push(name)
		}
		return number
	}

	publisherAt(number: number): HeldPublisher | undefined {
		return this.#publishers.get(this.#publisherNames[number] ?? '')
	}

	hasPage(id: number): boolean {
		return this.#pageById.has(id)
	}

	pageById(id: number): HeldPage | undefined {
		return this.#pageById.get(id)
	}

	pageOf(document: number): HeldPage | undefined {
		return this.#pages[this.documents.pages[document] ?? -1]
	}

	/** Pages by number. */
	pages(): readonly HeldPage[] {
		return this.#pages
	}

	pageAt(number: number): HeldPage | undefined {
		return this.#pages[number]
	}

	/** Newest first, then by key. */
	albumsByAge(): readonly AlbumRow[] {
		this.#albumsByAge ??= Array.from(this.albums, (album) => this.albumRow(album)).sort(
			(a, b) => b.indexedMs - a.indexedMs || (a.key < b.key ? -1 : 1)
		)
		return this.#albumsByAge
	}

	albumRow({ key, parts }: Thing<AlbumPart>): AlbumRow {
		const all = [...parts.values()]
		const [first] = all
		const publisher = this.publisher(this.#pages[[...parts.keys()][0] ?? -1]?.record.publisher ?? '')
		const covered = all.find((part) => part.cover !== undefined)
		const date = all.find((part) => part.date !== undefined)?.date
		const lossless = all.flatMap((part) => part.lossless ?? [])
		return {
			key,
			album: first?.album ?? '',
			artists: first?.artists ?? [],
			publisher: publisher?.record.name ?? '',
			publisherName: publisher?.record.displayName ?? '',
			tracks: all.reduce((sum, part) => sum + part.tracks, 0),
			durationMs: all.reduce((sum, part) => sum + part.durationMs, 0),
			indexedMs: Math.min(...all.map((part) => part.indexedMs)),
			...(date === undefined ? {} : { date }),
			...(covered?.cover === undefined ? {} : { cover: covered.cover }),
			...(covered?.hue === undefined ? {} : { hue: covered.hue }),
			...(lossless.length === 0 ? {} : { lossless: lossless.every(Boolean) })
		}
	}

	#showPage(page: MutablePage): void {
		if (page.shown) return
		page.shown = true
		this.documents.show(page)
		page.albums = page.record.albums.map((part) => this.albums.add(part.key, page.number, part))
		page.artists = page.record.artists.map((part) => this.artists.add(part.key, page.number, part))
	}

	#hidePage(page: MutablePage): void {
		if (!page.shown) return
		page.shown = false
		this.documents.hide(page)
		for (const album of page.albums) this.albums.remove(album, page.number)
		for (const artist of page.artists) this.artists.remove(artist, page.number)
		page.albums = []
		page.artists = []
		this.#pageById.delete(page.record.id)
	}
}
