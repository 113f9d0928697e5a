import { hashThroughWorker } from '../../playwright/fixtures/listening.ts'
import type { LineFault } from '../../playwright/fixtures/shaping-proxy.ts'
import { watchPlaying, type Watched } from '../in-page.ts'
import type { StreamFigure } from './figure.ts'
import { median } from '../figures.ts'
import { hashOf, withSources, type Sources } from './sources.ts'
import { sourceOf, type Stage } from './stage.ts'

const SPEED = { rttMs: 40, mbitPerS: 5 }
const PLAY_S = 30
const BUFFER_S = 5

interface Loss {
	readonly what: string
	readonly lose: (sources: Sources) => void
}

/** Of all gateways, the one that has given the most: the one that is missed. */
function busiest({ gateways }: Sources) {
	return [...gateways].sort((a, b) => b.bytesSent() - a.bytesSent())[0]
}

const gatewayThat = (fault: LineFault): Loss => ({
	what: `a gateway ${fault}`,
	lose: (sources) => {
		const gateway = busiest(sources)
		if (gateway === undefined) throw new Error('there is no gateway')
		gateway.fault = fault
	}
})

const LOSSES: readonly Loss[] = [
	gatewayThat('dies'),
	gatewayThat('lies'),
	gatewayThat('stalls'),
	{ what: 'the peer dies', lose: ({ peers }) => peers[0]?.break(true) },
	{ what: 'the peer stalls', lose: ({ peers }) => peers[0]?.stall(true) }
]

/** Two gateways and a peer, of which one is lost while 5 s are ahead: nothing is heard of it, and every byte is right. */
export async function measureLostSource(stage: Stage): Promise<StreamFigure[]> {
	const file = await stage.file('short.mp4')
	const nodes = [await stage.startKubo()]
	const sha256 = await hashOf(file.path)
	const figures: StreamFigure[] = []
	for (const { what, lose } of LOSSES) {
		const stalls: number[] = []
		let wrong = 0
		for (let repeat = 0; repeat < stage.options.repeats; repeat++) {
			await withSources(stage, file, { speed: SPEED, gateways: 2, nodes }, (sources) =>
				sources.inApp(async (page) => {
					const src = sourceOf('ours', '', file)
					const watching = page.evaluate(watchPlaying, { src, kind: file.kind, playS: PLAY_S, limitMs: 120_000 })
					await page.waitForFunction(
						(bufferS) => {
							const { benchWatched } = window as { benchWatched?: Watched }
							return (benchWatched?.playedS ?? 0) > 1 && (benchWatched?.aheadS ?? 0) >= bufferS
						},
						BUFFER_S,
						{ timeout: 60_000, polling: 50 }
					)
					lose(sources)
					const watched = await watching
					stalls.push(watched.ended === 'whole' ? watched.stalls : Infinity)
					const whole = await hashThroughWorker(page, file.cid)
					if (whole.sha256 !== sha256) wrong++
				})
			)
		}
		figures.push({
			row: 'lost',
			what: `stalls when ${what}, of three sources${wrong > 0 ? `; ${wrong} TIMES WRONG BYTES` : ''}`,
			unit: '',
			n: stalls.length,
			median: median(stalls),
			worst: Math.max(...stalls),
			target: 'none, no byte wrong',
			reached: Math.max(...stalls) === 0 && wrong === 0
		})
	}
	return figures
}
