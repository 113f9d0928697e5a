import { watchPlaying, type Watched } from '../in-page.ts'
import { compare, type StreamFigure } from './figure.ts'
import { sourceOf, type Mode, type Stage } from './stage.ts'

const PLAY_S = 120

/** Two minutes of a video whose bitrate is 70 % of the line; plain and ours side by side, each on a line of its own. */
export async function measureStalls(stage: Stage): Promise<StreamFigure[]> {
	const file = await stage.file('phone.mp4')
	const watch = (mode: Mode) =>
		stage.withLine('phone', false, (proxy) =>
			stage.inMode(mode, proxy.origin, (page) =>
				page.evaluate(watchPlaying, {
					src: sourceOf(mode, proxy.origin, file),
					kind: file.kind,
					playS: PLAY_S,
					limitMs: PLAY_S * 2000
				})
			)
		)
	const plain: Watched[] = []
	const ours: Watched[] = []
	for (let repeat = 0; repeat < stage.options.repeats; repeat++) {
		const [one, other] = await Promise.all([watch('plain'), watch('ours')])
		plain.push(one)
		ours.push(other)
	}
	const stalls = (runs: readonly Watched[]) =>
		runs.map(({ stalls, ended }) => (ended === 'whole' ? stalls : Infinity))
	return [
		compare({
			row: 'stalls',
			what: `stalls in ${PLAY_S} s, ${file.name}, phone`,
			unit: '',
			ours: stalls(ours),
			plain: stalls(plain),
			target: 'no more than plain',
			reached: ({ median, plain }) => median <= plain
		})
	]
}
