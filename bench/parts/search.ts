import { readFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { dataSet, realSet } from '../search/data-set.ts'
import { printTable, type SearchFigure } from '../search/figure.ts'
import { measureOurs } from '../search/measure-ours.ts'
import { measureRival } from '../search/measure-rival.ts'
import { readOptions } from '../search/options.ts'
import { measureRelevance, type Relevance } from '../search/relevance/measure.ts'
import { serveBench } from '../search/server.ts'
import { Stage } from '../search/stage.ts'
import { writeReport } from '../report.ts'

/** Search in catalogs of up to a million entries, beside MiniSearch and SQLite's FTS5 on the same entries. */
export async function run(): Promise<void> {
	const { sizes, engines, queries, quick, ...options } = readOptions()
	const server = await serveBench()
	const figures: LoadedFigure[] = []
	let relevance: Relevance | undefined
	try {
		if (options.relevance) {
			const stage = await Stage.set(await realSet(), server, 0)
			relevance = await measureRelevance(stage).finally(() => stage.close())
			printRelevance(relevance)
		}
		for (const size of sizes) {
			const set = await dataSet(size)
			for (const engine of engines) {
				const stage = await Stage.set(set, server, queries)
				try {
					const measuring = engine === 'ours' ? measureOurs(stage) : measureRival(stage, engine)
					for await (const found of measuring) {
						const load = loadavg()[0] ?? 0
						figures.push(...found.map((figure) => ({ ...figure, load })))
						printTable(found)
					}
				} catch (error) {
					// An engine that gives up at a size says so by having no figures there.
					if (engine === 'ours') throw error
					console.error(engine, size, error)
				} finally {
					await stage.close()
				}
			}
		}
	} finally {
		await server.close()
		printTable(figures)
		if (!quick) await keep(figures, relevance)
	}
}

interface LoadedFigure extends SearchFigure {
	/** Of the machine in the minute before: above the number of its cores, times are of little worth. */
	readonly load: number
}

const REPORT = 'latest-search.json'

/** Writes what was measured beside the engines and sizes that were not. */
async function keep(figures: readonly LoadedFigure[], relevance: Relevance | undefined): Promise<void> {
	const before = await readFile(new URL(`../${REPORT}`, import.meta.url), 'utf8').then(
		(text) => JSON.parse(text) as { relevance?: Relevance; figures: LoadedFigure[] },
		() => ({ relevance: undefined, figures: [] })
	)
	const measured = new Set(figures.map(({ engine, entries }) => `${engine} ${String(entries)}`))
	const others = before.figures.filter(({ engine, entries }) => !measured.has(`${engine} ${String(entries)}`))
	await writeReport(REPORT, { relevance: relevance ?? before.relevance, figures: [...others, ...figures] })
}

function printRelevance({ entries, queries, first, ten, groups, missed }: Relevance): void {
	const percent = (share: number) => `${(share * 100).toFixed(1)} %`
	console.table(groups)
	console.table(missed)
	console.log(
		`${String(queries)} queries of ${String(entries)} real records: first ${percent(first)}, in the top 10 ${percent(ten)}`
	)
}
