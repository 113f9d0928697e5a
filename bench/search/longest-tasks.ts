import type { Browser, Page } from '@playwright/test'

/** The longest task of a thread: while it runs, nothing else there does. */
export interface LongestTask {
	/** By the clock: where others have the processor meanwhile, that counts too. */
	readonly ms: number
	/** The most of the processor's time that any task took. */
	readonly cpuMs: number
}

export interface LongestTasks {
	/** Of the page's main thread. */
	readonly page: LongestTask
	/** Of the shared worker. */
	readonly worker: LongestTask
}

interface TraceEvent {
	readonly name: string
	readonly pid: number
	readonly tid: number
	/** Microseconds, of the clock and of the processor. */
	readonly dur?: number
	readonly tdur?: number
	readonly args?: { readonly name?: string }
}

/** Traces the tasks of all threads while something is done. */
export async function tracingTasks<T>(
	browser: Browser,
	page: Page,
	work: () => Promise<T>
): Promise<{ readonly result: T; readonly longest: LongestTasks }> {
	await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] })
	const result = await work()
	const trace = await browser.stopTracing()
	const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: readonly TraceEvent[] }
	const names = new Map<string, string>()
	for (const event of traceEvents)
		if (event.name === 'thread_name') names.set(`${event.pid} ${event.tid}`, event.args?.name ?? '')
	const tasks = traceEvents.filter(({ name }) => name === 'RunTask')
	const pids = new Set([...names].flatMap(([key, name]) => (name === WORKER ? [Number(key.split(' ')[0])] : [])))
	const longestOf = (thread: string): LongestTask => {
		const longest = { ms: 0, cpuMs: 0 }
		for (const { pid, tid, dur = 0, tdur = 0 } of tasks) {
			if (!pids.has(pid) || names.get(`${pid} ${tid}`) !== thread) continue
			longest.ms = Math.max(longest.ms, dur / 1000)
			longest.cpuMs = Math.max(longest.cpuMs, tdur / 1000)
		}
		return longest
	}
	return { result, longest: { page: longestOf('CrRendererMain'), worker: longestOf(WORKER) } }
}

const WORKER = 'SharedWorker thread'
