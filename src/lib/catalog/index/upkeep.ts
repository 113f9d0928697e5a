import type { LayeredStore } from './layered-store'
import { rememberingFold } from './entry-words'
import type { HeldPage, Holdings } from './holdings'
import { addPage, type Indexes } from './publication-writer'
import type { RowReader } from './row-reader'
import type { DocumentRange } from './search-index'
import { TimeSlices, type Precedence } from './time-slices'

/** Quiet time before what was added is flushed: what came after a crash must be indexed again from its rows. */
const FLUSH_AFTER_MS = 700
/** It is flushed at the latest after this time, so that other workers find it too. */
const FLUSH_WITHIN_MS = 3000
/** Merging waits for this long a quiet time after a flush. */
const TIDY_AFTER_MS = 1000
/** After so long a quiet time nothing more is thought to come. */
const REST_AFTER_MS = 2000
/** What another worker added should be flushed by then. */
const COVER_AFTER_MS = 2 * FLUSH_WITHIN_MS
/** Rows that are indexed again before others may write. */
const ROWS_AT_ONCE = 4096

export interface UpkeepInit {
	/** Of the database; Web Locks go by it. */
	readonly name: string
	readonly store: LayeredStore
	readonly reader: RowReader
	readonly indexes: Indexes
	readonly holdings: Holdings
	/** Of the fingerprints. */
	readonly seed: number
	/** Of questions, over all that is done here. */
	readonly precedence: Precedence
	/** While nobody else writes. */
	readonly writing: <Result>(work: () => Promise<Result>) => Promise<Result>
	/** More can be found than before, or the disk has been written. */
	readonly onchange: () => void
}

/** What the indexes need done in the background: flushes, merges, and what a crash took from memory indexed again. */
export class Upkeep {
	readonly #init: UpkeepInit
	readonly #ending = new AbortController()
	#flushTimer: ReturnType<typeof setTimeout> | undefined
	#unflushedSinceMs: number | undefined
	#coverTimer: ReturnType<typeof setTimeout> | undefined
	#tidyTimer: ReturnType<typeof setTimeout> | undefined
	#restTimer: ReturnType<typeof setTimeout> | undefined
	#tidying = false

	constructor(init: UpkeepInit) {
		this.#init = init
	}

	/** To be called after each change of what is indexed. */
	changed(): void {
		if (this.#ending.signal.aborted) return
		const nowMs = performance.now()
		clearTimeout(this.#restTimer)
		this.#unflushedSinceMs ??= nowMs
		clearTimeout(this.#flushTimer)
		const waitMs = Math.min(FLUSH_AFTER_MS, this.#unflushedSinceMs + FLUSH_WITHIN_MS - nowMs)
		this.#flushTimer = setTimeout(() => void this.#flushAlone().catch(() => undefined), Math.max(0, waitMs))
	}

	/** Writes what was added: other workers find nothing else. */
	async flush(): Promise<void> {
		clearTimeout(this.#flushTimer)
		await this.#flushIndexes()
		this.#tidyLater()
	}

	/** How many documents in use are in no index. */
	get missingCount(): number {
		return this.#missing().reduce((sum, { count }) => sum + count, 0)
	}

	/**
	 * Indexes rows of pages in use that a crash took from memory, or that were indexed in another way than now. Others may
	 * write in between.
	 */
	async cover(): Promise<void> {
		const { indexes, holdings, writing } = this.#init
		// What has no rows any more stays missing.
		const tried = new Set<HeldPage>()
		while (!this.#ending.signal.aborted) {
			const done = await writing(async () => {
				await Promise.all([indexes.entries.refresh(), indexes.names.refresh()])
				const missing = this.#missing()
				if (missing.length === 0) return true
				const pages = new Set<HeldPage>()
				let rows = 0
				for (const { first } of missing) {
					const page = holdings.pageOf(first)
					if (page === undefined || tried.has(page)) continue
					tried.add(page)
					pages.add(page)
					if ((rows += page.count) >= ROWS_AT_ONCE) break
				}
				if (pages.size === 0) return true
				await this.#cover([...pages])
				return false
			})
			if (done) break
			this.#init.onchange()
			this.changed()
		}
	}

	/** {@link cover}, when another worker, that may be gone, has had time to flush what it added. */
	coverLater(): void {
		clearTimeout(this.#coverTimer)
		if (this.#ending.signal.aborted) return
		this.#coverTimer = setTimeout(() => {
			if (this.missingCount > 0) void this.cover().catch(() => undefined)
		}, COVER_AFTER_MS)
	}

	dispose(): void {
		this.#ending.abort()
		clearTimeout(this.#coverTimer)
		clearTimeout(this.#flushTimer)
		clearTimeout(this.#tidyTimer)
		clearTimeout(this.#restTimer)
	}

	/** Of entries in use; a page's names are added with its rows. */
	#missing(): readonly DocumentRange[] {
		const { indexes, holdings } = this.#init
		const names = indexes.names.missing(holdings.nameRanges()).flatMap(({ first }) => {
			const page = holdings.pageOfName(first)
			return page === undefined || page.count === 0 ? [] : [{ first: page.first, count: 1 }]
		})
		return [...indexes.entries.missing(holdings.ranges().filter(({ count }) => count > 0)), ...names]
	}

	async #cover(pages: readonly HeldPage[]): Promise<void> {
		const { store, reader, indexes, holdings, seed, precedence } = this.#init
		const slices = new TimeSlices(precedence)
		const fold = rememberingFold()
		const firsts = pages.map(({ first }) => first)
		const [records, names] = await Promise.all([store.pages(firsts), store.names(firsts)])
		for (const [at, page] of pages.entries()) {
			const record = records[at]
			const publisher = holdings.publisherAt(page.publisher)?.record
			if (record === undefined || publisher === undefined) continue
			const rows = await reader.pageRows(page)
			const origin = {
				id: 0,
				publisher: publisher.name,
				publisherName: publisher.displayName,
				root: publisher.root
			}
			await addPage(
				indexes,
				record,
				rows.map((row) => ({ ...origin, ...row })),
				names[at]?.all() ?? { albums: [], artists: [] },
				{ fold, seed, slices, onlyMissing: true }
			)
			// It may have left while it was being read.
			const inUse = holdings.pageOf(page.first) === page
			indexes.entries[inUse ? 'show' : 'hide']([page])
			if (page.names.count > 0) indexes.names[inUse ? 'show' : 'hide']([page.names])
			if (indexes.entries.full || indexes.names.full) await this.#flushIndexes()
		}
	}

	async #flushAlone(): Promise<void> {
		const { writing, onchange } = this.#init
		await writing(() => this.#flushIndexes())
		onchange()
		this.#tidyLater()
	}

	async #flushIndexes(): Promise<void> {
		const { indexes } = this.#init
		this.#unflushedSinceMs = undefined
		await Promise.all([indexes.entries.flush(), indexes.names.flush()])
	}

	#tidyLater(): void {
		if (this.#tidying || this.#ending.signal.aborted) return
		clearTimeout(this.#tidyTimer)
		this.#tidyTimer = setTimeout(() => void this.#tidy(false).catch(() => undefined), TIDY_AFTER_MS)
	}

	#restLater(): void {
		clearTimeout(this.#restTimer)
		if (this.#ending.signal.aborted) return
		this.#restTimer = setTimeout(() => {
			if (this.#unflushedSinceMs === undefined) void this.#tidy(true).catch(() => undefined)
		}, REST_AFTER_MS)
	}

	/** One worker at a time merges. Others go on writing meanwhile. */
	async #tidy(atRest: boolean): Promise<void> {
		const { name, indexes, onchange } = this.#init
		const lockName = `${name}-tidy`
		if (this.#tidying) return
		this.#tidying = true
		try {
			await navigator.locks.request(lockName, { ifAvailable: true }, async (lock) => {
				if (lock === null) return
				const options = { atRest, signal: this.#ending.signal }
				await indexes.entries.tidy(options)
				await indexes.names.tidy(options)
			})
			onchange()
		} finally {
			this.#tidying = false
			if (!atRest) this.#restLater()
		}
	}
}
