import type { Page } from '@playwright/test'
import { hashThroughWorker } from '../../playwright/fixtures/listening.ts'
import type { LineFault } from '../../playwright/fixtures/shaping-proxy.ts'
import { watchPlaying, type Watched } from '../in-page.ts'
import type { StreamFigure } from './figure.ts'
import { median } from '../figures.ts'
import type { BenchFile } from './media.ts'
import { hashOf, withSources, type Sources } from './sources.ts'
import { sourceOf, type Stage } from './stage.ts'

const SPEED = { rttMs: 40, mbitPerS: 5 }
const PLAY_S = 30
const BUFFER_S = 5
/** Of what comes, the part that is no second copy and no framing; reckoned low. */
const NEEDED = 0.8

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

/**
 * Waits until 5 s more than was played have come. Chromium itself holds only 3 s of such a video; the rest is the worker's.
 * @returns whether it came to that before the end
 */
async function buffered(
	page: Page,
	{ gateways, peers }: Sources,
	{ sizeBytes }: BenchFile,
	watching: Promise<Watched>
): Promise<boolean> {
	let isOver = false
	const over = () => (isOver = true)
	watching.then(over, over)
	while (!isOver) {
		const watched = await page.evaluate(() => (window as { benchWatched?: Watched }).benchWatched)
		const sent = [...gateways, ...peers].reduce((sum, source) => sum + source.bytesSent(), 0)
		const aheadS = ((sent * NEEDED) / sizeBytes) * (watched?.durationS ?? 0) - (watched?.playedS ?? Infinity)
		if (aheadS >= BUFFER_S) return true
		await page.waitForTimeout(100)
	}
	return false
}

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
					const isBuffered = await buffered(page, sources, file, watching)
					const before = await page.evaluate(() => (window as { benchWatched?: Watched }).benchWatched?.stalls)
					lose(sources)
					const watched = await watching
					const isFair = isBuffered && watched.ended === 'whole'
					stalls.push(isFair ? watched.stalls - (before ?? 0) : Infinity)
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
