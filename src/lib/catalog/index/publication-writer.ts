import { AppError } from '../../errors'
import type { PublicationInput } from '../catalog'
import type { EntryRow } from '../row'
import type { FreeNumbers, NewPage, PublisherRecord } from './catalog-store'
import { documentFacts } from './document-facts'
import { fieldWords, rememberingFold, type Fold } from './entry-words'
import type { Layer, LayeredStore } from './layered-store'
import { encodeBlocks, encodedPage } from './page-codec'
import { gatherNames, nameDocuments, type PageNames } from './page-names'
import type { PageRecord } from './page-record'
import { splitWords, wholeRows, type PageRows, type PreparedPage } from './page-reading'
import { TakenKeys, type IncomingPage, type PublisherFacts } from './publication-pages'
import type { RowReader } from './row-reader'
import type { FieldWords, IndexDocument, SearchIndex } from './search-index'
import type { TimeSlices } from './time-slices'

/** Entries of one publisher; more would crowd out all others. */
const MAX_ENTRIES = 1_000_000
const MAX_REASONS = 20
/** Rows written in one transaction: enough that transactions cost little, few enough that none blocks for long. */
const ROWS_AT_ONCE = 1024

/** Pages that are read before their turn. */
export const PAGES_AHEAD = 2

export interface Indexes {
	readonly entries: SearchIndex
	/** Albums and artists. */
	readonly names: SearchIndex
}

export interface WriterInit {
	readonly store: LayeredStore
	readonly layer: Layer
	readonly reader: RowReader
	readonly indexes: Indexes
	/** Of the fingerprints. */
	readonly seed: number
	readonly slices: TimeSlices
	/** Unix ms. */
	readonly nowMs: number
	/** Numbers that are left, and are used up here. */
	readonly free: FreeNumbers
	/** Hears of each document as it is indexed. */
	readonly ondocument?: (document: IndexDocument) => void
}

/** What is in use of the publisher while its next publication is written. */
export interface Before {
	readonly record: PublisherRecord
	readonly pages: readonly PageRecord[]
	/** By first document of the page. */
	readonly names: ReadonlyMap<number, PageNames>
}

/**
 * Writes the pages of one publication and adds them to the indexes, out of sight: nothing of it is found until the
 * publisher's record holds it.
 */
export class PublicationWriter {
	readonly #init: WriterInit
	readonly #number: number
	readonly #facts: PublisherFacts
	readonly #fold = rememberingFold()
	readonly #written: PageRecord[] = []
	readonly #albums = new Set<string>()
	#batch: (NewPage & { rows: readonly EntryRow[]; names: PageNames; words?: readonly FieldWords[] })[] = []
	#writing: Promise<void> = Promise.resolve()

	/** @param number - of the publisher */
	constructor(init: WriterInit, number: number, facts: PublisherFacts) {
		this.#init = init
		this.#number = number
		this.#facts = facts
	}

	/** Different ones, in all pages used so far. */
	get albumCount(): number {
		return this.#albums.size
	}

	/** Pages that were written, in use or not: all of them are to be deleted when the publication does not come into use. */
	get written(): readonly PageRecord[] {
		return this.#written
	}

	/**
	 * @returns the pages of the publication in order: those that were held as they are, the others new
	 * @throws AppError `invalid-page`, `too-many`, `storage-full`
	 */
	async write(
		input: PublicationInput,
		pages: readonly IncomingPage[],
		before: Before | undefined
	): Promise<PageRecord[]> {
		const { reader, slices } = this.#init
		const used: PageRecord[] = []
		const held = new Map(before?.pages.flatMap((page) => (page.cid === '' ? [] : [[page.cid, page]])))
		const keysOf = (page: PageRecord) => reader.pageKeys(page)
		const taken = new TakenKeys(async () => {
			await this.#flushBatch()
			await this.#writing
			const keys: string[] = []
			for (const page of used) keys.push(...(await keysOf(page)))
			return keys
		})
		const seen = new Set<string>()
		const albumSeenMs = albumAges(before)
		let entries = 0
		const ahead = new ReadAhead(pages, held, slices)
		for (const [place, page] of pages.entries()) {
			if (page.cid !== '' && seen.has(page.cid)) continue
			seen.add(page.cid)
			const known = held.get(page.cid)
			let read: PageRows | PreparedPage | undefined
			if (known === undefined) {
				if (page.read === undefined) {
					throw new AppError('invalid-page', `page ${page.cid} is neither held nor given`, { detail: page.cid })
				}
				read = await ahead.take(place)
			}
			const keys = read?.rows.map(({ k }) => k)
			const [first, last] = known === undefined ? [keys?.[0], keys?.at(-1)] : [known.firstKey, known.lastKey]
			// Listed rows keep their reader's order, which may be that of a playlist.
			const free =
				page.cid === '' || first === undefined || last === undefined || known?.count === 0
					? 'all'
					: await taken.free(first, last, async () => keys ?? (known === undefined ? [] : keysOf(known)))
			entries += known?.count ?? read?.rows.length ?? 0
			if (entries > MAX_ENTRIES) throw new AppError('too-many', `more than ${MAX_ENTRIES} entries`)
			if (known !== undefined && free === 'all') {
				for (const { key } of before?.names.get(known.first)?.albums ?? []) this.#albums.add(key)
				used.push(known)
				continue
			}
			if (known !== undefined) {
				const origin = { id: 0, publisher: input.publisher, publisherName: '', root: input.root }
				const rows = (await reader.pageRows(known)).map((row) => ({ ...origin, ...row }))
				read = { rows, dropped: known.dropped, reasons: known.reasons }
			}
			if (read !== undefined && 'blocks' in read && free !== 'all') {
				read = { rows: wholeRows(read), dropped: read.dropped, reasons: read.reasons }
			}
			const kept = withFreeKeys(read ?? { rows: [], dropped: 0, reasons: [] }, free)
			// A page that lost rows to another is not what its CID says: it is fetched again when the other one changes.
			used.push(await this.#add(free === 'all' ? page.cid : '', kept, albumSeenMs))
		}
		await this.#flushBatch()
		await this.#writing
		return used
	}

	async #add(
		cid: string,
		page: PageRows | PreparedPage,
		albumSeenMs: (key: string) => number | undefined
	): Promise<PageRecord> {
		const { rows, dropped, reasons } = page
		const { free, nowMs, slices } = this.#init
		const names = gatherNames({ rows, fold: this.#fold, nowMs, albumSeenMs, earlier: this.#albums })
		const nameCount = names.albums.length + names.artists.length
		const blocks = 'blocks' in page ? page.blocks : await encodeBlocks(rows, slices)
		const encoded = encodedPage(free.document, blocks, names)
		const record: PageRecord = {
			first: free.document,
			count: rows.length,
			cid,
			publisher: this.#number,
			dropped,
			reasons,
			sizeBytes: rows.reduce((sum, row) => sum + row.sizeBytes, 0),
			firstKey: rows[0]?.k ?? '',
			lastKey: rows.at(-1)?.k ?? '',
			names: { first: free.name, count: nameCount },
			storedBytes: encoded.sizeBytes,
			createdS: this.#facts.createdMs / 1000,
			nowS: nowMs / 1000
		}
		// A page without rows, or names, has a number all the same.
		free.document += Math.max(1, rows.length)
		free.name += Math.max(1, nameCount)
		const words = 'words' in page ? splitWords(page.words) : undefined
		this.#batch.push({ record, encoded, rows, names, ...(words && { words }) })
		this.#written.push(record)
		if (this.#batch.reduce((sum, page) => sum + page.rows.length, 0) >= ROWS_AT_ONCE) await this.#flushBatch()
		return record
	}

	/** Indexes a batch while it is written; the one before it has been written by then. */
	async #flushBatch(): Promise<void> {
		const { store, layer, free, indexes, slices, seed, ondocument } = this.#init
		const batch = this.#batch
		if (batch.length === 0) return
		this.#batch = []
		await this.#writing
		await slices.rest()
		this.#writing = store.writePages(batch, free, layer)
		// Awaited later; until then a failure must not be left unheard.
		this.#writing.catch(() => undefined)
		for (const { record, rows, names, words } of batch) {
			await addPage(indexes, record, rows, names, {
				fold: this.#fold,
				seed,
				slices,
				...(words && { words }),
				...(ondocument && { ondocument })
			})
		}
		if (indexes.entries.full || indexes.names.full) {
			// A segment must not name documents that were never written.
			await this.#writing
			// One segment is written while the next one gathers in memory: no more of them.
			await Promise.all([indexes.entries.flushed(), indexes.names.flushed()])
			void indexes.entries.flush()
			void indexes.names.flush()
		}
	}
}

/** Adds the rows and names of a page to the indexes, not yet shown. */
export async function addPage(
	indexes: Indexes,
	record: PageRecord,
	rows: readonly EntryRow[],
	names: PageNames,
	{
		fold,
		seed,
		slices,
		onlyMissing = false,
		words: known,
		ondocument
	}: {
		fold: Fold
		seed: number
		slices: TimeSlices
		/** Of the rows, where they are known. */
		words?: readonly FieldWords[]
		/** Some may have been added before. */
		onlyMissing?: boolean
		ondocument?: (document: IndexDocument) => void
	}
): Promise<void> {
	const page = { ...record, seed }
	const isMissing = (index: SearchIndex, document: number) =>
		!onlyMissing || index.missing([{ first: document, count: 1 }]).length > 0
	for (const [at, row] of rows.entries()) {
		if (!isMissing(indexes.entries, record.first + at)) continue
		const words = known?.[at] ?? fieldWords(row, fold)
		const document = { words, facts: documentFacts(row, words, fold, page) }
		indexes.entries.add(record.first + at, document)
		ondocument?.(document)
		if (slices.over) await slices.rest()
	}
	for (const [at, document] of nameDocuments(names, record.publisher, fold, seed).entries()) {
		if (isMissing(indexes.names, record.names.first + at)) indexes.names.add(record.names.first + at, document)
	}
	await slices.rest()
}

/** Pages that are read while those before them are indexed, which gains time where they are read by another worker. */
class ReadAhead {
	readonly #pages: readonly IncomingPage[]
	readonly #held: ReadonlyMap<string, PageRecord>
	readonly #slices: TimeSlices
	readonly #reading = new Map<number, Promise<PageRows | PreparedPage>>()

	constructor(pages: readonly IncomingPage[], held: ReadonlyMap<string, PageRecord>, slices: TimeSlices) {
		this.#pages = pages
		this.#held = held
		this.#slices = slices
	}

	/** For a page that is given and not held. */
	async take(place: number): Promise<PageRows | PreparedPage | undefined> {
		for (let at = place; at < this.#pages.length && at <= place + PAGES_AHEAD; at++) {
			const page = this.#pages[at]
			if (page?.read === undefined || this.#reading.has(at) || (page.cid !== '' && this.#held.has(page.cid)))
				continue
			const reading = page.read(this.#slices)
			// Awaited in its turn; until then a failure must not be left unheard.
			reading.catch(() => undefined)
			this.#reading.set(at, reading)
		}
		const reading = this.#reading.get(place)
		this.#reading.delete(place)
		return reading
	}
}

/** When each album of the publisher was first seen. */
function albumAges(before: Before | undefined): (key: string) => number | undefined {
	const ages = new Map<string, number>()
	for (const { albums } of before?.names.values() ?? []) {
		for (const { key, indexedMs } of albums) ages.set(key, Math.min(indexedMs, ages.get(key) ?? Infinity))
	}
	return (key) => ages.get(key)
}

function withFreeKeys(page: PageRows | PreparedPage, free: 'all' | ReadonlySet<string>): PageRows | PreparedPage {
	if (free === 'all') return page
	const { rows, dropped, reasons } = page
	const kept = rows.filter(({ k }) => free.has(k))
	const taken = rows.filter(({ k }) => !free.has(k)).map(({ k }) => `${k}: k is taken by an entry of another page`)
	return { rows: kept, dropped: dropped + taken.length, reasons: [...reasons, ...taken].slice(0, MAX_REASONS) }
}
