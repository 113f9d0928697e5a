import type { PublisherRecord } from './catalog-store'
import { nameWords } from './entry-words'
import type { DocumentRange } from './search-index'

/** A page in use. */
export interface HeldPage extends DocumentRange {
	/** Number of the publisher. */
	readonly publisher: number
	/** Its albums and artists, as numbers of the index of names. */
	readonly names: DocumentRange
}

export interface HeldPublisher {
	readonly record: PublisherRecord
	/** Folded words of its name. */
	readonly words: readonly string[]
	/** In key order. */
	readonly pages: readonly HeldPage[]
}

/** What changed when a publication came into use, or left it. */
export interface HoldingsChange {
	readonly shown: readonly HeldPage[]
	readonly hidden: readonly HeldPage[]
}

/** The publishers and pages in use, in memory: some hundred bytes a publisher, and few a page. */
export class Holdings {
	readonly #publishers = new Map<string, HeldPublisher>()
	readonly #byNumber = new Map<number, HeldPublisher>()
	#entries = 0
	#albums = 0
	#byFirst: readonly HeldPage[] | undefined
	#byFirstName: readonly HeldPage[] | undefined

	get entries(): number {
		return this.#entries
	}

	get albums(): number {
		return this.#albums
	}

	/** Publishers. */
	get size(): number {
		return this.#publishers.size
	}

	/** Puts a publication into use, in place of what was in use of this publisher. */
	show(record: PublisherRecord): HoldingsChange {
		const before = this.#publishers.get(record.name)
		const held = new Map(before?.pages.map((page) => [page.first, page]))
		const pages = record.held.map(
			({ first, count }, at): HeldPage =>
				held.get(first) ?? {
					first,
					count,
					publisher: record.number,
					names: record.heldNames[at] ?? { first: 0, count: 0 }
				}
		)
		const publisher = { record, words: nameWords(record.displayName), pages }
		this.#albums += record.albums - (before?.record.albums ?? 0)
		this.#publishers.set(record.name, publisher)
		this.#byNumber.set(record.number, publisher)
		const staying = new Set(pages)
		const hidden = before?.pages.filter((page) => !staying.has(page)) ?? []
		return this.#changed({ shown: pages.filter((page) => !held.has(page.first)), hidden })
	}

	hide(name: string): HoldingsChange {
		const publisher = this.#publishers.get(name)
		if (publisher === undefined) return { shown: [], hidden: [] }
		this.#albums -= publisher.record.albums
		this.#publishers.delete(name)
		this.#byNumber.delete(publisher.record.number)
		return this.#changed({ shown: [], hidden: publisher.pages })
	}

	publishers(): IterableIterator<HeldPublisher> {
		return this.#publishers.values()
	}

	publisher(name: string): HeldPublisher | undefined {
		return this.#publishers.get(name)
	}

	publisherAt(number: number): HeldPublisher | undefined {
		return this.#byNumber.get(number)
	}

	/** The page in use that has this document. */
	pageOf(document: number): HeldPage | undefined {
		this.#byFirst ??= this.#pagesBy(({ first }) => first)
		return lastAtMost(this.#byFirst, document, (page) => page)
	}

	/** The page in use that has this album or artist. */
	pageOfName(name: number): HeldPage | undefined {
		this.#byFirstName ??= this.#pagesBy(({ names }) => names.first)
		return lastAtMost(this.#byFirstName, name, ({ names }) => names)
	}

	/** All documents in use. */
	ranges(): DocumentRange[] {
		return Array.from(this.#publishers.values()).flatMap(({ pages }) => pages)
	}

	nameRanges(): DocumentRange[] {
		return Array.from(this.#publishers.values()).flatMap(({ pages }) => pages.map(({ names }) => names))
	}

	#pagesBy(key: (page: HeldPage) => number): HeldPage[] {
		return Array.from(this.#publishers.values())
			.flatMap(({ pages }) => pages)
			.sort((a, b) => key(a) - key(b))
	}

	#changed(change: HoldingsChange): HoldingsChange {
		for (const { count } of change.shown) this.#entries += count
		for (const { count } of change.hidden) this.#entries -= count
		this.#byFirst = undefined
		this.#byFirstName = undefined
		return change
	}
}

/** The page whose range has the number. Pages in order. */
function lastAtMost(
	pages: readonly HeldPage[],
	number: number,
	rangeOf: (page: HeldPage) => DocumentRange
): HeldPage | undefined {
	let low = 0
	let high = pages.length
	while (low < high) {
		const middle = (low + high) >>> 1
		const page = pages[middle]
		if (page !== undefined && rangeOf(page).first <= number) low = middle + 1
		else high = middle
	}
	const page = pages[low - 1]
	if (page === undefined) return undefined
	const { first, count } = rangeOf(page)
	return number < first + count ? page : undefined
}
