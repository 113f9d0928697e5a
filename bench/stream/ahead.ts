import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { makeMedia } from '../../playwright/fixtures/media.ts'
import { playAndSeek } from '../in-page.ts'
import { timeFromClick } from './clicked.ts'
import { compare, orEndless, printTable, type StreamFigure } from './figure.ts'
import type { BenchFile, BenchFileName } from './media.ts'
import type { LineName } from './options.ts'
import { sourceOf, type Stage } from './stage.ts'

const LIMIT_MS = 20_000
const ON_SCREEN_MS = 2_000
/** For how long the one before plays. */
const IN_QUEUE_MS = 6_000

/** What is heard where all else is the same for all. */
const FILES: readonly BenchFileName[] = ['sound.mp3', 'picture.mp4']

/**
 * The same through the app's own screens: what has been on screen for 2 s, and what is next in the queue. The floor is what a
 * media element takes by itself for what the worker has in memory.
 */
export async function measureAhead(stage: Stage): Promise<StreamFigure[]> {
	const figures: StreamFigure[] = []
	for (const name of stage.options.files.filter((name) => FILES.includes(name))) {
		const file = await stage.file(name)
		const folder = await addFolder(stage, file)
		for (const line of stage.options.lines) {
			for (const http2 of stage.options.http2) figures.push(...(await measure(stage, file, folder, line, http2)))
		}
	}
	return figures
}

async function measure(
	stage: Stage,
	file: BenchFile,
	folder: string,
	line: LineName,
	http2: boolean
): Promise<StreamFigure[]> {
	const plain: (number | undefined)[] = []
	const screen: typeof plain = []
	const queue: typeof plain = []
	const floor: typeof plain = []
	for (let repeat = 0; repeat < stage.options.repeats; repeat++) {
		plain.push(await plainStart(stage, file, line, http2))
		screen.push(await onScreen(stage, file, line, http2))
		queue.push(await nextInQueue(stage, file, folder, line, http2))
		floor.push(await floorStart(stage, file, line, http2))
	}
	const figure = (what: string, ours: typeof plain, isFloor = false) =>
		compare({
			row: 'ahead',
			what: `${what}, ${file.name}, ${line}, HTTP/${http2 ? '2' : '1.1'}`,
			unit: 'ms',
			ours: orEndless(ours),
			plain: orEndless(plain),
			target: isFloor ? '' : '≤ 0.3',
			...(isFloor ? {} : { reached: ({ median, plain }) => median <= 0.3 * plain })
		})
	const found = [
		figure('on screen for 2 s', screen),
		figure('next in the queue', queue),
		figure('floor: an element alone, from memory', floor, true)
	]
	printTable(found)
	return found
}

const plainStart = (stage: Stage, file: BenchFile, line: LineName, http2: boolean) =>
	stage.withLine(line, http2, (proxy) =>
		stage.inMode('plain', proxy.origin, async (page) => {
			const options = { kind: file.kind, seekTo: 0.8, limitMs: LIMIT_MS }
			const { soundMs } = await page.evaluate(playAndSeek, {
				...options,
				src: sourceOf('plain', proxy.origin, file)
			})
			return soundMs
		})
	)

/** The page of one file, when it has been there for 2 s. */
const seen = <T>(
	stage: Stage,
	{ cid }: BenchFile,
	line: LineName,
	http2: boolean,
	work: (page: Page, button: Locator) => Promise<T>
) =>
	stage.withLine(line, http2, (proxy) =>
		stage.inApp({ gateways: [proxy.origin] }, async (page) => {
			await page.evaluate((cid) => (location.hash = `#/e/${cid}`), cid)
			const button = page.getByRole('main').getByRole('button', { name: /^Play/ }).first()
			await button.waitFor()
			await page.waitForTimeout(ON_SCREEN_MS)
			return work(page, button)
		})
	)

const onScreen = (stage: Stage, file: BenchFile, line: LineName, http2: boolean) =>
	seen(stage, file, line, http2, (page, button) => timeFromClick(page, button, file.cid, LIMIT_MS))

const floorStart = (stage: Stage, file: BenchFile, line: LineName, http2: boolean) =>
	seen(stage, file, line, http2, async (page) => {
		const options = { kind: file.kind, seekTo: 0.8, limitMs: LIMIT_MS, isHeard: true }
		const src = `ipfs/${file.cid}?filename=floor-${file.name}`
		return (await page.evaluate(playAndSeek, { ...options, src })).soundMs
	})

/** A folder of two, of which the first plays. */
const nextInQueue = (stage: Stage, { cid }: BenchFile, folder: string, line: LineName, http2: boolean) =>
	stage.withLine(line, http2, (proxy) =>
		stage.inApp({ gateways: [proxy.origin] }, async (page) => {
			await page.evaluate((folder) => (location.hash = `#/r/${folder}`), folder)
			const first = page
				.getByRole('main')
				.getByRole('button', { name: /^Play .*first/i })
				.first()
			await first.waitFor()
			await first.click()
			await page.waitForFunction(
				() => ((window as { notedElement?: HTMLMediaElement }).notedElement?.currentTime ?? 0) > 0
			)
			await page.waitForTimeout(IN_QUEUE_MS)
			const next = page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Next', exact: true })
			return timeFromClick(page, next, cid, LIMIT_MS)
		})
	)

/** A short sound and the file, in this order. @returns the folder's CID */
async function addFolder(stage: Stage, file: BenchFile): Promise<string> {
	const media = await makeMedia(stage.ffmpeg)
	const folder = await mkdtemp(join(tmpdir(), 'antiphon-bench-'))
	try {
		await cp(media.opus, join(folder, '1 first.opus'))
		await cp(file.path, join(folder, `2 ${file.name}`))
		return await stage.kubo.cli(['add', '-r', '-Q', '--cid-version=1', folder])
	} finally {
		await rm(folder, { recursive: true })
	}
}
