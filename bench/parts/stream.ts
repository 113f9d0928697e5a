import { readFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { printTable, type RowName, type StreamFigure } from '../stream/figure.ts'
import { readOptions } from '../stream/options.ts'
import { Stage } from '../stream/stage.ts'
import { writeReport } from '../report.ts'
import { measureAhead } from '../stream/ahead.ts'
import { measureCpu } from '../stream/cpu.ts'
import { measureLostSource } from '../stream/lost-source.ts'
import { measureManySources } from '../stream/many-sources.ts'
import { measureMemory } from '../stream/memory.ts'
import { measureSize } from '../stream/size.ts'
import { measureStalls } from '../stream/stalls.ts'
import { measureStart } from '../stream/start.ts'
import { measureWaste } from '../stream/waste.ts'
import { measureWhole } from '../stream/whole.ts'

const ROWS: Readonly<Record<RowName, (stage: Stage) => Promise<StreamFigure[]>>> = {
	size: measureSize,
	start: measureStart,
	ahead: measureAhead,
	whole: measureWhole,
	waste: measureWaste,
	sources: measureManySources,
	lost: measureLostSource,
	cpu: measureCpu,
	memory: measureMemory,
	stalls: measureStalls
}

/** Streaming against a plain link and against verified-fetch as it comes, on shaped lines. */
export async function run(): Promise<void> {
	const options = readOptions()
	const stage = await Stage.set(options)
	const figures: Measured[] = []
	try {
		for (const [name, measure] of Object.entries(ROWS)) {
			if (options.rows.length > 0 && !options.rows.includes(name)) continue
			const load = loadavg()[1] ?? 0
			const found = await measure(stage)
			printTable(found)
			const measured = new Date().toISOString()
			figures.push(...found.map((figure) => ({ ...figure, measured, load: Math.max(load, loadavg()[1] ?? 0) })))
		}
	} finally {
		await stage.close()
		printTable(figures)
		if (!options.quick) await keep(figures, stage.browser.version())
	}
}

interface Measured extends StreamFigure {
	/** ISO 8601. */
	readonly measured: string
	/** Of the machine in the five minutes before: above the number of its cores, figures are of little worth. */
	readonly load: number
}

const REPORT = 'latest-stream.json'

/** Writes what was measured beside what was not: the whole takes hours, and is measured in pieces. */
async function keep(figures: readonly Measured[], browser: string): Promise<void> {
	const before = await readFile(new URL(`../${REPORT}`, import.meta.url), 'utf8').then(
		(text) => (JSON.parse(text) as { figures: Measured[] }).figures,
		() => []
	)
	const others = before.filter(({ row, what }) =>
		figures.every((figure) => figure.row !== row || figure.what !== what)
	)
	// JSON has no Infinity: what never came has no value.
	await writeReport(REPORT, { browser, figures: [...others, ...figures] })
}
