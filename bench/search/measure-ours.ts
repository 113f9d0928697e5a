import { median } from '../figures.ts'
import type { BenchBrowser } from './browser.ts'
import { judged, type SearchFigure } from './figure.ts'
import type { LongestTasks } from './longest-tasks.ts'
import type { Answer, Ingested } from './page/page.ts'
import type { BenchQuery } from './queries.ts'
import { byClass, found, type Measured } from './answers.ts'
import type { Stage } from './stage.ts'

const MIXED_QUERIES = 1000
const OPENINGS = 5
const INGEST_PER_SECOND = 5000
/** A phone's stand-in. */
const THROTTLE = 4
/** Twenty of each class: they take their time. */
const THROTTLED_QUERIES = 180
const WHILE_INDEXING_PAUSE_MS = 25
/** An engine that is slower than that is not waited for. */
const MAX_INDEXING_MS = 20_000
/** As many queries as there are classes. */
const AT_A_TIME = 9
const MB = 1_000_000

/** The whole table for the catalog of this app. */
export async function* measureOurs(stage: Stage): AsyncGenerator<SearchFigure[]> {
	const { entries } = stage.set
	const judge = (figures: readonly Measured[]) =>
		figures.map((figure) => judged({ ...figure, entries, engine: 'ours' }))
	yield judge(await stage.inBrowser((browser) => ingest(browser, stage)))
	yield judge([await disk(stage, 'disk, right after ingest')])
	yield judge(await open(stage))
	yield judge(await stage.inBrowser((browser) => query(browser, stage)))
	// The browser's database clears away what was overwritten when it is opened and used again.
	yield judge([{ ...(await disk(stage, 'disk, rows and index')), target: { below: 600 } }])
	yield judge(await stage.inBrowser((browser) => queryWhileIndexing(browser, stage)))
	yield judge(await remove(stage))
	yield judge(await stage.inBrowser((browser) => queryThrottled(browser, stage)))
}

async function ingest(browser: BenchBrowser, stage: Stage): Promise<Measured[]> {
	await browser.call('open', 'ours')
	await browser.call('ping')
	const { entries, ms } = await browser.call('ingest', stage.publications('base'))
	const silence = await browser.call('longestSilence')
	// What was put off is part of the work.
	const settledMs = ms + (await browser.quiet())
	return [
		{ what: 'ingest, until all is applied', unit: '/s', n: 1, value: entries / (ms / 1000) },
		{
			what: 'ingest, until nothing is left to do',
			unit: '/s',
			n: 1,
			value: entries / (settledMs / 1000),
			target: { least: 10_000 }
		},
		{
			what: 'peak of the renderer while building',
			unit: 'MB',
			n: 1,
			value: (await browser.peakBytes()) / MB,
			target: { below: 500 }
		},
		{ what: 'longest silence of the worker, ingest', unit: 'ms', n: 1, value: silence, target: { below: 100 } }
	]
}

async function disk(stage: Stage, what: string): Promise<Measured> {
	return { what, unit: 'MB', n: 1, value: (await stage.diskBytes()) / MB }
}

async function open(stage: Stage): Promise<Measured[]> {
	const times: number[] = []
	for (let repeat = 0; repeat < OPENINGS; repeat++) times.push(await stage.opened('ours'))
	return [
		{
			what: 'page opened → first result',
			unit: 'ms',
			n: OPENINGS,
			value: median(times),
			worst: Math.max(...times),
			target: { below: 300 }
		}
	]
}

/** Cold: each for the first time since the browser started. Warm: once more. */
async function query(browser: BenchBrowser, stage: Stage): Promise<Measured[]> {
	const { queries } = stage
	await browser.call('open', 'ours')
	const cold = await browser.call('run', queries)
	const warm = await browser.call('run', queries)
	// Tracing takes time itself: what is traced is not timed.
	const { longest } = await browser.traced(() => runByFew(browser, queries))
	const rest = Array.from({ length: MIXED_QUERIES - 3 * queries.length }, (_, at) => queries[at % queries.length])
	await browser.call(
		'run',
		rest.filter((one) => one !== undefined)
	)
	return [
		...byClass('cold', queries, cold, 50),
		...byClass('warm', queries, warm, 20),
		...found(queries, warm),
		...blocks('queries', longest),
		{
			what: 'heap after 1,000 queries',
			unit: 'MB',
			n: 1,
			value: (await browser.heapBytes()) / MB,
			target: { below: 120 }
		}
	]
}

/** A few at a time: the page should not have to take apart and put together long lists beside. */
async function runByFew(browser: BenchBrowser, queries: readonly BenchQuery[]): Promise<void> {
	for (let from = 0; from < queries.length; from += AT_A_TIME)
		await browser.call('run', queries.slice(from, from + AT_A_TIME))
}

/** The catalog in the page itself: Chromium slows no workers down, nor the process in which IndexedDB works. */
async function queryThrottled(browser: BenchBrowser, stage: Stage): Promise<Measured[]> {
	const queries = stage.queries.slice(0, THROTTLED_QUERIES)
	await browser.throttle(THROTTLE)
	await browser.call('open', 'ours-in-page')
	const cold = await browser.call('run', queries)
	const warm = await browser.call('run', queries)
	return [
		...byClass(`${String(THROTTLE)}× throttled, cold`, queries, cold),
		...byClass(`${String(THROTTLE)}× throttled, warm`, queries, warm)
	]
}

async function queryWhileIndexing(browser: BenchBrowser, stage: Stage): Promise<Measured[]> {
	await browser.call('open', 'ours')
	const [first, ...later] = stage.publications('later')
	if (first === undefined) return []
	await browser.call('run', stage.queries)
	const half = later.length >> 1
	const { answers, asked, ingested } = await askWhileIndexing(browser, stage.queries, later.slice(0, half))
	const { longest } = await browser.traced(() => askWhileIndexing(browser, stage.queries, later.slice(half)))
	const common: BenchQuery = {
		of: 'one-word',
		words: [stage.set.commonest[0] ?? ''],
		phrase: false,
		forgiving: true
	}
	const [before] = await browser.call('run', [common])
	const foundMs = await browser.call('foundAfter', first.url, common, before?.total ?? 0)
	return [
		...byClass('while indexing', asked, answers, 60),
		{
			what: `entries a second while queries ran (asked for: ${String(INGEST_PER_SECOND)})`,
			unit: '/s',
			n: 1,
			value: ingested.entries / (ingested.ms / 1000)
		},
		{ what: 'applied → found', unit: 'ms', n: 1, value: foundMs, target: { below: 1000 } },
		...blocks('queries and ingest', longest)
	]
}

async function askWhileIndexing(
	browser: BenchBrowser,
	queries: readonly BenchQuery[],
	publications: ReturnType<Stage['publications']>
): Promise<{ answers: Answer[]; asked: BenchQuery[]; ingested: Ingested }> {
	const indexing = browser.call('ingest', publications, {
		perSecond: INGEST_PER_SECOND,
		maxMs: MAX_INDEXING_MS
	})
	let done = false
	void indexing.finally(() => (done = true))
	const answers: Answer[] = []
	const asked: BenchQuery[] = []
	for (let from = 0; !done; from = (from + AT_A_TIME) % queries.length) {
		const some = queries.slice(from, from + AT_A_TIME)
		answers.push(...(await browser.call('run', some, WHILE_INDEXING_PAUSE_MS)))
		asked.push(...some)
	}
	return { answers, asked, ingested: await indexing }
}

/** The largest publisher leaves, and the browser crashes at once. */
async function remove(stage: Stage): Promise<Measured[]> {
	const [largest] = stage.set.publications
	if (largest === undefined) return []
	const { publisher, entries } = largest
	const before = await stage.inBrowser(async (browser) => {
		await browser.call('open', 'ours')
		const held = await browser.call('entriesHeld', publisher)
		const ms = await browser.call('remove', publisher)
		const after = await browser.call('entriesHeld', publisher)
		await browser.kill()
		return { held, ms, after }
	})
	const [afterCrash, recovered] = await stage.inBrowser(async (browser) => {
		await browser.call('open', 'ours')
		return [await browser.call('entriesHeld', publisher), await browser.call('run', stage.queries.slice(0, 9))]
	})
	if (before.held !== entries || recovered.length === 0) throw new Error('the publisher was not there before')
	return [
		{
			what: 'publisher of 4 % removed',
			unit: 'ms',
			n: 1,
			value: before.ms,
			target: { below: 50 }
		},
		{
			what: 'of its entries still found, at once and after a crash',
			unit: '%',
			n: entries,
			value: ((before.after + afterCrash) / entries) * 100,
			target: { below: 0.001 }
		}
	]
}

const blocks = (when: string, { page, worker }: LongestTasks): Measured[] => [
	{ what: `longest block of the page, ${when}`, unit: 'ms', n: 1, value: page.ms, target: { below: 16 } },
	{ what: `longest block of the page, ${when}, processor time`, unit: 'ms', n: 1, value: page.cpuMs },
	{ what: `longest block of the worker, ${when}`, unit: 'ms', n: 1, value: worker.ms, target: { below: 100 } },
	{ what: `longest block of the worker, ${when}, processor time`, unit: 'ms', n: 1, value: worker.cpuMs }
]
