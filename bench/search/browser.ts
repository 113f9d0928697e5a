import { readFile } from 'node:fs/promises'
import { chromium, type BrowserContext, type CDPSession, type Page } from '@playwright/test'
import { chromiumLaunchOptions } from '../../scripts/programs.mjs'
import { ready } from '../pages.ts'
import { tracingTasks, type LongestTasks } from './longest-tasks.ts'
import type { EngineName, PageBench } from './page/page.ts'
import type { BenchQuery } from './queries.ts'

/** Of the processor time of one core, below which nothing goes on in the background. */
const QUIET_SHARE = 0.1
/** Seconds in a row that must be quiet. */
const QUIET_S = 3
const MAX_UNQUIET_S = 600

type Methods = keyof PageBench
type Answered<Method extends Methods> = Promise<Awaited<ReturnType<PageBench[Method]>>>

/** One process of the browser, on a profile that outlives it, with the bench's page open. */
export class BenchBrowser {
	readonly version: string
	readonly #context: BrowserContext
	readonly #page: Page
	/** Of the browser as a whole. */
	readonly #session: CDPSession

	private constructor(context: BrowserContext, page: Page, session: CDPSession) {
		this.#context = context
		this.#page = page
		this.#session = session
		this.version = context.browser()?.version() ?? ''
	}

	/** @param open - engine and first query of a page that asks as soon as it can */
	static async start(
		profile: string,
		url: string,
		open?: readonly [EngineName, BenchQuery]
	): Promise<BenchBrowser> {
		const context = await chromium.launchPersistentContext(profile, chromiumLaunchOptions())
		const session = await context.browser()?.newBrowserCDPSession()
		if (session === undefined) throw new Error('the browser has no DevTools')
		const page = await context.newPage()
		page.on('pageerror', (error) => console.error(error))
		page.setDefaultTimeout(0)
		await page.goto(open === undefined ? url : `${url}?open=${encodeURIComponent(JSON.stringify(open))}`)
		await ready(page)
		return new BenchBrowser(context, page, session)
	}

	/** Calls the bench in the page. */
	call<Method extends Methods>(method: Method, ...args: Parameters<PageBench[Method]>): Answered<Method> {
		const answer = this.#page.evaluate(
			async ({ method, args }) => {
				const { bench } = globalThis as unknown as { bench: Record<string, (...args: unknown[]) => unknown> }
				return bench[method]?.(...args)
			},
			{ method, args }
		)
		return answer as Answered<Method>
	}

	/** Work in the page, and the longest tasks meanwhile. */
	traced<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly longest: LongestTasks }> {
		const browser = this.#context.browser()
		if (browser === null) throw new Error('the browser is gone')
		return tracingTasks(browser, this.#page, work)
	}

	/** Slows the page's own thread down. Chromium does that for pages alone, not for workers. */
	async throttle(rate: number): Promise<void> {
		const session = await this.#context.newCDPSession(this.#page)
		await session.send('Emulation.setCPUThrottlingRate', { rate })
	}

	/** Bytes of JavaScript values and array buffers that are in use after a collection, in the page and its shared workers. */
	async heapBytes(): Promise<number> {
		const { targetInfos } = await this.#session.send('Target.getTargets')
		const origin = new URL(this.#page.url()).origin
		let sum = 0
		for (const { type, url, targetId } of targetInfos) {
			if (!['page', 'shared_worker'].includes(type) || !url.startsWith(origin)) continue
			const { sessionId } = await this.#session.send('Target.attachToTarget', { targetId, flatten: false })
			await this.#ask(sessionId, 'HeapProfiler.collectGarbage')
			const usage = (await this.#ask(sessionId, 'Runtime.getHeapUsage')) as {
				usedSize: number
				backingStorageSize: number
			}
			sum += usage.usedSize + usage.backingStorageSize
			await this.#session.send('Target.detachFromTarget', { sessionId })
		}
		return sum
	}

	/** The most memory that a renderer ever had in use, shared libraries included: 130 MB for an empty page. Linux only. */
	async peakBytes(): Promise<number> {
		const { processInfo } = await this.#session.send('SystemInfo.getProcessInfo')
		const peaks = processInfo
			.filter(({ type }) => type === 'renderer')
			.map(async ({ id }) => {
				const status = await readFile(`/proc/${String(id)}/status`, 'utf8').catch(() => '')
				return Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? 0) * 1024
			})
		return Math.max(...(await Promise.all(peaks)))
	}

	/** Waits until the browser has stopped working in the background. @returns ms until it had */
	async quiet(): Promise<number> {
		const startMs = performance.now()
		let quiet = 0
		let before = await this.#cpuSeconds()
		for (let second = 0; second < MAX_UNQUIET_S && quiet < QUIET_S; second++) {
			await new Promise((resolve) => setTimeout(resolve, 1000))
			const now = await this.#cpuSeconds()
			quiet = now - before < QUIET_SHARE ? quiet + 1 : 0
			before = now
		}
		return Math.max(0, performance.now() - startMs - quiet * 1000)
	}

	/** Ends it as a crash would. */
	async kill(): Promise<void> {
		const { processInfo } = await this.#session.send('SystemInfo.getProcessInfo')
		const closed = new Promise((resolve) => this.#context.once('close', resolve))
		for (const { id } of processInfo) {
			try {
				process.kill(id, 'SIGKILL')
			} catch {
				// It went with another.
			}
		}
		await closed
	}

	async close(): Promise<void> {
		await this.#context.close()
	}

	async #cpuSeconds(): Promise<number> {
		const { processInfo } = await this.#session.send('SystemInfo.getProcessInfo')
		return processInfo
			.filter(({ type }) => ['renderer', 'storage.mojom.StorageService'].includes(type))
			.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
	}

	/** A call to a target that Playwright gives no session for. */
	#ask(sessionId: string, method: string): Promise<unknown> {
		return new Promise((resolve) => {
			const hear = (event: { readonly sessionId: string; readonly message: string }) => {
				const { id, result } = JSON.parse(event.message) as { id?: number; result: unknown }
				if (event.sessionId !== sessionId || id !== 1) return
				this.#session.off('Target.receivedMessageFromTarget', hear)
				resolve(result)
			}
			this.#session.on('Target.receivedMessageFromTarget', hear)
			const message = JSON.stringify({ id: 1, method })
			void this.#session.send('Target.sendMessageToTarget', { sessionId, message })
		})
	}
}
