import type { Browser } from '@playwright/test'
import { watchPlaying } from '../in-page.ts'
import { compare, type StreamFigure } from './figure.ts'
import { interleaved, sourceOf, type Stage } from './stage.ts'

const PLAY_S = 25

/** Seconds of processor that the whole browser takes to play 25 s of a video of 5 Mbit/s. */
export async function measureCpu(stage: Stage): Promise<StreamFigure[]> {
	const { repeats } = stage.options
	const file = await stage.file('short.mp4')
	const runs = await interleaved({ plain: repeats, ours: repeats }, (mode) =>
		stage.withLine('home', false, (proxy) =>
			stage.inMode(mode, proxy.origin, async (page) => {
				const before = await processorTimes(stage.browser)
				const { ended } = await page.evaluate(watchPlaying, {
					src: sourceOf(mode, proxy.origin, file),
					kind: file.kind,
					playS: PLAY_S,
					limitMs: PLAY_S * 3000
				})
				const after = await processorTimes(stage.browser)
				if (ended !== 'whole') return Infinity
				return [...after].reduce((sum, [id, seconds]) => sum + seconds - (before.get(id) ?? 0), 0)
			})
		)
	)
	return [
		compare({
			row: 'cpu',
			what: `processor time of ${PLAY_S} s, ${file.name}, home`,
			unit: 's',
			...runs,
			target: '≤ 1.5',
			reached: ({ median, plain }) => median <= 1.5 * plain
		})
	]
}

/** Seconds by process of the browser. */
async function processorTimes(browser: Browser): Promise<Map<number, number>> {
	const devtools = await browser.newBrowserCDPSession()
	try {
		const { processInfo } = await devtools.send('SystemInfo.getProcessInfo')
		return new Map(processInfo.map(({ id, cpuTime }) => [id, cpuTime]))
	} finally {
		await devtools.detach()
	}
}
