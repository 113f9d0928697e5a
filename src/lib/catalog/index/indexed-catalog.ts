import type {
	AlbumRow,
	ApplyOutcome,
	Catalog,
	CatalogTotals,
	LeftPublication,
	ListenerFacts,
	PublicationInput,
	PublisherRow,
	SearchAnswer,
	SearchQuery,
	Suggestion,
	Wish
} from '../catalog'
import { errorCode } from '../../errors'
import type { EntryRow } from '../row'
import { CatalogNames } from './catalog-names'
import { searchCatalog, type Searched } from './catalog-search'
import { CatalogStore, ENTRY_INDEX, joinRanges, NAME_INDEX, type PublisherRecord } from './catalog-store'
import { LayeredStore, type Layer } from './layered-store'
import { suggestFrom } from './catalog-suggest'
import { nameWords } from './entry-words'
import { fingerprint } from './fingerprint'
import { Holdings, type HoldingsChange } from './holdings'
import { Listener } from './listener'
import { takeOver } from './old-catalog'
import type { PagePreparer } from './page-preparing'
import type { PageNames } from './page-names'
import type { PageRecord } from './page-record'
import { readFirst, readInput, type IncomingPage, type PublisherFacts } from './publication-pages'
import { PAGES_AHEAD, PublicationWriter, type Before, type Indexes } from './publication-writer'
import { keepersOf } from './keepers'
import { publisherRow } from './publisher-row'
import { RowReader } from './row-reader'
import type { DocumentRange } from './search-index'
import { openSearchIndex } from './segments/segment-index'
import { Precedence, TimeSlices } from './time-slices'
import { Upkeep } from './upkeep'
import { WishList } from './wish-list'

/** Raised whenever words come out differently, or are stored in another way: indexes saved before are then made anew. */
const INDEX_FORMAT = 2

/** Pages of the index of names that stay in memory: it is small beside that of the entries. */
const NAME_CACHE_BYTES = 4 * 1024 * 1024

const MAX_REASONS = 20

/** So few rows without an index are indexed before the catalog answers; more while it does. */
const INDEXED_AT_OPENING = 2000

/** The first questions are answered before what earlier sessions left is looked at. */
const CLEAR_UP_AFTER_MS = 500

/** Pages whose names are read at once when a publication replaces another. */
const NAMES_AT_ONCE = 256

export interface IndexedCatalogInit {
	/** Name of the database. Web Locks and broadcast channel go by it too. */
	readonly name?: string
	readonly now?: () => number
}

/** What workers on one database tell each other. */
type Told = 'opened' | 'here' | 'changed'

interface Opened {
	readonly store: LayeredStore
	readonly rows: RowReader
	readonly indexes: Indexes
	readonly holdings: Holdings
	readonly names: CatalogNames
	readonly listener: Listener
	readonly wishes: WishList
	readonly upkeep: Upkeep
	readonly seed: number
}

/**
 * The catalog itself, as it runs in the worker. Several may be open on one database (dedicated workers of several tabs):
 * a Web Lock lets one write at a time, and the others read anew what was written.
 *
 * The records of the publishers are the truth about what can be found: a publication is written and indexed out of sight,
 * and comes into use by the one write of its publisher's record. Rows are the truth about what is indexed: what the
 * indexes lack is added from them.
 */
export class IndexedCatalog implements Catalog {
	/** Reads pages elsewhere; without one they are read here. */
	helper: PagePreparer | undefined
	readonly #name: string
	readonly #now: () => number
	readonly #listeners = new Set<(totals: CatalogTotals) => void>()
	readonly #changes: BroadcastChannel
	readonly #precedence = new Precedence()
	#opening: Promise<Opened> | undefined
	#facts: ListenerFacts | undefined
	/** The standing of publishers holds until then. */
	#standingUntilMs = 0
	/** Publishers removed while a publication of theirs was being applied: the removal wins. */
	readonly #removals = new Map<string, number>()
	/** Publications that are being written, or wait for that. */
	#applying = 0
	#refreshing: Promise<void> = Promise.resolve()
	#left = 0
	/** Other workers are open on this database. */
	#hasOthers = false
	/** The browser took away what was there. */
	#hadEntries = false
	#lost = false
	#disposed = false
	#clearing: ReturnType<typeof setTimeout> | undefined

	constructor({ name = 'antiphon-catalog', now = Date.now }: IndexedCatalogInit = {}) {
		this.#name = name
		this.#now = now
		this.#changes = new BroadcastChannel(`${name}-changes`)
		this.#changes.onmessage = ({ data }: MessageEvent<Told>) => {
			this.#hasOthers = true
			if (data === 'opened') this.#changes.postMessage('here')
			if (data !== 'changed') return
			this.#refreshing = this.#refreshing.then(() => this.#refresh()).catch(() => undefined)
		}
	}

	async open(): Promise<CatalogTotals> {
		const before = await this.#opening
		// A database that could not be opened may be there again.
		if (before?.store.layer === 'memory' && before.holdings.size === 0) {
			this.#opening = undefined
			close(before)
		}
		return this.#totals(await this.#opened())
	}

	async apply(publication: PublicationInput): Promise<ApplyOutcome> {
		const opened = await this.#opened()
		const removals = this.#removals.get(publication.publisher)
		const incoming = this.#incoming(publication)
		const outcome = await this.#writing(() =>
			this.#apply(opened, publication, incoming, () => {
				if (this.#removals.get(publication.publisher) === removals) return
				throw new DOMException('the publisher was removed meanwhile', 'AbortError')
			})
		).finally(() => {
			this.#applying--
		})
		await this.#changed(opened)
		return outcome
	}

	async heldPages(publisher: string): Promise<readonly string[]> {
		const { store, holdings } = await this.#opened()
		const pages = await store.pages(holdings.publisher(publisher)?.pages.map(({ first }) => first) ?? [])
		return pages.flatMap((page) => (page === undefined || page.cid === '' ? [] : [page.cid]))
	}

	async remove(publisher: string): Promise<void> {
		const opened = await this.#opened()
		this.#removals.set(publisher, (this.#removals.get(publisher) ?? 0) + 1)
		await this.#remove(opened, [publisher])
	}

	async left(): Promise<readonly LeftPublication[]> {
		const { store, listener, holdings } = await this.#opened()
		const left = await store.left()
		if (left === undefined) return []
		// Before the person's side has said anything, it is taken for what it was.
		const { entries = Infinity, bytes = Infinity } =
			this.#facts === undefined ? left.budget : (this.#facts.budget ?? {})
		if (entries > left.budget.entries || bytes > left.budget.bytes) return []
		return left.publications.filter(
			({ name }) => holdings.publisher(name) === undefined && listener.valuedLess(name, holdings) === undefined
		)
	}

	async search(query: SearchQuery, signal?: AbortSignal): Promise<SearchAnswer> {
		const startMs = performance.now()
		const opened = await this.#opened()
		signal?.throwIfAborted()
		this.#keepStanding(opened)
		const answer = await this.#precedence.during(() => searchCatalog(this.#searched(opened), query, signal))
		return { ...answer, tookMs: performance.now() - startMs }
	}

	async suggest(text: string, limit?: number, signal?: AbortSignal): Promise<readonly Suggestion[]> {
		const opened = await this.#opened()
		signal?.throwIfAborted()
		const from = { ...opened, entries: opened.indexes.entries }
		return this.#precedence.during(() => suggestFrom(from, text, limit, signal))
	}

	async know(facts: ListenerFacts): Promise<void> {
		this.#facts = facts
		const opened = await this.#opened()
		opened.listener.know(facts)
		this.#standingUntilMs = 0
		this.#keepStanding(opened)
		await this.#keepBudget(opened)
	}

	async wishes(): Promise<readonly Wish[]> {
		return (await this.#opened()).wishes.all()
	}

	async wish(
		wish: Pick<Wish, 'text'> & { readonly id?: string; readonly filters?: Wish['filters'] }
	): Promise<Wish> {
		return (await this.#opened()).wishes.put(wish)
	}

	async sawWish(id: string): Promise<void> {
		await (await this.#opened()).wishes.saw(id)
	}

	async forgetWish(id: string): Promise<void> {
		await (await this.#opened()).wishes.forget(id)
	}

	async publishers(): Promise<readonly PublisherRow[]> {
		const { store, holdings } = await this.#opened()
		const records = await store.publishers()
		return records
			.filter(({ name }) => holdings.publisher(name) !== undefined)
			.map(publisherRow)
			.sort((a, b) => (a.name < b.name ? -1 : 1))
	}

	async publisher(name: string): Promise<PublisherRow | undefined> {
		const { store, holdings } = await this.#opened()
		if (holdings.publisher(name) === undefined) return undefined
		const record = await store.publisher(name)
		return record && publisherRow(record)
	}

	async keepersOf(publisher: string, limit: number): ReturnType<Catalog['keepersOf']> {
		const { holdings } = await this.#opened()
		return keepersOf(holdings, publisher, limit, this.#now())
	}

	async entriesOf(publisher: string, from: number, limit: number): Promise<readonly EntryRow[]> {
		const { rows, holdings } = await this.#opened()
		const documents: number[] = []
		let before = 0
		for (const { first, count } of holdings.publisher(publisher)?.pages ?? []) {
			for (let row = Math.max(0, from - before); row < count && documents.length < limit; row++)
				documents.push(first + row)
			before += count
		}
		return present(await rows.rows(holdings, documents, { texts: true }))
	}

	async entriesByFile(file: string): Promise<readonly EntryRow[]> {
		const { rows, holdings, indexes, seed } = await this.#opened()
		const documents = indexes.entries.documentsOfFile(fingerprint(file, seed))
		const found = present(await rows.rows(holdings, documents, { texts: true })).filter((row) => row.file === file)
		return found.sort(this.#bestFirst(holdings))
	}

	async albums(options: { publisher?: string; limit: number; offset?: number }): Promise<readonly AlbumRow[]> {
		const { names, holdings } = await this.#opened()
		const { publisher, limit, offset = 0 } = options
		if (publisher === undefined) return names.newestAlbums({ limit, offset })
		const number = holdings.publisher(publisher)?.record.number
		return number === undefined ? [] : names.newestAlbums({ publisher: number, limit, offset })
	}

	async album(key: string): Promise<{ album: AlbumRow; rows: readonly EntryRow[] } | undefined> {
		const { names, rows, holdings } = await this.#opened()
		const found = await names.album(key)
		if (found === undefined) return undefined
		const all = present(await rows.rows(holdings, found.documents, { texts: true }))
		return { album: found.row, rows: all.sort(byDiscAndTrack) }
	}

	onchange(listener: (totals: CatalogTotals) => void): () => void {
		this.#listeners.add(listener)
		return () => this.#listeners.delete(listener)
	}

	dispose(): void {
		this.#disposed = true
		clearTimeout(this.#clearing)
		this.#listeners.clear()
		this.#changes.close()
		void this.#opening?.then(close, () => undefined)
	}

	/** Keeps the promise, and forgets it when it rejects or the database is lost, so that the next call tries again. */
	#opened(): Promise<Opened> {
		if (this.#opening === undefined) {
			const opening = this.#open(() => {
				if (this.#opening !== opening) return
				this.#opening = undefined
				void opening.then(close, () => undefined)
			})
			this.#opening = opening
			opening.catch(() => {
				if (this.#opening === opening) this.#opening = undefined
			})
		}
		return this.#opening
	}

	async #open(onlost: () => void): Promise<Opened> {
		const store = new LayeredStore(await CatalogStore.open(this.#name, onlost).catch(() => undefined))
		const { database } = store
		await store.dropIndexesOfOtherFormat(INDEX_FORMAT)
		const [seed, publishers, entries, nameIndex] = await Promise.all([
			store.seed(),
			store.publishers(),
			openSearchIndex({ database, prefix: ENTRY_INDEX, precedence: this.#precedence }),
			openSearchIndex({
				database,
				prefix: NAME_INDEX,
				precedence: this.#precedence,
				cacheBytes: NAME_CACHE_BYTES
			})
		])
		const indexes = { entries, names: nameIndex }
		const rows = new RowReader(store)
		const holdings = new Holdings()
		const listener = new Listener(seed)
		if (this.#facts !== undefined) listener.know(this.#facts)
		const opened: Opened = {
			store,
			rows,
			indexes,
			holdings,
			listener,
			seed,
			names: new CatalogNames(store, nameIndex, holdings, seed),
			wishes: new WishList(store, seed, this.#now),
			upkeep: new Upkeep({
				name: this.#name,
				store,
				reader: rows,
				indexes,
				holdings,
				seed,
				precedence: this.#precedence,
				writing: (work) => this.#writing(work),
				onchange: () => void this.#changed(opened).catch(() => undefined)
			})
		}
		this.#show(
			indexes,
			publishers.map((record) => holdings.show(withoutPages(record)))
		)
		for (const { record, words } of holdings.publishers()) entries.namePublisher(record.number, words)
		if (this.#hadEntries && publishers.length === 0) this.#lost = true
		this.#changes.postMessage('opened')
		this.#standingUntilMs = 0
		this.#keepStanding(opened)
		const missing = opened.upkeep.missingCount
		if (missing > 0 && missing <= INDEXED_AT_OPENING) await opened.upkeep.cover()
		else if (missing > 0) void opened.upkeep.cover().catch(() => undefined)
		this.#clearing = setTimeout(() => void this.#clearUp(opened).catch(() => undefined), CLEAR_UP_AFTER_MS)
		return opened
	}

	/** What a crash left behind, and what an older version of the app did. */
	async #clearUp(opened: Opened): Promise<void> {
		const { store } = opened
		await navigator.locks.request(`${this.#name}-write`, { ifAvailable: true }, async (lock) => {
			if (lock !== null) await store.sweep()
		})
		const old = store.oldCatalog
		if (old === undefined) return
		await takeOver(old, (publication, pages, facts) =>
			this.#writing(async () => {
				if ((await store.publisher(publication.publisher)) !== undefined) return
				await this.#putSomewhere(opened, publication, facts, pages, () => undefined)
				await this.#changed(opened)
			})
		)
	}

	/** Takes up what another worker wrote into the same database. */
	async #refresh(): Promise<void> {
		if (this.#opening === undefined) return
		const opened = await this.#opening
		const { store, holdings, indexes, upkeep } = opened
		await Promise.all([indexes.entries.refresh(), indexes.names.refresh()])
		const publishers = await store.publishers()
		const present = new Set(publishers.map(({ name }) => name))
		const gone = [...holdings.publishers()].filter(({ record: { name } }) => !present.has(name))
		this.#show(indexes, [
			...gone.map(({ record: { name } }) => holdings.hide(name)),
			...publishers.map((record) => holdings.show(withoutPages(record)))
		])
		for (const { record, words } of holdings.publishers()) indexes.entries.namePublisher(record.number, words)
		this.#standingUntilMs = 0
		this.#tell(opened)
		// The other worker may be gone before it has flushed what it added.
		upkeep.coverLater()
	}

	/** Lays out a publication. The helper reads the first pages of the one whose turn comes next while this worker indexes another. */
	#incoming(input: PublicationInput): ReturnType<typeof readInput> {
		const { helper } = this
		const { facts, pages } = readInput(
			input,
			this.#now(),
			helper && ((bytes, origin, slices) => helper.read(bytes, origin, slices))
		)
		const isNext = this.#applying++ === 1
		if (helper === undefined || !isNext) return { facts, pages }
		return { facts, pages: readFirst(pages, PAGES_AHEAD, new TimeSlices(this.#precedence)) }
	}

	async #apply(
		opened: Opened,
		input: PublicationInput,
		{ facts, pages }: ReturnType<typeof readInput>,
		checkRemoved: () => void
	): Promise<ApplyOutcome> {
		const used = await this.#putSomewhere(opened, input, facts, pages, checkRemoved)
		return {
			accepted: used.reduce((sum, { count }) => sum + count, 0),
			dropped: used.reduce((sum, { dropped }) => sum + dropped, 0),
			reasons: used.flatMap(({ reasons }) => reasons).slice(0, MAX_REASONS)
		}
	}

	/**
	 * On a full disk those who are valued less make room; where that does not do, what comes is held in memory, to be
	 * fetched again another time.
	 */
	async #putSomewhere(
		opened: Opened,
		input: PublicationInput,
		facts: PublisherFacts,
		pages: readonly IncomingPage[],
		checkRemoved: () => void
	): Promise<PageRecord[]> {
		for (;;) {
			try {
				return await this.#put(opened, input, facts, pages, opened.store.layer, checkRemoved)
			} catch (error) {
				if (errorCode(error) !== 'storage-full' || opened.store.layer === 'memory') throw error
				const leaving = opened.listener.valuedLess(input.publisher, opened.holdings)
				if (leaving === undefined) return this.#put(opened, input, facts, pages, 'memory', checkRemoved)
				await this.#leave(opened, [leaving.record], { rowsFirst: true })
			}
		}
	}

	/** Writes, indexes and brings into use. Only while nobody else writes. */
	async #put(
		opened: Opened,
		input: PublicationInput,
		facts: PublisherFacts,
		pages: readonly IncomingPage[],
		layer: Layer,
		checkRemoved: () => void
	): Promise<PageRecord[]> {
		const { store, rows, indexes, holdings, seed, upkeep } = opened
		const [record, free] = await Promise.all([
			store.publisher(input.publisher),
			store.freeNumbers({ document: indexes.entries.end, name: indexes.names.end })
		])
		const before = record && (await readBefore(store, record))
		const number = record?.number ?? free.publisher++
		const wishes = await opened.wishes.counting(holdings, indexes.entries, nameWords(facts.displayName))
		const slices = new TimeSlices(this.#precedence)
		const init = { store, layer, reader: rows, indexes, seed, slices, nowMs: this.#now(), free }
		const writer = new PublicationWriter({ ...init, ...(wishes && { ondocument: wishes.count }) }, number, facts)
		let used: PageRecord[]
		try {
			used = await writer.write(input, pages, before)
			checkRemoved()
			const next = this.#record(input, number, facts, pages, used, writer.albumCount)
			if (!(await store.publish(next, record, free, layer))) {
				throw new DOMException('the publisher was changed meanwhile', 'AbortError')
			}
			// A removal that came during the write has already hidden what was in use; it does the same for this.
			try {
				checkRemoved()
			} catch (error) {
				await store.unpublish([input.publisher])
				throw error
			}
			wishes?.settle()
			this.#show(indexes, [holdings.show(withoutPages(next))])
			indexes.entries.namePublisher(number, holdings.publisher(next.name)?.words ?? [])
			this.#standingUntilMs = 0
		} catch (error) {
			indexes.entries.hide(writer.written)
			indexes.names.hide(writer.written.map(({ names }) => names))
			// What cannot be deleted now is swept away at the next opening.
			await store.deleteDocuments(writer.written).catch(() => undefined)
			throw error
		}
		const inUse = new Set(used.map(({ first }) => first))
		await store.deleteDocuments(record?.held.filter(({ first }) => !inUse.has(first)) ?? []).catch(() => undefined)
		await wishes?.keep().catch(() => undefined)
		if (this.#hasOthers) await upkeep.flush()
		else upkeep.changed()
		return used
	}

	#record(
		{ publisher, root, sequence, validUntilMs }: PublicationInput,
		number: number,
		facts: PublisherFacts,
		pages: readonly IncomingPage[],
		used: readonly PageRecord[],
		albums: number
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
			number,
			held: used.map(({ first, count }) => ({ first, count })),
			heldNames: used.map(({ names }) => names),
			storedBytes: used.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
			albums
		}
	}

	async #remove(
		opened: Opened,
		publishers: readonly string[],
		{ rowsFirst = false }: { rowsFirst?: boolean } = {}
	): Promise<void> {
		const { store, holdings, indexes, upkeep } = opened
		this.#show(
			indexes,
			publishers.map((name) => holdings.hide(name))
		)
		const removed = await store.unpublish(publishers)
		for (const { number } of removed) indexes.entries.namePublisher(number, [])
		if (removed.length === 0) return
		// The rows go when there is time; what a crash leaves of them is swept away.
		const deleted = store.deleteDocuments(removed.flatMap(({ held }) => held)).catch(() => undefined)
		upkeep.changed()
		if (rowsFirst) await deleted
		else await this.#changed(opened)
	}

	/** Shows and hides, in both indexes at once: no search sees half of a publication. */
	#show({ entries, names }: Indexes, changes: readonly HoldingsChange[]): void {
		const [shown, hidden] = [changes.flatMap((change) => change.shown), changes.flatMap((change) => change.hidden)]
		// Pages follow each other for the most part: a few long ranges are sooner marked than thousands of short ones.
		const ranges = (pages: readonly DocumentRange[]) => joinRanges(pages.filter(({ count }) => count > 0))
		const namesOf = (pages: HoldingsChange['shown']) => ranges(pages.map((page) => page.names))
		entries.hide(ranges(hidden))
		names.hide(namesOf(hidden))
		entries.show(ranges(shown))
		names.show(namesOf(shown))
	}

	#searched({ holdings, indexes, names, rows, seed }: Opened): Searched {
		return { holdings, entries: indexes.entries, names, reader: rows, seed, bestFirst: this.#bestFirst(holdings) }
	}

	#keepStanding({ listener, holdings, indexes }: Opened): void {
		const nowMs = this.#now()
		if (nowMs <= this.#standingUntilMs) return
		const { standing, untilMs } = listener.standing(holdings, nowMs)
		indexes.entries.know(standing)
		this.#standingUntilMs = untilMs
	}

	/** Lets the least valued publishers leave until the rest is within the budget. */
	async #keepBudget(opened: Opened): Promise<void> {
		const { holdings, listener } = opened
		const { entries = Infinity, bytes = Infinity } = listener.facts.budget ?? {}
		let over = holdings.entries - entries
		let overBytes = this.#bytes(opened) - bytes
		if (over <= 0 && overBytes <= 0) return
		const leaving: PublisherRecord[] = []
		const bytesAnEntry = this.#bytes(opened) / Math.max(1, holdings.entries)
		for (const { record } of listener.leastValued(holdings.publishers())) {
			if (over <= 0 && overBytes <= 0) break
			leaving.push(record)
			over -= record.entries
			overBytes -= record.entries * bytesAnEntry
		}
		await this.#leave(opened, leaving)
	}

	/** Publishers make room, and are remembered: to fetch them again would be in vain. */
	async #leave(
		opened: Opened,
		leaving: readonly PublisherRecord[],
		options?: { readonly rowsFirst: boolean }
	): Promise<void> {
		this.#left += leaving.length
		const { entries = Infinity, bytes = Infinity } = opened.listener.facts.budget ?? {}
		const publications = leaving.map(({ name, sequence }) => ({ name, sequence }))
		// On a full disk there may be no room for that either.
		await opened.store.noteLeft({ publications, budget: { entries, bytes } }).catch(() => undefined)
		await this.#remove(
			opened,
			publications.map(({ name }) => name),
			options
		)
	}

	#bytes({ holdings, indexes }: Opened): number {
		let bytes = indexes.entries.sizeBytes + indexes.names.sizeBytes
		for (const { record } of holdings.publishers()) bytes += record.storedBytes
		return bytes
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

	async #changed(opened: Opened): Promise<void> {
		if (this.#disposed) return
		this.#changes.postMessage('changed')
		this.#tell(opened)
		await this.#keepBudget(opened)
	}

	#tell(opened: Opened): void {
		const totals = this.#totals(opened)
		for (const listener of this.#listeners) listener(totals)
	}

	#totals(opened: Opened): CatalogTotals {
		const { store, holdings, indexes } = opened
		this.#hadEntries = holdings.entries > 0
		const degraded =
			(this.#lost ? 'lost' : undefined) ?? store.degraded ?? indexes.entries.degraded ?? indexes.names.degraded
		return {
			entries: holdings.entries,
			publishers: holdings.size,
			albums: holdings.albums,
			...(holdings.size === 0 ? {} : { bytes: this.#bytes(opened) }),
			...(this.#left === 0 ? {} : { left: this.#left }),
			...(degraded === undefined ? {} : { degraded })
		}
	}
}

function close({ store, indexes, upkeep }: Opened): void {
	upkeep.dispose()
	indexes.entries.close()
	indexes.names.close()
	store.close()
}

async function readBefore(store: LayeredStore, record: PublisherRecord): Promise<Before> {
	const firsts = record.held.map(({ first }) => first)
	const pages = (await store.pages(firsts)).filter((page) => page !== undefined)
	const names = new Map<number, PageNames>()
	for (let at = 0; at < firsts.length; at += NAMES_AT_ONCE) {
		const part = firsts.slice(at, at + NAMES_AT_ONCE)
		for (const [place, one] of (await store.names(part)).entries())
			if (one !== undefined) names.set(part[place] ?? 0, one.all())
	}
	return { record, pages, names }
}

/** In memory the CIDs of the pages would be most of it. */
function withoutPages(record: PublisherRecord): PublisherRecord {
	return { ...record, pages: [] }
}

const present = (rows: readonly (EntryRow | undefined)[]): EntryRow[] => rows.filter((row) => row !== undefined)

function byDiscAndTrack(a: EntryRow, b: EntryRow): number {
	return (a.disc ?? 1) - (b.disc ?? 1) || (a.track ?? Infinity) - (b.track ?? Infinity) || (a.k < b.k ? -1 : 1)
}
