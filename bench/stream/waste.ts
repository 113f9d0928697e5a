import { watchPlaying } from '../in-page.ts'
import { compare, type StreamFigure } from './figure.ts'
import { interleaved, sourceOf, type Stage } from './stage.ts'

const SEEKS = [0.3, 0.6, 0.8]
const PLAY_S = 5
/** For what still comes though nobody listens. */
const AFTER_MS = 2_000

/** What the line carried and nobody saw, after three seeks. */
export async function measureWaste(stage: Stage): Promise<StreamFigure[]> {
	const { repeats, lines } = stage.options
	const figures: StreamFigure[] = []
	const file = await stage.file('picture.mp4')
	for (const line of lines.filter((line) => line !== 'phone')) {
		const runs = await interleaved({ plain: repeats, ours: repeats }, (mode) =>
			stage.withLine(line, false, (proxy) =>
				stage.inMode(mode, proxy.origin, async (page) => {
					const { playedS, durationS, ended } = await page.evaluate(watchPlaying, {
						src: sourceOf(mode, proxy.origin, file),
						kind: file.kind,
						playS: PLAY_S,
						seeks: SEEKS,
						limitMs: 90_000
					})
					await page.waitForTimeout(AFTER_MS)
					if (ended !== 'whole') return Infinity
					return (proxy.bytesSent() - (file.sizeBytes * playedS) / durationS) / 1e6
				})
			)
		)
		figures.push(
			compare({
				row: 'waste',
				what: `fetched and not played after three seeks, ${file.name}, ${line}`,
				unit: 'MB',
				...runs,
				target: '≤ 1.2',
				reached: ({ median, plain }) => median <= 1.2 * plain
			})
		)
	}
	return figures
}
