import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser, Page } from '@playwright/test'
import { appUrl, serveApp, type App } from '../../playwright/fixtures/app.ts'
import { Kubo } from '../../playwright/fixtures/kubo.ts'
import { makeMedia } from '../../playwright/fixtures/media.ts'
import { median, printFigures, ratio, type Figure } from '../figures.ts'
import { playAndSeek, throughput, type PlayTimes } from '../in-page.ts'
import { inFreshPage, ready } from '../pages.ts'
import { findPrograms, launchChromium } from '../programs.ts'
import { writeReport } from '../report.ts'

const REPEATS = 5
const THROUGHPUT_BYTES = 64 * 1024 * 1024
const VECTORS = new URL('../../playwright/fixtures/vectors/', import.meta.url)

/** The app as a whole: playing on loopback, hearing of a publication, opening, and a change of the leading tab. */
export async function run(): Promise<void> {
	const programs = findPrograms()
	const app = await serveApp()
	const kubo = await Kubo.start({ program: programs.kubo, rpcOrigins: [app.origin] })
	const browser = await launchChromium()
	try {
		const media = await makeMedia(programs.ffmpeg)
		const mp3 = (await kubo.cli(['add', '-Q', '--cid-version=1', media.mp3])).trim()
		const figures = [
			...(await measurePlayback(browser, app, kubo, mp3)),
			await measureThroughput(browser, app, kubo),
			await measureHearing(browser, app, kubo),
			...(await measureStart(browser, app)),
			await measureTakeover(browser, app),
			await measureFirstPage()
		]
		printFigures(figures)
		await writeReport('latest.json', { repeats: REPEATS, browser: browser.version(), figures })
	} finally {
		await browser.close()
		await kubo.stop()
		await app.close()
	}
}

/** Sound and seek through the worker against a plain link to the same gateway. */
async function measurePlayback(browser: Browser, app: App, kubo: Kubo, cid: string): Promise<Figure[]> {
	const url = appUrl(app, { gateways: [kubo.gatewayUrl] })
	const plain: PlayTimes[] = []
	const verified: PlayTimes[] = []
	const playing = { kind: 'audio', seekTo: 0.8, limitMs: 20_000 } as const
	for (let repeat = 0; repeat < REPEATS; repeat++) {
		plain.push(
			await inFreshPage(browser, url, (page) =>
				page.evaluate(playAndSeek, { ...playing, src: `${kubo.gatewayUrl}/ipfs/${cid}` })
			)
		)
		verified.push(
			await inFreshPage(browser, url, (page) => page.evaluate(playAndSeek, { ...playing, src: `ipfs/${cid}` }))
		)
	}
	const compare = (what: string, pick: (run: PlayTimes) => number): Figure => ({
		what,
		unit: 'ms',
		value: median(verified.map(pick)),
		plain: median(plain.map(pick)),
		ratio: ratio(median(verified.map(pick)), median(plain.map(pick)))
	})
	return [
		compare('play() to sound, MP3, one gateway', ({ soundMs = Infinity }) => soundMs),
		compare('seek to 80 %, MP3, one gateway', ({ seekMs = Infinity }) => seekMs)
	]
}

async function measureThroughput(browser: Browser, app: App, kubo: Kubo): Promise<Figure> {
	const cid = (await kubo.cli(['add', '-Q', '--cid-version=1'], { stdin: randomBytes(THROUGHPUT_BYTES) })).trim()
	const url = appUrl(app, { gateways: [kubo.gatewayUrl] })
	const plain: number[] = []
	const verified: number[] = []
	for (let repeat = 0; repeat < REPEATS; repeat++) {
		plain.push(
			await inFreshPage(browser, url, (page) => page.evaluate(throughput, `${kubo.gatewayUrl}/ipfs/${cid}`))
		)
		verified.push(await inFreshPage(browser, url, (page) => page.evaluate(throughput, `ipfs/${cid}`)))
	}
	return {
		what: 'whole file through the worker, 64 MiB, loopback',
		unit: 'MB/s',
		value: median(verified),
		plain: median(plain),
		ratio: ratio(median(verified), median(plain))
	}
}

/** From the message on the topic to a result on the screen of another tab, publication fetched and indexed between. */
async function measureHearing(browser: Browser, app: App, kubo: Kubo): Promise<Figure> {
	await kubo.cli(['dag', 'import', fileURLToPath(new URL('publication.car', VECTORS))])
	const runs: number[] = []
	for (let repeat = 0; repeat < REPEATS; repeat++) {
		const url = appUrl(app, { hubs: [kubo.addresses.webtransport], hash: '#/search?q=slack+water' })
		runs.push(
			await inFreshPage(browser, url, async (page) => {
				// Heard at all: the hub is connected and has told us that it listens.
				const inTopic = async () => (await kubo.cli(['pubsub', 'peers', '/antiphon/1/announce'])) !== ''
				while (!(await inTopic())) await page.waitForTimeout(50)
				const started = performance.now()
				await kubo.cli([
					'pubsub',
					'pub',
					'/antiphon/1/announce',
					fileURLToPath(new URL('accept-first.announce.cbor', VECTORS))
				])
				await page.getByRole('button', { name: 'Play Slack Water' }).first().waitFor()
				return performance.now() - started
			})
		)
	}
	return { what: 'announced → found in another tab', unit: 'ms', value: median(runs) }
}

/** From navigation to a search that answers: with nothing stored, and with everything there. */
async function measureStart(browser: Browser, app: App): Promise<Figure[]> {
	const cold: number[] = []
	const warm: number[] = []
	const timeToReady = async (page: Page) => {
		const started = performance.now()
		await page.goto(appUrl(app))
		await ready(page)
		return performance.now() - started
	}
	for (let repeat = 0; repeat < REPEATS; repeat++) {
		const context = await browser.newContext()
		const page = await context.newPage()
		cold.push(await timeToReady(page))
		await page.goto('about:blank')
		warm.push(await timeToReady(page))
		await context.close()
	}
	return [
		{
			what: 'opened → search answers, cold (worker installed, starter collection indexed)',
			unit: 'ms',
			value: median(cold)
		},
		{ what: 'opened → search answers, warm', unit: 'ms', value: median(warm) }
	]
}

/** From the end of the leading tab to another that leads. */
async function measureTakeover(browser: Browser, app: App): Promise<Figure> {
	const runs: number[] = []
	const leads = (page: Page) =>
		page.evaluate(async () => {
			const { held = [] } = await navigator.locks.query()
			return held.find(({ name }) => name === 'antiphon-peer')?.clientId
		})
	for (let repeat = 0; repeat < REPEATS; repeat++) {
		const context = await browser.newContext()
		const [first, second] = [await context.newPage(), await context.newPage()]
		for (const page of [first, second]) {
			await page.goto(appUrl(app))
			await ready(page)
		}
		const before = await leads(second)
		const started = performance.now()
		await first.close()
		while ([before, undefined].includes(await leads(second)));
		runs.push(performance.now() - started)
		await context.close()
	}
	return { what: 'leading tab closed → another leads', unit: 'ms', value: median(runs) }
}

async function measureFirstPage(): Promise<Figure> {
	const { stdout } = await promisify(execFile)('size-limit', ['--json'])
	const sizes = JSON.parse(stdout) as { name: string; size: number }[]
	const first = sizes.find(({ name }) => /first page/i.test(name))
	if (!first) throw new Error('size-limit has no budget named "first page"')
	return { what: 'JavaScript of the first page, gzipped', unit: 'KB', value: first.size / 1000 }
}
