import { throughput } from '../in-page.ts'
import { compare, type StreamFigure } from './figure.ts'
import { interleaved, sourceOf, type Stage } from './stage.ts'

/** A whole file read as fast as it goes. */
export async function measureWhole(stage: Stage): Promise<StreamFigure[]> {
	const { repeats, lines } = stage.options
	const figures: StreamFigure[] = []
	const large = await stage.file('picture.mp4')
	const flac = await stage.file('sound.flac')
	const mp3 = await stage.file('sound.mp3')
	const cases = [
		{ where: 'loopback', speed: 'home' as const, file: large, least: 0.33 },
		...lines
			.filter((line) => line !== 'phone')
			.map((line) => ({ where: line, speed: line, file: line === 'home' ? flac : mp3, least: 0.95 }))
	]
	for (const { where, speed, file, least } of cases) {
		const runs = await interleaved({ plain: repeats, ours: repeats }, (mode) =>
			// On loopback the proxy would be what is measured, and who watches the browser.
			where === 'loopback'
				? stage.unwatched(stage.kubo.gatewayUrl, (page) =>
						page.evaluate(throughput, sourceOf(mode, stage.kubo.gatewayUrl, file))
					)
				: stage.withLine(speed, false, (proxy) =>
						stage.inMode(mode, proxy.origin, (page) =>
							page.evaluate(throughput, sourceOf(mode, proxy.origin, file))
						)
					)
		)
		figures.push(
			compare({
				row: 'whole',
				what: `whole file, ${file.name}, ${where}`,
				unit: 'MB/s',
				...runs,
				more: true,
				target: `≥ ${least}`,
				reached: ({ median, plain }) => median >= least * plain
			})
		)
	}
	return figures
}
