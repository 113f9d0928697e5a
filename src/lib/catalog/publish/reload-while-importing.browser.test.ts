import { deleteDB } from 'idb'
import { expect, test } from 'vitest'
import { openBlockstore } from '../../storage/blockstore'
// Vite looks for dependencies in tests, not in their workers, and would load everything anew when it met these.
import './build'
import type { PublishProgress } from '../publishing'
import { buildInWorker } from './build-in-worker'
import { aDraft, anEntry } from './draft.fixture'

const publisher = 'k51qzi5uqu5dkogtleiytfxubg506sz0dwl3em00pptg88pmktkh0zbdgv5417'
const SMALL = 9_990
const LARGE = 10
const LARGE_BYTES = 5_000_000
const RELOADS = 2

const random = (below: number) => Math.floor(Math.random() * below)

test(
	'10,000 files, with reloads at random points: nothing is lost, and what was hashed is not hashed again',
	{ timeout: 600_000 },
	async () => {
		const small = Array.from({ length: SMALL }, (_, at) => `${at % 400}/${at}.mp3`)
		const large = Array.from({ length: LARGE }, (_, at) => `large/${at}.wav`)
		const wave = new Uint8Array(LARGE_BYTES).map((_, at) => at % 241)
		const entries = [
			...large.map((path, at) => ({ path, file: new File([`${at}`, wave], path, { lastModified: 1 }) })),
			...small.map((path) => ({ path, file: new File([path.repeat(20)], path, { lastModified: 1 }) }))
		].map(({ path, file }) => anEntry(path, { file, sizeBytes: file.size }))
		const draft = aDraft(entries)
		const bytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
		const names = { blockstore: `blocks-${crypto.randomUUID()}`, ledger: `ledger-${crypto.randomUUID()}` }

		/** Bytes of large files that a visit had hashed when it ended: of each, what is noted at the latest. */
		let hashed = 0
		for (let reload = 0; reload < RELOADS; reload++) {
			const ending = new AbortController()
			const end = random(bytes)
			let last: PublishProgress | undefined
			const visit = buildInWorker(draft, publisher, {
				...names,
				signal: ending.signal,
				onprogress: (progress) => {
					last = progress
					if (progress.bytesDone >= end) ending.abort()
				}
			})
			await visit.catch(() => undefined)
			hashed = Math.max(hashed, last?.bytesKnown ?? 0)
		}
		let last: PublishProgress | undefined
		const built = await buildInWorker(draft, publisher, {
			...names,
			signal: new AbortController().signal,
			onprogress: (progress) => (last = progress)
		})
		expect(last).toMatchObject({ filesDone: entries.length, bytesDone: bytes })
		expect(last?.bytesKnown ?? 0).toBeGreaterThanOrEqual(hashed)
		expect(built.entries).toBe(entries.length)

		const store = await openBlockstore(names.blockstore)
		for (const cid of built.blocks) if (!(await store.has(cid))) throw new Error(`${cid.toString()} is lost`)
		const again = await buildInWorker(draft, publisher, {
			...names,
			signal: new AbortController().signal,
			onprogress: (progress) => (last = progress)
		})
		// Whole files are known now, but for those of one leaf: telling whether they are known would be to read them.
		expect(last?.bytesKnown).toBe(LARGE * (LARGE_BYTES + 1))
		const leaves = (blocks: typeof built.blocks) =>
			new Set(blocks.filter(({ code }) => code === 0x55).map(String)).size
		expect(leaves(again.blocks)).toBe(leaves(built.blocks))
		await store.close()
		await deleteDB(names.blockstore)
		await deleteDB(names.ledger)
	}
)
