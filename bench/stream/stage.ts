import { setTimeout } from 'node:timers/promises'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { serveFolder } from '../../scripts/serve.mjs'
import { appUrl, serveApp, type App, type AppQuery } from '../../playwright/fixtures/app.ts'
import { Kubo } from '../../playwright/fixtures/kubo.ts'
import { notePlaying } from '../../playwright/fixtures/note-playing.ts'
import { LINES, type LineSpeed } from '../../playwright/fixtures/shaping-line.ts'
import { proxyCertificate, ShapingProxy } from '../../playwright/fixtures/shaping-proxy.ts'
import { ready } from '../pages.ts'
import { findPrograms, launchChromium } from '../programs.ts'
import { makeBenchFile, type BenchFile, type BenchFileName } from './media.ts'
import type { LineName, StreamOptions } from './options.ts'
import { buildStock } from './stock/build.ts'
import { inUnwatchedPage, type UnwatchedPage } from './unwatched.ts'

/** `plain`: a link to the gateway. `ours`: through the app's worker. `stock`: through a worker with verified-fetch as it comes. */
export type Mode = 'plain' | 'ours' | 'stock'

/** A route on which the app shows nothing that it would fetch. */
const QUIET = '#/settings'
/** For the leading tab's peer and the search to be through with opening. */
const SETTLE_MS = 1_500

/** Browser, app, nodes and files of one run of the part. */
export class Stage {
	readonly browser: Browser
	readonly app: App
	/** Has every file that was asked for. */
	readonly kubo: Kubo
	readonly options: StreamOptions
	/** Path of the program. */
	readonly ffmpeg: string
	readonly #program: string
	readonly #files = new Map<BenchFileName, Promise<BenchFile>>()
	readonly #closing: (() => Promise<unknown>)[]
	#stock: Promise<{ readonly url: string }> | undefined

	private constructor(
		given: Pick<Stage, 'browser' | 'app' | 'kubo' | 'options'>,
		programs: ReturnType<typeof findPrograms>,
		closing: (() => Promise<unknown>)[]
	) {
		this.browser = given.browser
		this.app = given.app
		this.kubo = given.kubo
		this.options = given.options
		this.ffmpeg = programs.ffmpeg
		this.#program = programs.kubo
		this.#closing = closing
	}

	static async set(options: StreamOptions): Promise<Stage> {
		const programs = findPrograms()
		const { close, ...app } = await serveApp()
		const kubo = await Kubo.start({ program: programs.kubo, rpcOrigins: [app.origin] })
		const browser = await launchChromium([`--ignore-certificate-errors-spki-list=${proxyCertificate().spkiHash}`])
		return new Stage({ browser, app, kubo, options }, programs, [
			() => browser.close(),
			() => kubo.stop(),
			() => close()
		])
	}

	async close(): Promise<void> {
		for (const close of this.#closing) await close()
	}

	/** A file, made and in {@link kubo}. */
	file(name: BenchFileName): Promise<BenchFile> {
		let file = this.#files.get(name)
		if (file === undefined) {
			file = makeBenchFile(this.ffmpeg, name).then(async (made) => {
				made.cid = await this.kubo.cli(['add', '-Q', '--cid-version=1', made.path])
				return made
			})
			this.#files.set(name, file)
		}
		return file
	}

	/** One more node, until the stage is closed. */
	async startKubo(): Promise<Kubo> {
		const kubo = await Kubo.start({ program: this.#program, rpcOrigins: [this.app.origin] })
		this.#closing.push(() => kubo.stop())
		return kubo
	}

	/** Work with the node's gateway behind a line of its own. */
	async withLine<T>(
		line: LineName | LineSpeed,
		http2: boolean,
		work: (proxy: ShapingProxy) => Promise<T>
	): Promise<T> {
		const speed = typeof line === 'string' ? LINES[line] : line
		const proxy = await ShapingProxy.start({ behind: this.kubo.gatewayUrl, speed, http2 })
		try {
			return await work(proxy)
		} finally {
			await proxy.close()
		}
	}

	/** Opens the app in a context of its own, for a visit with the given network, and lets it settle. */
	async inApp<T>(
		query: AppQuery,
		work: (page: Page, context: BrowserContext) => Promise<T>,
		{ settle = true }: { readonly settle?: boolean } = {}
	): Promise<T> {
		return this.#inPage(appUrl(this.app, { hash: QUIET, ...query }), settle ? SETTLE_MS : 0, work)
	}

	/** Work in the app with one gateway, where only the work is measured. */
	unwatched<T>(gateway: string, work: (page: UnwatchedPage) => Promise<T>): Promise<T> {
		return inUnwatchedPage(appUrl(this.app, { hash: QUIET, gateways: [gateway] }), async (page) => {
			await setTimeout(SETTLE_MS)
			return work(page)
		})
	}

	/** Work in a page that suits the mode, with one gateway. */
	async inMode<T>(mode: Mode, gateway: string, work: (page: Page) => Promise<T>): Promise<T> {
		if (mode !== 'stock') return this.inApp({ gateways: [gateway] }, work)
		this.#stock ??= buildStock().then(async (folder) => {
			const { url, close } = await serveFolder({ folder })
			this.#closing.push(close)
			return { url }
		})
		const { url } = await this.#stock
		return this.#inPage(`${url}?gateway=${encodeURIComponent(gateway)}`, SETTLE_MS, work)
	}

	async #inPage<T>(
		url: string,
		settleMs: number,
		work: (page: Page, context: BrowserContext) => Promise<T>
	): Promise<T> {
		const context = await this.browser.newContext()
		try {
			await context.addInitScript(notePlaying)
			const page = await context.newPage()
			await page.goto(url)
			await ready(page)
			await page.waitForTimeout(settleMs)
			return await work(page, context)
		} finally {
			await context.close()
		}
	}
}

/** What a media element reads a file from. */
export const sourceOf = (mode: Mode, gateway: string, { cid, name }: BenchFile): string =>
	mode === 'plain' ? `${gateway}/ipfs/${cid}?filename=${name}` : `ipfs/${cid}?filename=${name}`

/** Calls `run` for each mode in turn, `repeats` times, so that what the machine does besides meets all alike. */
export async function interleaved<T>(
	repeats: Readonly<Partial<Record<Mode, number>>>,
	run: (mode: Mode) => Promise<T>
): Promise<Record<Mode, T[]>> {
	const results: Record<Mode, T[]> = { plain: [], ours: [], stock: [] }
	const modes = Object.keys(results) as Mode[]
	const most = Math.max(...Object.values(repeats))
	for (let repeat = 0; repeat < most; repeat++) {
		for (const mode of modes) if (repeat < (repeats[mode] ?? 0)) results[mode].push(await run(mode))
	}
	return results
}
