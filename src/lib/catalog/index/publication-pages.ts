import { AppError } from '../../errors'
import type { PublicationInput } from '../catalog'
import type { RowOrigin } from '../entry'
import { checkPublisher, decodeHead } from '../head'
import { compareBytes, displayText } from '../text'
import type { PublisherRecord } from './catalog-store'
import { readPage, type PageRows, type PreparedPage } from './page-reading'
import type { TimeSlices } from './time-slices'

/** Rows of a root that has no pages are kept in pages of this size. */
const LISTED_PAGE_ROWS = 1024
/** Playlists, and publications of others, that are noted of one head: all publishers together are held in memory. */
const MAX_NOTED = 1000

/** What a publication says of its publisher. */
export type PublisherFacts = Pick<
	PublisherRecord,
	'displayName' | 'about' | 'homepage' | 'licence' | 'icon' | 'createdMs' | 'playlists' | 'mirrors'
>

/** A page as it came. `cid` is empty for rows that were listed. */
export interface IncomingPage {
	readonly cid: string
	/** Decodes the page; undefined when its bytes were not sent along. */
	readonly read?: (slices: TimeSlices) => Promise<PageRows | PreparedPage>
}

/** How pages are decoded and validated: {@link readPage} here, or a worker that does it elsewhere. */
export type ReadPage = (
	bytes: Uint8Array,
	origin: RowOrigin,
	slices: TimeSlices
) => Promise<PageRows | PreparedPage>

/** Begins to read the first pages, whose turn comes later. */
export function readFirst(pages: readonly IncomingPage[], count: number, slices: TimeSlices): IncomingPage[] {
	return pages.map((page, place) => {
		if (place >= count || page.read === undefined) return page
		const reading = page.read(slices)
		// Awaited in its turn; until then a failure must not be left unheard.
		reading.catch(() => undefined)
		return { cid: page.cid, read: () => reading }
	})
}

/**
 * Reads the head, or what stands in its place, and lays out the pages.
 * @throws AppError `publisher-mismatch`, `invalid-head`, `too-large`
 */
export function readInput(
	input: PublicationInput,
	nowMs: number,
	read: ReadPage = readPage
): { facts: PublisherFacts; pages: IncomingPage[] } {
	const { publisher, root, listed } = input
	if (input.head === undefined) {
		if (listed === undefined) throw new AppError('invalid-head', 'a publication needs a head or a list of rows')
		const pages: IncomingPage[] = []
		for (let from = 0; from < listed.rows.length; from += LISTED_PAGE_ROWS) {
			const rows = listed.rows.slice(from, from + LISTED_PAGE_ROWS)
			const dropped = from === 0 ? listed.dropped : 0
			pages.push({ cid: '', read: () => Promise.resolve({ rows, dropped, reasons: [] }) })
		}
		return { facts: { displayName: displayText(listed.displayName), createdMs: nowMs }, pages }
	}
	const head = decodeHead(input.head)
	// A root that no announcement led to goes by its own CID; there is no name that could differ.
	if (publisher !== root) checkPublisher(head, publisher)
	const origin = { id: 0, publisher, publisherName: head.name, root }
	const playlists = head.playlists?.slice(0, MAX_NOTED).map((cid) => cid.toString()) ?? []
	const mirrors =
		head.mirrors?.slice(0, MAX_NOTED).map(({ root: kept, of }) => ({ root: kept.toV1().toString(), of })) ?? []
	const optional = {
		about: head.about && displayText(head.about),
		homepage: head.homepage && displayText(head.homepage),
		licence: head.licence && displayText(head.licence),
		icon: head.icon?.toV1().toString()
	}
	const facts: PublisherFacts = {
		displayName: displayText(head.name),
		createdMs: head.created * 1000,
		...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined && value !== '')),
		...(playlists.length > 0 && { playlists }),
		...(mirrors.length > 0 && { mirrors })
	}
	const pages = input.pages.map(({ cid, bytes }): IncomingPage => {
		if (bytes === undefined) return { cid }
		return { cid, read: (slices) => read(bytes, origin, slices) }
	})
	return { facts, pages }
}

/** Sees to it that a key names one entry in all pages of a publication; pages out of order are allowed for. */
export class TakenKeys {
	#last: string | undefined
	#keys: Set<string> | undefined
	/** Keys of the pages so far, asked for only when a page reaches back. */
	readonly #before: () => Promise<Iterable<string>>

	constructor(before: () => Promise<Iterable<string>>) {
		this.#before = before
	}

	/**
	 * Which of a page's keys are still free. Pages in key order are told by their ends alone.
	 * @param keys - of the page, in key order
	 */
	async free(first: string, last: string, keys: () => Promise<readonly string[]>): Promise<'all' | Set<string>> {
		const inOrder = this.#last === undefined || compareBytes(this.#last, first) < 0
		if (inOrder && this.#keys === undefined) {
			this.#last = last
			return 'all'
		}
		this.#keys ??= new Set(await this.#before())
		const free = new Set<string>()
		let taken = false
		for (const key of await keys()) {
			if (this.#keys.has(key)) taken = true
			else free.add(key)
		}
		for (const key of free) this.#keys.add(key)
		return taken ? free : 'all'
	}
}
