import { setTimeout } from 'node:timers/promises'
import { median } from '../figures.ts'
import { watchPlaying } from '../in-page.ts'
import type { StreamFigure } from './figure.ts'
import { sourceOf, type Stage } from './stage.ts'

const PLAY_S = 20
const POLL_MS = 100
const MOST_MB = 32

/** The most that the worker has in memory while a video plays, over what it has when idle; garbage and buffers are counted. */
export async function measureMemory(stage: Stage): Promise<StreamFigure[]> {
	const file = await stage.file('picture.mp4')
	const peak = (gateway: string) =>
		stage.unwatched(gateway, async (page) => {
			const idleBytes = await page.workerBytes(true)
			const isOver = new AbortController()
			const src = sourceOf('ours', gateway, file)
			const options = { src, kind: file.kind, playS: PLAY_S, limitMs: PLAY_S * 3000 }
			const playing = page.evaluate(watchPlaying, options).finally(() => isOver.abort())
			let mostBytes = idleBytes
			while (!isOver.signal.aborted) {
				mostBytes = Math.max(mostBytes, await page.workerBytes())
				await setTimeout(POLL_MS)
			}
			return (await playing).ended === 'whole' ? (mostBytes - idleBytes) / 1e6 : Infinity
		})
	const figures: StreamFigure[] = []
	for (const where of ['home', 'loopback'] as const) {
		const ours: number[] = []
		for (let repeat = 0; repeat < stage.options.repeats; repeat++)
			ours.push(
				where === 'loopback'
					? await peak(stage.kubo.gatewayUrl)
					: await stage.withLine(where, false, ({ origin }) => peak(origin))
			)
		figures.push({
			row: 'memory',
			what: `peak memory of the worker, ${file.name}, ${where}`,
			unit: 'MB',
			n: ours.length,
			median: median(ours),
			worst: Math.max(...ours),
			target: `< ${MOST_MB} MB`,
			reached: median(ours) < MOST_MB
		})
	}
	return figures
}
