import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from '@playwright/test'
import { chromiumLaunchOptions } from '../scripts/programs.mjs'
import type * as inBrowser from './block-stores-in-browser.ts'
import type { Run, StoreName } from './block-stores-in-browser.ts'
import { median, type Figure } from './figures.ts'

type InBrowser = typeof inBrowser

const REPEATS = 5
const STORES: readonly { readonly store: StoreName; readonly says: string; readonly writes: readonly number[] }[] =
	[
		{ store: 'idb-single', says: 'IndexedDB, a transaction for each block', writes: [1, 4] },
		{ store: 'idb-batched', says: 'IndexedDB, 8 MiB in a transaction', writes: [1] },
		{ store: 'opfs-files', says: 'OPFS, a file for 8 MiB', writes: [1] },
		{ store: 'opfs-pack', says: 'OPFS, one pack file behind a port', writes: [1, 4] }
	]
const READS: readonly Pick<Run, 'order' | 'atOnce'>[] = [
	{ order: 'in order', atOnce: 1 },
	{ order: 'in order', atOnce: 4 },
	{ order: 'at random', atOnce: 1 },
	{ order: 'at random', atOnce: 4 }
]

/**
 * What the stores that a browser offers take for blocks of 256 KiB, measured where blocks are used: in the service worker
 * and in a tab, with a profile on disk. Every repeat has a profile of its own.
 */
export async function measureBlockStores(): Promise<readonly Figure[]> {
	const served = await serveModule()
	const found = new Map<string, number[]>()
	const note = (what: string, value: number) => {
		found.set(what, [...(found.get(what) ?? []), value])
	}
	try {
		for (let repeat = 0; repeat < REPEATS; repeat++) {
			await inFreshProfile(async (context) => {
				const page = await openPage(context, served.url)
				const megabytes = await page.evaluate(
					async (url) => ((await import(url)) as InBrowser).MEGABYTES,
					served.module
				)
				const other = await openPage(context, served.url)
				await own(page, served.module)
				for (const where of ['service worker', 'tab'] as const) {
					for (const { store, says, writes } of STORES) {
						const runs: Run[] = [
							...writes.map((atOnce): Run => ({ store, what: 'write', order: 'in order', atOnce })),
							...READS.map((read): Run => ({ store, what: 'read', ...read }))
						]
						for (const run of runs) {
							const how = run.what === 'write' ? 'write' : `read ${run.order}`
							const ms = await runIn(page, served.module, where, run)
							note(`${where}: ${says}, ${how}, ${String(run.atOnce)} at once|MB/s`, megabytes / (ms / 1000))
						}
					}
				}
				const first = (store: StoreName, from = page) =>
					runIn(from, served.module, 'service worker', { store, what: 'first', order: 'in order', atOnce: 1 })
				for (const store of ['idb-batched', 'opfs-pack'] as const) {
					await stopWorkers(context, page)
					note(`${sayOf(store)}: first block after the service worker was stopped|ms`, await first(store))
				}
				// Another tab takes over as soon as it can, and the worker reads on.
				const taken = own(other, served.module)
				const closed = performance.now()
				await page.close()
				note(`${sayOf('idb-batched')}: first block after a tab was closed|ms`, await first('idb-batched', other))
				await taken
				await first('opfs-pack', other)
				note(
					`${sayOf('opfs-pack')}: first block after the tab that owns it was closed|ms`,
					performance.now() - closed
				)
			})
		}
	} finally {
		await served.close()
	}
	return [...found].map(([key, values]) => {
		const [what = '', unit] = key.split('|')
		return { what, unit: unit as Figure['unit'], value: median(values) }
	})
}

const sayOf = (name: StoreName) => STORES.find(({ store }) => store === name)?.says ?? name

async function stopWorkers(context: BrowserContext, page: Page): Promise<void> {
	const session = await context.newCDPSession(page)
	await session.send('ServiceWorker.enable')
	await session.send('ServiceWorker.stopAllWorkers')
	await session.detach()
}

async function openPage(context: BrowserContext, url: string): Promise<Page> {
	const page = await context.newPage()
	await page.goto(url)
	return page
}

const own = (page: Page, module: string) =>
	page.evaluate(async (url) => {
		await ((await import(url)) as InBrowser).ownPack()
	}, module)

const runIn = (page: Page, module: string, where: 'tab' | 'service worker', run: Run) =>
	page.evaluate(async ({ url, where, run }) => await ((await import(url)) as InBrowser).runIn(where, run), {
		url: module,
		where,
		run
	})

async function inFreshProfile(work: (context: BrowserContext) => Promise<void>): Promise<void> {
	const profile = await mkdtemp(join(tmpdir(), 'block-stores-'))
	const context = await chromium.launchPersistentContext(profile, chromiumLaunchOptions())
	try {
		await work(context)
	} finally {
		await context.close()
		await rm(profile, { recursive: true, force: true })
	}
}

/** The browser's part, without its types, and an empty page beside it. */
async function serveModule() {
	const source = await readFile(new URL('block-stores-in-browser.ts', import.meta.url), 'utf8')
	const script = stripTypeScriptTypes(source)
	const server = createServer((request, response) => {
		const isScript = request.url === '/stores.js'
		response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
		response.end(isScript ? script : '<!doctype html><title>stores</title>')
	})
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve)
	})
	const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`
	return {
		url,
		module: `${url}stores.js`,
		close: () =>
			new Promise<void>((resolve) => {
				server.close(() => {
					resolve()
				})
				server.closeAllConnections()
			})
	}
}
