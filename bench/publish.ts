import { randomFillSync } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appUrl, type App } from '../playwright/fixtures/app.ts'
import { Kubo } from '../playwright/fixtures/kubo.ts'
import { publishFolder } from '../playwright/fixtures/publishing.ts'
import type { Media } from '../playwright/fixtures/media.ts'
import { median, ratio, type Figure } from './figures.ts'
import { openProfile } from './programs.ts'

export interface PublishBench {
	readonly app: App
	/** Path of the `ipfs` program. */
	readonly program: string
	readonly media: Media
}

const REPEATS = 3
/** Songs for their tags, and large files for their bytes. */
const SONGS = 300
const LARGE_FILES = 8
const LARGE_BYTES = 64 * 1024 * 1024
const WAV_HEAD_BYTES = 44
const SAMPLE_MS = 50
const IMPORT_MS = 300_000
const SAMPLES_A_LOOK = 40

interface Run {
	readonly importMs: number
	readonly importBytes: number
	readonly tagsMs: number
	readonly files: number
	/** What the tab's process grew by at most, from when the files were chosen to when they were imported. */
	readonly grownBytes: number
	/** The same while it was sent to a node, and announced. */
	readonly sendingBytes: number
}

/**
 * Import of a folder into the app against `ipfs add` of the same folder, time for tags a file, and memory. Both in turn,
 * each `ipfs add` into a repository of its own that has seen nothing yet.
 */
export async function measurePublish({ app, program, media }: PublishBench): Promise<Figure[]> {
	const folder = await makeFolder(media)
	try {
		const runs: Run[] = []
		const stored: Run[] = []
		const addMs: number[] = []
		for (let repeat = 0; repeat < REPEATS; repeat++) {
			const kubo = await Kubo.start({ program, rpcOrigins: [app.origin] })
			try {
				const started = performance.now()
				await kubo.cli(['add', '--recursive', '--quieter', '--cid-version=1', folder])
				addMs.push(performance.now() - started)
				runs.push(await importInTab(app, folder, kubo.rpcUrl))
				stored.push(await importInTab(app, folder))
			} finally {
				await kubo.stop()
			}
		}
		const bytes = runs[0]?.importBytes ?? NaN
		const plain = bytes / 1e3 / median(addMs)
		const speed = (of: readonly Run[]) =>
			of[0]?.importBytes ? bytes / 1e3 / median(of.map(({ importMs }) => importMs)) : NaN
		const most = (of: readonly number[]) => Math.max(...of) / 1e3
		return [
			{
				what: 'import, files stay where they are, against `ipfs add`',
				unit: 'MB/s',
				value: speed(runs),
				plain,
				ratio: ratio(speed(runs), plain)
			},
			{
				what: 'import, all kept in this browser, against `ipfs add`',
				unit: 'MB/s',
				value: speed(stored),
				plain,
				ratio: ratio(speed(stored), plain)
			},
			{
				what: 'tags, covers and places, a file',
				unit: 'ms',
				value: median(runs.map(({ tagsMs, files }) => tagsMs / files))
			},
			{
				what: 'import: what the tab grew by at most',
				unit: 'KB',
				value: most(runs.map(({ grownBytes }) => grownBytes))
			},
			{
				what: 'import, all kept in this browser: what the tab grew by at most',
				unit: 'KB',
				value: most(stored.map(({ grownBytes }) => grownBytes))
			},
			{
				what: 'sending to the node: what the tab had grown by at most',
				unit: 'KB',
				value: most(runs.map(({ sendingBytes }) => sendingBytes))
			}
		]
	} finally {
		await rm(folder, { recursive: true })
	}
}

async function importInTab(app: App, folder: string, nodeRpc?: string): Promise<Run> {
	const profile = await openProfile()
	try {
		const page = await profile.context.newPage()
		await page.goto(appUrl(app))
		await page.waitForFunction(() => document.documentElement.dataset['ready'] === 'true')
		const memory = await watchMemory(profile.folder)
		const published = publishFolder(page, { folder, name: 'Bench', ...(nodeRpc && { nodeRpc }) })
		await Promise.race([
			published,
			page.waitForFunction(() => performance.getEntriesByName('antiphon:import').length > 0, undefined, {
				timeout: IMPORT_MS
			})
		])
		const grownBytes = memory.most()
		await published
		const sendingBytes = memory.stop()
		const measures = await page.evaluate(() =>
			(performance.getEntriesByType('measure') as PerformanceMeasure[]).map(({ name, duration, detail }) => ({
				name,
				duration,
				...(detail as { bytes: number; files: number })
			}))
		)
		const one = (name: string) => {
			const found = measures.find((measure) => measure.name === name)
			if (found === undefined) throw new Error(`the app did not measure ${name}`)
			return found
		}
		const [tags, building] = [one('antiphon:tags'), one('antiphon:import')]
		return {
			importMs: building.duration,
			importBytes: building.bytes,
			tagsMs: tags.duration,
			files: tags.files,
			grownBytes,
			sendingBytes
		}
	} finally {
		await profile.close()
	}
}

/** What is watched of memory: bytes that it grew by at most since the last call. */
interface MemoryWatch {
	most(): number
	/** The same, and ends watching. */
	stop(): number
}

/**
 * Memory of its own, without files that are mapped, of the largest process that shows a page of this browser, from Linux; NaN
 * elsewhere.
 */
async function watchMemory(profile: string): Promise<MemoryWatch> {
	let pages = await pageProcesses(profile)
	const ownBytes = async () => {
		const sizes = await Promise.all(pages.map(async (id) => ownBytesOf(await status(id))))
		return sizes.length === 0 ? NaN : Math.max(...sizes)
	}
	const before = await ownBytes()
	let most = before
	let stopped = false
	void (async () => {
		// All processes are looked through seldom: that costs more than what is measured.
		for (let sample = 1; !stopped; sample++) {
			await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS))
			if (sample % SAMPLES_A_LOOK === 0) pages = await pageProcesses(profile)
			most = Math.max(most, await ownBytes())
		}
	})()
	const take = () => {
		const grown = most - before
		most = before
		return grown
	}
	return {
		most: take,
		stop() {
			stopped = true
			return take()
		}
	}
}

const status = (id: string): Promise<string> => readFile(`/proc/${id}/status`, 'utf8').catch(() => '')
const ownBytesOf = (text: string): number =>
	['RssAnon', 'RssShmem'].reduce(
		(sum, name) => sum + Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? 0),
		0
	) * 1024

/** Ids of the processes that show a page of the browser with this profile. */
async function pageProcesses(profile: string): Promise<string[]> {
	const processes = new Map<string, { command: string; parent: string }>()
	for (const id of await readdir('/proc').catch((): string[] => [])) {
		if (!/^\d+$/.test(id)) continue
		const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')
		processes.set(id, { command, parent: /PPid:\s+(\d+)/.exec(await status(id))?.[1] ?? '' })
	}
	const isOurs = (id: string, above = 4): boolean => {
		const { command = '', parent = '' } = processes.get(id) ?? {}
		return command.includes(profile) || (above > 0 && parent !== '' && isOurs(parent, above - 1))
	}
	return [...processes]
		.filter(([id, { command }]) => command.includes('--type=renderer') && isOurs(id))
		.map(([id]) => id)
}

async function makeFolder({ mp3 }: Media): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'antiphon-bench-'))
	await mkdir(join(folder, 'Songs'))
	for (let at = 0; at < SONGS; at++) {
		const path = join(folder, 'Songs', `${at}.mp3`)
		await copyFile(mp3, path)
		// What follows the sound makes each a file of its own.
		const file = await open(path, 'a')
		await file.write(randomFillSync(Buffer.alloc(1024)))
		await file.close()
	}
	await mkdir(join(folder, 'Field Recordings'))
	for (let at = 0; at < LARGE_FILES; at++) {
		const bytes = randomFillSync(Buffer.alloc(LARGE_BYTES))
		wavHead().copy(bytes)
		const file = await open(join(folder, 'Field Recordings', `${at}.wav`), 'w')
		await file.write(bytes)
		await file.close()
	}
	return folder
}

/** Stereo, 44.1 kHz, 16 bits. */
function wavHead(): Buffer {
	const head = Buffer.alloc(WAV_HEAD_BYTES)
	head.write('RIFF', 0)
	head.writeUInt32LE(LARGE_BYTES - 8, 4)
	head.write('WAVEfmt ', 8)
	head.writeUInt32LE(16, 16)
	head.writeUInt16LE(1, 20)
	head.writeUInt16LE(2, 22)
	head.writeUInt32LE(44_100, 24)
	head.writeUInt32LE(176_400, 28)
	head.writeUInt16LE(4, 32)
	head.writeUInt16LE(16, 34)
	head.write('data', 36)
	head.writeUInt32LE(LARGE_BYTES - WAV_HEAD_BYTES, 40)
	return head
}
