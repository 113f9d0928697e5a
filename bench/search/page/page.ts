import type { BenchQuery } from '../queries'
import type { Asked } from '../relevance/expectation'
import type { Engine, Found } from './engine'
import { ours } from './ours'

export type EngineName = 'ours' | 'ours-in-page' | 'minisearch' | 'fts5'

export interface Answer {
	/** From asking to the answer in the page. */
	readonly ms: number
	readonly total: number
	/** What was in mind, or another with its very title and artist, is among the first ten. */
	readonly found: boolean
}

export interface Ingested {
	readonly entries: number
	readonly ms: number
}

/** Publications that are applied at the same time, as the app's intake does. */
const AT_ONCE = 2

let engine: Engine | undefined
let firstMs = NaN
let pinger: Worker | undefined

const load = async (name: EngineName): Promise<Engine> => {
	if (name === 'minisearch' || name === 'fts5') return (await import('./rival')).rival(name)
	if (name === 'ours-in-page') return (await import('./ours-in-page')).oursInPage()
	return ours()
}

const opened = (): Engine => {
	if (engine === undefined) throw new Error('no engine is open')
	return engine
}

const isWanted = ({ title, artists }: Found['hits'][number], { wanted }: BenchQuery) =>
	title === wanted?.title && artists.includes(wanted.artist)

const fetchBytes = async (url: string) => new Uint8Array(await (await fetch(url)).arrayBuffer())

/** What the bench calls in the page. */
const bench = {
	/** When the first query of a page that opened an engine by itself was answered, ms since the page was asked for. */
	firstMs: (): number => firstMs,

	/** @returns ms since the page was asked for, once a first query was answered */
	async open(name: EngineName, first?: BenchQuery): Promise<number> {
		engine = await load(name)
		await engine.open()
		if (first !== undefined) await engine.search(first)
		return performance.now()
	},

	/** From now on the worker is asked for signs of life. */
	ping(): void {
		const port = opened().pingPort?.()
		if (port === undefined) return
		pinger = new Worker(new URL('./pinger.ts', import.meta.url), { type: 'module' })
		pinger.postMessage('start', [port])
	},

	/** One after the other. */
	async run(queries: readonly BenchQuery[], pauseMs = 0): Promise<Answer[]> {
		const answers: Answer[] = []
		for (const query of queries) {
			const startMs = performance.now()
			const { total, hits } = await opened().search(query)
			const ms = performance.now() - startMs
			answers.push({ ms, total, found: hits.some((hit) => isWanted(hit, query)) })
			if (pauseMs > 0) await pause(pauseMs)
		}
		return answers
	},

	/** @param perSecond - entries; as quick as it goes when absent */
	async ingest(
		publications: readonly { readonly url: string; readonly entries: number }[],
		{ perSecond = Infinity, maxMs = Infinity }: { perSecond?: number; maxMs?: number } = {}
	): Promise<Ingested> {
		const startMs = performance.now()
		const waiting = publications.values()
		let entries = 0
		const applyNext = async () => {
			for (const { url, entries: count } of waiting) {
				if (performance.now() - startMs > maxMs) return
				await opened().add(await fetchBytes(url))
				entries += count
				const aheadMs = (entries / perSecond) * 1000 - (performance.now() - startMs)
				if (aheadMs > 0) await pause(aheadMs)
			}
		}
		await Promise.all(Array.from({ length: AT_ONCE }, applyNext))
		return { entries, ms: performance.now() - startMs }
	},

	/** @returns ms from a publication's being applied to its being found */
	async foundAfter(url: string, query: BenchQuery, before: number): Promise<number> {
		await opened().add(await fetchBytes(url))
		const startMs = performance.now()
		for (;;) {
			const { total } = await opened().search(query)
			if (total > before || performance.now() - startMs > 60_000) return performance.now() - startMs
			await pause(10)
		}
	},

	async remove(publisher: string): Promise<number> {
		const startMs = performance.now()
		await opened().remove(publisher)
		return performance.now() - startMs
	},

	/** Each as a person types it. */
	async ask(texts: readonly string[]): Promise<Asked[]> {
		const answers: Asked[] = []
		for (const text of texts) answers.push((await engine?.ask?.(text)) ?? { hits: [], albums: [], artists: [] })
		return answers
	},

	/** Entries that are held of a publisher, and found when all of it is asked for. */
	async entriesHeld(publisher: string): Promise<number> {
		return (await engine?.entriesHeld?.(publisher)) ?? 0
	},

	/** Ends that. @returns the longest that it did not answer, ms */
	longestSilence(): Promise<number> {
		return new Promise((resolve) => {
			if (pinger === undefined) throw new Error('nobody pings')
			pinger.onmessage = ({ data }: MessageEvent<number>) => resolve(data)
			pinger.postMessage('end')
		})
	}
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export type PageBench = typeof bench
Object.assign(globalThis, { bench })
// What is to be open as soon as the page is, and the first query: nobody has to ask for it first.
const wanted = new URLSearchParams(location.search).get('open')
if (wanted !== null) {
	const [name, first] = JSON.parse(wanted) as [EngineName, BenchQuery]
	firstMs = await bench.open(name, first)
}
document.documentElement.dataset['ready'] = 'true'
