import { AppError } from '../../errors'
import type {
	AlbumRow,
	ApplyOutcome,
	Catalog,
	CatalogTotals,
	PublicationInput,
	PublisherRow,
	SearchAnswer,
	SearchHit,
	SearchQuery
} from '../catalog'
import type { EntryRow } from '../row'
import { findInCatalog } from './catalog-search'
import { CatalogStore, type IndexSnapshot, type PublisherRecord } from './catalog-store'
import { DocumentTable } from './document-table'
import { explain, fieldWords, rememberingFold } from './entry-words'
import { fingerprint } from './fingerprint'
import { FlexsearchIndex } from './flexsearch-index'
import { Holdings, type HeldPage } from './holdings'
import { makePage, type PageRecord } from './page-record'
import { readInput, TakenKeys, type IncomingPage, type PageRows, type PublisherFacts } from './publication-pages'
import { publisherRow } from './publisher-row'
import { heardAs } from './query-words'
import { RowReader } from './row-reader'
import { foldWords } from './text-folding'
import { TimeSlices } from './time-slices'

/** Raised whenever words come out differently, or are stored in another way: indexes saved before are then made anew. */
const INDEX_FORMAT = 1

/** Entries of one publisher; more would crowd out all others. */
const MAX_ENTRIES = 1_000_000
const MAX_REASONS = 20

/** Quiet time before the index is saved; a crash before that costs indexing the new pages again. */
const SAVE_AFTER_MS = 1500
/** Saving may take this part of the time: large indexes are saved less often. */
const SAVE_SHARE = 0.05

/** Documents that are gone are cleared from the index when they are so many, and more than those alive. */
const COMPACT_FROM = 5000

export interface IndexedCatalogInit {
	/** Name of the database. Web Lock and broadcast channel go by it too. */
	readonly name?: string
	readonly now?: () => number
}

interface Opened {
	readonly store: CatalogStore
	readonly rows: RowReader
	readonly seed: number
}

/**
 * The catalog itself, as it runs in the worker. Several may be open on one database (dedicated workers of several tabs):
 * a Web Lock lets one write at a time, and the others read anew what was written.
 */
export class IndexedCatalog implements Catalog {
	readonly #name: string
	readonly #now: () => number
	readonly #listeners = new Set<(totals: CatalogTotals) => void>()
	readonly #changes: BroadcastChannel
	#opening: Promise<Opened> | undefined
	#holdings = new Holdings()
	/** Publishers removed while a publication of theirs was being applied: the removal wins. */
	readonly #removals = new Map<string, number>()
	#saveTimer: ReturnType<typeof setTimeout> | undefined
	#unsaved = false
	#saveTookMs = 0
	#refreshing: Promise<void> = Promise.resolve()

	constructor({ name = 'antiphon-catalog', now = Date.now }: IndexedCatalogInit = {}) {
		this.#name = name
		this.#now = now
		this.#changes = new BroadcastChannel(`${name}-changes`)
		this.#changes.onmessage = () => {
			this.#refreshing = this.#refreshing.then(() => this.#refresh()).catch(() => undefined)
		}
	}

	async open(): Promise<CatalogTotals> {
		await this.#opened()
		return this.#holdings.totals
	}

	async apply(publication: PublicationInput): Promise<ApplyOutcome> {
		const opened = await this.#opened()
		const removals = this.#removals.get(publication.publisher)
		return this.#writing(async () => {
			const outcome = await this.#apply(opened, publication, () => {
				if (this.#removals.get(publication.publisher) === removals) return
				throw new DOMException('the publisher was removed meanwhile', 'AbortError')
			})
			this.#changed()
			return outcome
		})
	}

	async heldPages(publisher: string): Promise<readonly string[]> {
		await this.#opened()
		const pages = this.#holdings.publisher(publisher)?.pages ?? []
		return pages.flatMap(({ record }) => (record.cid === '' ? [] : [record.cid]))
	}

	async remove(publisher: string): Promise<void> {
		const { store } = await this.#opened()
		this.#removals.set(publisher, (this.#removals.get(publisher) ?? 0) + 1)
		this.#holdings.hide(publisher)
		const removed = await store.unpublish(publisher)
		if (removed === undefined) return
		this.#changed()
		await store.deletePages(removed.pageIds)
	}

	async search(query: SearchQuery, signal?: AbortSignal): Promise<SearchAnswer> {
		const startMs = performance.now()
		const { rows: reader } = await this.#opened()
		signal?.throwIfAborted()
		const holdings = this.#holdings
		const { hits: found, words, readings, ...rest } = findInCatalog(holdings, query, this.#now())
		const rows = await reader.rows(
			holdings,
			found.flatMap(({ document, copies }) => [document, ...copies])
		)
		signal?.throwIfAborted()
		let at = 0
		const hits: SearchHit[] = []
		let heard: string | undefined
		for (const {
			score,
			copies: { length: copyCount }
		} of found) {
			const row = rows[at]
			const copies = rows.slice(at + 1, at + 1 + copyCount).filter((copy) => copy?.file === row?.file)
			at += 1 + copyCount
			if (row === undefined) continue
			const explained = explain(new Set([...fieldWords(row).flat(), ...foldWords(row.publisherName)]), readings)
			if (hits.length === 0) heard = heardAs(query.text, words, explained.readings, row)
			hits.push({
				row,
				score,
				words: explained.words,
				edits: explained.edits,
				copies: copies.filter((copy) => copy !== undefined).sort(this.#bestFirst(holdings))
			})
		}
		return {
			...rest,
			hits,
			...(heard === undefined ? {} : { heardAs: heard }),
			tookMs: performance.now() - startMs
		}
	}

	async publishers(): Promise<readonly PublisherRow[]> {
		await this.#opened()
		return Array.from(this.#holdings.publishers(), publisherRow).sort((a, b) => (a.name < b.name ? -1 : 1))
	}

	async publisher(name: string): Promise<PublisherRow | undefined> {
		await this.#opened()
		const publisher = this.#holdings.publisher(name)
		return publisher && publisherRow(publisher)
	}

	async entriesOf(publisher: string, from: number, limit: number): Promise<readonly EntryRow[]> {
		const { rows } = await this.#opened()
		const documents: number[] = []
		let before = 0
		for (const { first, count } of this.#holdings.publisher(publisher)?.pages ?? []) {
			for (let row = Math.max(0, from - before); row < count && documents.length < limit; row++)
				documents.push(first + row)
			before += count
		}
		return present(await rows.rows(this.#holdings, documents))
	}

	async entriesByFile(file: string): Promise<readonly EntryRow[]> {
		const { rows, seed } = await this.#opened()
		const holdings = this.#holdings
		const wanted = fingerprint(file, seed)
		const documents = holdings.pages().flatMap(({ shown, first, record }) => {
			const found: number[] = []
			if (!shown) return found
			for (let at = record.files.indexOf(wanted); at !== -1; at = record.files.indexOf(wanted, at + 1))
				found.push(first + at)
			return found
		})
		const found = present(await rows.rows(holdings, documents)).filter((row) => row.file === file)
		return found.sort(this.#bestFirst(holdings))
	}

	async albums({
		publisher,
		limit,
		offset = 0
	}: {
		publisher?: string
		limit: number
		offset?: number
	}): Promise<readonly AlbumRow[]> {
		await this.#opened()
		const albums = this.#holdings.albumsByAge()
		const wanted = publisher === undefined ? albums : albums.filter((album) => album.publisher === publisher)
		return wanted.slice(offset, offset + limit)
	}

	async album(key: string): Promise<{ album: AlbumRow; rows: readonly EntryRow[] } | undefined> {
		const { rows: reader } = await this.#opened()
		const holdings = this.#holdings
		const thing = holdings.albums.find(key)
		if (thing === undefined) return undefined
		const album = holdings.albumRow(thing)
		const documents = [...thing.parts].flatMap(([number, part]) => {
			const page = holdings.pageAt(number)
			if (page === undefined) return []
			const place = page.record.albums.indexOf(part)
			return Array.from(page.record.albumOf).flatMap((of, row) => (of === place ? [page.first + row] : []))
		})
		const rows = present(await reader.rows(holdings, documents))
		return { album, rows: rows.sort(byDiscAndTrack) }
	}

	onchange(listener: (totals: CatalogTotals) => void): () => void {
		this.#listeners.add(listener)
		return () => this.#listeners.delete(listener)
	}

	dispose(): void {
		clearTimeout(this.#saveTimer)
		this.#listeners.clear()
		this.#changes.close()
		void this.#opening?.then(
			({ store }) => {
				store.close()
			},
			() => undefined
		)
	}

	/** Keeps the promise, and forgets it when it rejects or the database is lost, so that the next call tries again. */
	#opened(): Promise<Opened> {
		if (this.#opening === undefined) {
			const opening = this.#open(() => {
				if (this.#opening === opening) this.#opening = undefined
			})
			this.#opening = opening
			opening.catch(() => {
				if (this.#opening === opening) this.#opening = undefined
			})
		}
		return this.#opening
	}

	async #open(onlost: () => void): Promise<Opened> {
		const store = await CatalogStore.open(this.#name, onlost)
		await navigator.locks.request(`${this.#name}-write`, { ifAvailable: true }, async (lock) => {
			if (lock !== null) await store.sweep()
		})
		const [seed, publishers, pages, snapshot] = await Promise.all([
			store.seed(),
			store.publishers(),
			store.pages(),
			store.readSnapshot()
		])
		const rows = new RowReader(store)
		const holdings = await restore(snapshot, publishers, pages)
		if (await this.#readPages(rows, holdings, publishers, pages)) this.#saveLater()
		for (const publisher of publishers) holdings.show(publisher)
		this.#holdings = holdings
		return { store, rows, seed }
	}

	/** Takes up what another worker wrote into the same database. */
	async #refresh(): Promise<void> {
		if (this.#opening === undefined) return
		const { store, rows } = await this.#opening
		const publishers = await store.publishers()
		const needed = new Set(
			publishers.flatMap(({ pageIds }) => pageIds).filter((id) => !this.#holdings.hasPage(id))
		)
		if (needed.size > 0) {
			const pages = (await store.pages()).filter(({ id }) => needed.has(id))
			await this.#readPages(rows, this.#holdings, publishers, pages)
		}
		const present = new Set(publishers.map(({ name }) => name))
		for (const { record } of [...this.#holdings.publishers()])
			if (!present.has(record.name)) this.#holdings.hide(record.name)
		for (const publisher of publishers) this.#holdings.show(publisher)
		this.#tell()
	}

	/** Indexes pages in use that are not held, from their rows. Returns whether there were any. */
	async #readPages(
		reader: RowReader,
		holdings: Holdings,
		publishers: readonly PublisherRecord[],
		pages: readonly PageRecord[]
	): Promise<boolean> {
		const slices = new TimeSlices()
		const named = new Set(publishers.flatMap(({ pageIds }) => pageIds))
		let any = false
		for (const record of pages) {
			if (!named.has(record.id) || holdings.hasPage(record.id)) continue
			any = true
			const fold = rememberingFold()
			const origin = { id: 0, publisher: record.publisher, publisherName: '', root: '' }
			const words = (await reader.pageRows(record)).map((row) => fieldWords({ ...origin, ...row }, fold))
			await slices.rest()
			await holdings.addPage(record, words, slices)
		}
		return any
	}

	async #apply(opened: Opened, input: PublicationInput, checkRemoved: () => void): Promise<ApplyOutcome> {
		const { store } = opened
		const before = await store.publisher(input.publisher)
		if (before?.pageIds.some((id) => !this.#holdings.hasPage(id))) await this.#refresh()
		const { facts, pages } = readInput(input, this.#now())
		const written: PageRecord[] = []
		let used: PageRecord[]
		try {
			used = await this.#writePages(opened, input, pages, facts, before, written)
			checkRemoved()
			const record = this.#record(input, facts, pages, used)
			if (!(await store.publish(record, before))) {
				throw new DOMException('the publisher was changed meanwhile', 'AbortError')
			}
			// A removal that came during the write has already hidden what was in use; it does the same for this.
			try {
				checkRemoved()
			} catch (error) {
				await store.unpublish(input.publisher)
				throw error
			}
			this.#holdings.show(record)
		} catch (error) {
			const ids = written.map(({ id }) => id)
			this.#holdings.dropPages(ids)
			// What cannot be deleted now is swept away at the next opening.
			await store.deletePages(ids).catch(() => undefined)
			throw error
		}
		const inUse = new Set(used.map(({ id }) => id))
		await store.deletePages(before?.pageIds.filter((id) => !inUse.has(id)) ?? []).catch(() => undefined)
		return {
			accepted: used.reduce((sum, { count }) => sum + count, 0),
			dropped: used.reduce((sum, { dropped }) => sum + dropped, 0),
			reasons: used.flatMap(({ reasons }) => reasons).slice(0, MAX_REASONS)
		}
	}

	/** Pages of the publication in order: those that are held as they are, the others written and added. */
	async #writePages(
		{ store, rows: reader, seed }: Opened,
		input: PublicationInput,
		pages: readonly IncomingPage[],
		facts: PublisherFacts,
		before: PublisherRecord | undefined,
		written: PageRecord[]
	): Promise<PageRecord[]> {
		const slices = new TimeSlices()
		const nowMs = this.#now()
		const used: PageRecord[] = []
		const held = new Map<string, PageRecord>()
		for (const id of before?.pageIds ?? []) {
			const record = this.#holdings.pageById(id)?.record
			if (record !== undefined && record.cid !== '') held.set(record.cid, record)
		}
		const keysOf = async (record: PageRecord) => (await reader.pageRows(record)).map(({ k }) => k)
		const taken = new TakenKeys(async () => (await Promise.all(used.map(keysOf))).flat())
		const seen = new Set<string>()
		let entries = 0
		for (const page of pages) {
			if (page.cid !== '' && seen.has(page.cid)) continue
			seen.add(page.cid)
			const known = held.get(page.cid)
			let read: PageRows | undefined
			if (known === undefined) {
				if (page.read === undefined) {
					throw new AppError('invalid-page', `page ${page.cid} is neither held nor given`, { detail: page.cid })
				}
				read = page.read()
				await slices.rest()
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
				used.push(known)
				continue
			}
			if (known !== undefined) {
				const origin = { id: 0, publisher: input.publisher, publisherName: '', root: input.root }
				const rows = (await reader.pageRows(known)).map((row) => ({ ...origin, ...row }))
				read = { rows, dropped: known.dropped, reasons: known.reasons }
			}
			const kept = withFreeKeys(read ?? { rows: [], dropped: 0, reasons: [] }, free)
			const numbers = await store.reserve(kept.rows.length)
			const made = makePage({
				...numbers,
				...kept,
				// A page that lost rows to another is not what its CID says: it is fetched again when the other one changes.
				cid: free === 'all' ? page.cid : '',
				publisher: input.publisher,
				createdS: facts.createdMs / 1000,
				nowMs,
				albumSeenMs: (key) => this.#albumSeenMs(key),
				seed
			})
			written.push(made.record)
			await store.writePage(made.record, kept.rows)
			await slices.rest()
			await this.#holdings.addPage(made.record, made.words, slices)
			used.push(made.record)
		}
		return used
	}

	#record(
		{ publisher, root, sequence, validUntilMs }: PublicationInput,
		facts: PublisherFacts,
		pages: readonly IncomingPage[],
		used: readonly PageRecord[]
	): PublisherRecord {
		return {
			name: publisher,
			...facts,
			root,
			sequence,
			validUntilMs,
			indexedMs: this.#now(),
			entries: used.reduce((sum, { count }) => sum + count, 0),
			dropped: used.reduce((sum, { dropped }) => sum + dropped, 0),
			sizeBytes: used.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
			pages: [...new Set(pages.flatMap(({ cid }) => (cid === '' ? [] : [cid])))],
			pageIds: used.map(({ id }) => id)
		}
	}

	#albumSeenMs(key: string): number | undefined {
		const thing = this.#holdings.albums.find(key)
		return thing && Math.min(...Array.from(thing.parts.values(), (part) => part.indexedMs))
	}

	/** Playable publishers first, then the row that says most, then the newer publication. */
	#bestFirst(holdings: Holdings): (a: EntryRow, b: EntryRow) => number {
		const nowMs = this.#now()
		const rank = (row: EntryRow) => {
			const record = holdings.publisher(row.publisher)?.record
			return [
				(record?.validUntilMs ?? 0) >= nowMs ? 1 : 0,
				Object.keys(row).length + row.artists.length,
				record?.createdMs ?? 0
			] as const
		}
		return (a, b) => {
			const [rankA, rankB] = [rank(a), rank(b)]
			return rankB[0] - rankA[0] || rankB[1] - rankA[1] || rankB[2] - rankA[2] || a.id - b.id
		}
	}

	#writing<Result>(work: () => Promise<Result>): Promise<Result> {
		return navigator.locks.request(`${this.#name}-write`, work)
	}

	#changed(): void {
		this.#unsaved = true
		this.#saveLater()
		this.#changes.postMessage('changed')
		this.#tell()
	}

	#tell(): void {
		const { totals } = this.#holdings
		for (const listener of this.#listeners) listener(totals)
	}

	#saveLater(): void {
		clearTimeout(this.#saveTimer)
		this.#unsaved = true
		this.#saveTimer = setTimeout(
			() => void this.#save().catch(() => undefined),
			Math.max(SAVE_AFTER_MS, this.#saveTookMs / SAVE_SHARE)
		)
	}

	/** Saves the index. When that fails the next opening indexes again what was not saved: nothing is lost but time. */
	async #save(): Promise<void> {
		const { store } = await this.#opened()
		await this.#writing(async () => {
			if (!this.#unsaved) return
			const startMs = performance.now()
			const slices = new TimeSlices()
			await this.#compact(slices)
			this.#unsaved = false
			const holdings = this.#holdings
			const pages = holdings.pages().filter((page) => page.shown)
			const parts = await holdings.index.save(slices)
			await store.writeSnapshot({
				format: INDEX_FORMAT,
				documents: holdings.documents.count,
				pages: pages.map(({ record, first }) => ({ id: record.id, firstDocument: first })),
				parts
			})
			this.#saveTookMs = performance.now() - startMs
		})
	}

	/** Makes the holdings anew without what is gone, when that is most of them. Only while nobody writes. */
	async #compact(slices: TimeSlices): Promise<void> {
		const old = this.#holdings
		const { count, aliveCount } = old.documents
		const gone = count - aliveCount
		if (gone < COMPACT_FROM || gone < aliveCount || !(old.index instanceof FlexsearchIndex)) return
		const kept: HeldPage[] = old.pages().filter((page) => page.shown)
		const renumbered = new Int32Array(count).fill(-1)
		let next = 0
		for (const page of kept) for (let row = 0; row < page.count; row++) renumbered[page.first + row] = next++
		const documents = new DocumentTable()
		const compacted = new Holdings(documents, await old.index.compacted(documents, renumbered, slices))
		for (const page of kept) compacted.restorePage(page.record)
		// What was removed meanwhile is not among these any more.
		for (const { record } of old.publishers()) compacted.show(record)
		this.#holdings = compacted
	}
}

/** What the snapshot has of the pages in use; an unreadable one counts as none. */
async function restore(
	snapshot: IndexSnapshot | undefined,
	publishers: readonly PublisherRecord[],
	pages: readonly PageRecord[]
): Promise<Holdings> {
	if (snapshot?.format !== INDEX_FORMAT) return new Holdings()
	const documents = new DocumentTable()
	const named = new Set(publishers.flatMap(({ pageIds }) => pageIds))
	const inUse = new Map(pages.filter(({ id }) => named.has(id)).map((page) => [page.id, page]))
	try {
		const holdings = new Holdings(
			documents,
			await FlexsearchIndex.restore(documents, snapshot.parts, new TimeSlices())
		)
		for (const { id, firstDocument } of snapshot.pages.toSorted((a, b) => a.firstDocument - b.firstDocument)) {
			const record = inUse.get(id)
			if (record === undefined) continue
			documents.skip(firstDocument - documents.count)
			holdings.restorePage(record)
		}
		documents.skip(snapshot.documents - documents.count)
		return holdings
	} catch {
		return new Holdings()
	}
}

function withFreeKeys({ rows, dropped, reasons }: PageRows, free: 'all' | ReadonlySet<string>): PageRows {
	if (free === 'all') return { rows, dropped, reasons }
	const kept = rows.filter(({ k }) => free.has(k))
	const taken = rows.filter(({ k }) => !free.has(k)).map(({ k }) => `${k}: k is taken by an entry of another page`)
	return { rows: kept, dropped: dropped + taken.length, reasons: [...reasons, ...taken].slice(0, MAX_REASONS) }
}

const present = (rows: readonly (EntryRow | undefined)[]): EntryRow[] => rows.filter((row) => row !== undefined)

function byDiscAndTrack(a: EntryRow, b: EntryRow): number {
	return (a.disc ?? 1) - (b.disc ?? 1) || (a.track ?? Infinity) - (b.track ?? Infinity) || (a.k < b.k ? -1 : 1)
}
