import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '../../src/lib/catalog/seeded-random.fixture.ts'
import { BenchBrowser } from './browser.ts'
import type { DataSet } from './data-set.ts'
import type { EngineName } from './page/page.ts'
import { makeQueries, type BenchQuery } from './queries.ts'
import type { BenchServer } from './server.ts'

/** One set of entries, and a profile of the browser in which it is measured. */
export class Stage {
	readonly set: DataSet
	readonly queries: readonly BenchQuery[]
	readonly #server: BenchServer
	readonly #profile: string

	private constructor(set: DataSet, queries: readonly BenchQuery[], server: BenchServer, profile: string) {
		this.set = set
		this.queries = queries
		this.#server = server
		this.#profile = profile
	}

	static async set(set: DataSet, server: BenchServer, queriesOfEach: number): Promise<Stage> {
		const queries = makeQueries(set, queriesOfEach, seededRandom(set.entries))
		return new Stage(set, queries, server, await mkdtemp(join(tmpdir(), 'search-')))
	}

	/**
	 * Starts the browser, works with it, and closes it.
	 * @param open - engine and first query of a page that asks as soon as it can
	 */
	async inBrowser<T>(
		work: (browser: BenchBrowser) => Promise<T>,
		open?: readonly [EngineName, BenchQuery]
	): Promise<T> {
		const browser = await BenchBrowser.start(this.#profile, this.#server.url, open)
		try {
			return await work(browser)
		} finally {
			await browser.close()
		}
	}

	/** Publications as the page fetches them. @param part - those of the set, or those that come after it */
	publications(part: 'base' | 'later'): { readonly url: string; readonly entries: number }[] {
		const { base, publications, key } = this.set
		const chosen = part === 'base' ? publications.slice(0, base) : publications.slice(base)
		return chosen.map(({ offset, bytes, entries }) => ({
			url: `data/${key}/${String(offset)}-${String(bytes)}`,
			entries
		}))
	}

	/** ms from asking for the page, in a browser that has just started, to the first answer of what is on the disk. */
	async opened(engine: EngineName): Promise<number> {
		const [first] = this.queries
		if (first === undefined) throw new Error('there are no queries')
		return this.inBrowser((browser) => browser.call('firstMs'), [engine, first])
	}

	/** Of everything that the page stored, in whatever kind of storage. */
	async diskBytes(): Promise<number> {
		const folders = ['IndexedDB', 'File System', 'Service Worker', 'blob_storage']
		const sizes = folders.map((folder) => folderBytes(join(this.#profile, 'Default', folder)))
		return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
	}

	async close(): Promise<void> {
		await rm(this.#profile, { recursive: true, force: true })
	}
}

async function folderBytes(folder: string): Promise<number> {
	const names = await readdir(folder, { recursive: true }).catch(() => [])
	let sum = 0
	for (const name of names) sum += (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0
	return sum
}
