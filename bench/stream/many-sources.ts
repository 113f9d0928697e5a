import { throughput } from '../in-page.ts'
import { compare, type StreamFigure } from './figure.ts'
import { withSources } from './sources.ts'
import { sourceOf, type Stage } from './stage.ts'

const SPEED = { rttMs: 40, mbitPerS: 5 }
const GATEWAYS = 2
const PEERS = 2
const SUM_MB_S = ((GATEWAYS + PEERS) * SPEED.mbitPerS) / 8

/** A whole file from two gateways and two peers at once, against the sum of their lines. */
export async function measureManySources(stage: Stage): Promise<StreamFigure[]> {
	const file = await stage.file('short.mp4')
	const nodes = [await stage.startKubo(), await stage.startKubo()]
	const ours: number[] = []
	for (let repeat = 0; repeat < stage.options.repeats; repeat++) {
		ours.push(
			await withSources(stage, file, { speed: SPEED, gateways: GATEWAYS, nodes }, async (sources) => {
				const rate = await sources.inApp((page) => page.evaluate(throughput, sourceOf('ours', '', file)))
				const share = [...sources.gateways, ...sources.peers].map((source) =>
					Math.round((source.bytesSent() / file.sizeBytes) * 100)
				)
				console.log(`${rate.toFixed(2)} MB/s; percent of the file by gateways and peers: ${share.join(', ')}`)
				return rate
			})
		)
	}
	return [
		compare({
			row: 'sources',
			what: `whole file, ${file.name}, ${GATEWAYS} gateways and ${PEERS} peers of ${SPEED.mbitPerS} Mbit/s; plain is their sum`,
			unit: 'MB/s',
			ours,
			plain: [SUM_MB_S],
			more: true,
			target: '≥ 0.85',
			reached: ({ median }) => median >= 0.85 * SUM_MB_S
		})
	]
}
