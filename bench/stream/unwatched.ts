import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from '@playwright/test'
import { chromiumLaunchOptions } from '../../scripts/programs.mjs'

/** A page in a browser of its own. */
export interface UnwatchedPage {
	/** What a function gives that runs in the page; it sees nothing but its argument, which is JSON, as is what it gives. */
	evaluate<A, T>(work: (argument: A) => T | Promise<T>, argument: A): Promise<T>
	/** What the service worker has in memory: objects and buffers, bytes. @param tidy - garbage is thrown away before */
	workerBytes(tidy?: boolean): Promise<number>
}

const STARTS_WITHIN_MS = 20_000
const READY_WITHIN_MS = 30_000
const POLL_MS = 100

/**
 * Opens a page in a Chromium of its own whose network nobody listens to. Playwright listens to that of every page: an event
 * for each piece of a body, of which a worker's answer has one for every 64 KiB and a plain link a tenth as many. At the speed
 * of loopback that listening takes a fifth of the processor, so it would be measured, too.
 */
export async function inUnwatchedPage<T>(url: string, work: (page: UnwatchedPage) => Promise<T>): Promise<T> {
	const profile = await mkdtemp(join(tmpdir(), 'antiphon-unwatched-'))
	const { executablePath = chromium.executablePath(), args } = chromiumLaunchOptions()
	const browser = spawn(
		executablePath,
		[...args, '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, url],
		{ stdio: ['ignore', 'ignore', 'pipe'] }
	)
	const ended = once(browser, 'exit')
	try {
		const port = await debuggingPort(browser.stderr)
		const { send } = await attach(await debuggerOf(port, (target) => target.type === 'page' && target.url === url))
		const page: UnwatchedPage = {
			evaluate: <A, T>(work: (argument: A) => T | Promise<T>, argument: A) =>
				evaluateBy<A, T>(send, work, argument),
			workerBytes: workerMemory(port)
		}
		await until(READY_WITHIN_MS, () =>
			page.evaluate(() => document.documentElement?.dataset['ready'] === 'true', undefined)
		)
		return await work(page)
	} finally {
		browser.kill()
		await ended
		await rm(profile, { recursive: true, force: true, maxRetries: 5 })
	}
}

async function debuggingPort(stderr: NodeJS.ReadableStream): Promise<string> {
	const signal = AbortSignal.timeout(STARTS_WITHIN_MS)
	for await (const line of createInterface({ input: stderr, signal })) {
		const port = /DevTools listening on ws:\/\/[^/]*:(\d+)\//.exec(line)?.[1]
		if (port !== undefined) return port
	}
	throw new Error('Chromium did not start')
}

interface Target {
	readonly type: string
	readonly url: string
	readonly webSocketDebuggerUrl: string
}

async function debuggerOf(port: string, isIt: (target: Target) => boolean): Promise<string> {
	let found: string | undefined
	await until(STARTS_WITHIN_MS, async () => {
		const response = await fetch(`http://127.0.0.1:${port}/json`)
		found = ((await response.json()) as Target[]).find(isIt)?.webSocketDebuggerUrl
		return found !== undefined
	})
	return found ?? ''
}

interface Reply {
	readonly id: number
	readonly result?: Readonly<Record<string, unknown>>
	readonly error?: unknown
}

/** Asks for one thing of the protocol. */
type Send = (method: string, params?: object) => Promise<Readonly<Record<string, unknown>>>

async function attach(address: string): Promise<{ readonly send: Send }> {
	const socket = new WebSocket(address)
	await once(socket, 'open')
	const waiting = new Map<number, PromiseWithResolvers<Readonly<Record<string, unknown>>>>()
	socket.addEventListener('message', ({ data }) => {
		const { id, result = {}, error } = JSON.parse(String(data)) as Reply
		const failure = error ?? result['exceptionDetails']
		if (failure === undefined) waiting.get(id)?.resolve(result)
		else waiting.get(id)?.reject(new Error(JSON.stringify(failure)))
		waiting.delete(id)
	})
	let asked = 0
	return {
		send(method, params = {}) {
			const answer = Promise.withResolvers<Readonly<Record<string, unknown>>>()
			const id = ++asked
			waiting.set(id, answer)
			socket.send(JSON.stringify({ id, method, params }))
			return answer.promise
		}
	}
}

/** @see https://chromedevtools.github.io/devtools-protocol/tot/Runtime/#method-evaluate */
async function evaluateBy<A, T>(send: Send, work: (argument: A) => T | Promise<T>, argument: A): Promise<T> {
	const expression = `(${work.toString()})(${JSON.stringify(argument) ?? ''})`
	const { result } = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
	return (result as { value: T }).value
}

/** @see https://chromedevtools.github.io/devtools-protocol/tot/Runtime/#method-getHeapUsage */
function workerMemory(port: string): UnwatchedPage['workerBytes'] {
	let worker: ReturnType<typeof attach> | undefined
	return async (tidy = false) => {
		worker ??= debuggerOf(port, ({ type }) => type === 'service_worker').then(attach)
		const { send } = await worker
		if (tidy) await send('HeapProfiler.collectGarbage')
		const { usedSize, embedderHeapUsedSize, backingStorageSize } = await send('Runtime.getHeapUsage')
		return [usedSize, embedderHeapUsedSize, backingStorageSize].reduce<number>(
			(sum, size) => sum + Number(size),
			0
		)
	}
}

async function until(withinMs: number, isSo: () => Promise<boolean>): Promise<void> {
	for (const endMs = performance.now() + withinMs; !(await isSo());) {
		if (performance.now() > endMs) throw new Error('the page was not ready in time')
		await new Promise((resolve) => setTimeout(resolve, POLL_MS))
	}
}
