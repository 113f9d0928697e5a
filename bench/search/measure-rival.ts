import { byClass, found, type Measured } from './answers.ts'
import { judged, type SearchFigure } from './figure.ts'
import type { Rival } from './options.ts'
import type { Stage } from './stage.ts'

const MB = 1_000_000

/** What can be compared: the same entries, decoded and checked alike, and the same queries as far as the engine has them. */
export async function* measureRival(stage: Stage, engine: Rival): AsyncGenerator<SearchFigure[]> {
	const { queries, set } = stage
	const stored = engine === 'fts5'
	const judge = (figures: readonly Measured[]) =>
		figures.map((figure) => judged({ ...figure, entries: set.entries, engine }))
	yield judge(
		await stage.inBrowser(async (browser) => {
			await browser.call('open', engine)
			const { entries, ms } = await browser.call('ingest', stage.publications('base'))
			const perSecond = entries / (ms / 1000)
			const figures = [
				{ what: 'ingest, until all is applied', unit: '/s', n: 1, value: perSecond },
				{ what: 'ingest, until nothing is left to do', unit: '/s', n: 1, value: perSecond },
				{ what: 'peak of the renderer while building', unit: 'MB', n: 1, value: (await browser.peakBytes()) / MB }
			] as const
			if (stored) return [...figures]
			await browser.call('run', queries)
			const warm = await browser.call('run', queries)
			const removal = await browser.call('remove', set.publications[0]?.publisher ?? '')
			return [
				...figures,
				...byClass('warm', queries, warm),
				...found(queries, warm),
				{ what: 'publisher of 4 % removed', unit: 'ms', n: 1, value: removal } as const
			]
		})
	)
	if (!stored) return
	const opened = await stage.opened(engine)
	yield judge([{ what: 'disk, rows and index', unit: 'MB', n: 1, value: (await stage.diskBytes()) / MB }])
	yield judge(
		await stage.inBrowser(async (browser) => {
			await browser.call('open', engine)
			const cold = await browser.call('run', queries)
			const warm = await browser.call('run', queries)
			const removal = await browser.call('remove', set.publications[0]?.publisher ?? '')
			return [
				{ what: 'page opened → first result', unit: 'ms', n: 1, value: opened } as const,
				...byClass('cold', queries, cold),
				...byClass('warm', queries, warm),
				...found(queries, warm),
				{ what: 'publisher of 4 % removed', unit: 'ms', n: 1, value: removal } as const
			]
		})
	)
}
