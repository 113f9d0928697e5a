import { playAndSeek, type PlayTimes } from '../in-page.ts'
import { compare, orEndless, printTable, withinRatio, type StreamFigure } from './figure.ts'
import type { BenchFile } from './media.ts'
import type { LineName } from './options.ts'
import { interleaved, sourceOf, type Stage } from './stage.ts'

/** Of a step, ms. Stock verified-fetch does not come back from some seeks at all. */
const LIMIT_MS = 20_000
const SEEK_TO = 0.8
const NO_SEEK_OVER_MS = 3_000

/** How many times a plain link's time there may be. */
export const START_RATIO: Readonly<Record<LineName, number>> = { home: 1.2, far: 1.2, phone: 2.1 }

/** First sound or picture, and a seek to 80 %, with one gateway. */
export async function measureStart(stage: Stage): Promise<StreamFigure[]> {
	const figures: StreamFigure[] = []
	for (const name of stage.options.files) {
		const file = await stage.file(name)
		for (const line of stage.options.lines) {
			for (const http2 of stage.options.http2) {
				const found = await measure(stage, file, line, http2)
				printTable(found)
				figures.push(...found)
			}
		}
	}
	return figures
}

async function measure(stage: Stage, file: BenchFile, line: LineName, http2: boolean): Promise<StreamFigure[]> {
	const { repeats, stockRepeats } = stage.options
	const runs = await interleaved({ plain: repeats, ours: repeats, stock: stockRepeats }, (mode) =>
		stage.withLine(line, http2, (proxy) =>
			stage.inMode(mode, proxy.origin, (page) =>
				page.evaluate(playAndSeek, {
					src: sourceOf(mode, proxy.origin, file),
					kind: file.kind,
					seekTo: SEEK_TO,
					limitMs: LIMIT_MS
				})
			)
		)
	)
	const ratio = START_RATIO[line]
	const where = `${file.name}, ${line}, HTTP/${http2 ? '2' : '1.1'}`
	const figure = (what: string, pick: (times: PlayTimes) => number | undefined, limit: number) =>
		compare({
			row: 'start',
			what: `${what}, ${where}`,
			unit: 'ms',
			ours: orEndless(runs.ours.map(pick)),
			plain: orEndless(runs.plain.map(pick)),
			stock: orEndless(runs.stock.map(pick)),
			target: `≤ ${ratio}${limit === Infinity ? '' : `, none > ${limit / 1000} s`}`,
			reached: ({ median, worst, plain }) => withinRatio(median, plain, ratio) && worst <= limit
		})
	const first = file.kind === 'audio' ? 'first sound' : 'first picture'
	return [
		figure(first, ({ soundMs }) => soundMs, Infinity),
		figure('seek', ({ seekMs }) => seekMs, NO_SEEK_OVER_MS)
	]
}
