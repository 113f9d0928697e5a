import { deleteDB } from 'idb'
import type { CID } from 'multiformats/cid'
import { expect, test } from 'vitest'
import { openBlockstore } from '../../storage/blockstore'
// Vite looks for dependencies in tests, not in their workers, and would load everything anew when it met these.
import './build'
import { buildInWorker } from './build-in-worker'
import type { PublishProgress } from '../publishing'
import { aDraft, anEntry } from './draft.fixture'
import { Pause } from './pause'

const publisher = 'k51qzi5uqu5dkogtleiytfxubg506sz0dwl3em00pptg88pmktkh0zbdgv5417'

/** A real picture, made by a canvas. */
async function picture(): Promise<Blob> {
	const canvas = new OffscreenCanvas(300, 200)
	const context = canvas.getContext('2d')
	if (context) {
		context.fillStyle = 'teal'
		context.fillRect(0, 0, 300, 120)
	}
	return await canvas.convertToBlob({ type: 'image/png' })
}

test('a publication is built beside the page, its blocks in the store', async () => {
	const name = `blocks-${crypto.randomUUID()}`
	const file = new File([new Uint8Array(600_000)], 'a.mp3')
	const draft = aDraft([anEntry('a.mp3', { file, sizeBytes: file.size, cover: await picture() })])
	const steps: string[] = []
	const { root, blocks, entries } = await buildInWorker(draft, publisher, {
		signal: new AbortController().signal,
		blockstore: name,
		onprogress: ({ step }) => steps.push(step)
	})
	expect(entries).toBe(1)
	expect(steps).toContain('hashing')
	expect(blocks[0]?.equals(root)).toBe(true)
	const store = await openBlockstore(name)
	for (const cid of blocks) expect(await store.has(cid)).toBe(true)
	await store.close()
	await deleteDB(name)
})

test('a failure keeps its code and the path of the file', async () => {
	const draft = aDraft([anEntry('b.mp3', { date: 'yesterday' })])
	const built = buildInWorker(draft, publisher, {
		signal: new AbortController().signal,
		blockstore: 'blocks-failing'
	})
	await expect(built).rejects.toMatchObject({ code: 'invalid-entry', detail: 'b.mp3' })
})

test('cancelling ends it', async () => {
	const abort = new AbortController()
	const built = buildInWorker(aDraft([anEntry('c.mp3')]), publisher, {
		signal: abort.signal,
		blockstore: 'blocks-ended'
	})
	abort.abort()
	await expect(built).rejects.toMatchObject({ name: 'AbortError' })
})

test('what was hashed is known after a reload, a pause holds it up, and leaves can stay in their files', async () => {
	const names = { blockstore: `blocks-${crypto.randomUUID()}`, ledger: `ledger-${crypto.randomUUID()}` }
	const bytes = new Uint8Array(9_000_000).map((_, at) => at % 251)
	const file = new File([bytes], 'big.wav', { lastModified: 1 })
	const draft = aDraft([anEntry('big.wav', { file, sizeBytes: file.size })])
	const signal = new AbortController().signal
	const pause = new Pause()
	pause.set(true)
	const progress: PublishProgress[] = []
	const options = { ...names, signal, inFiles: true, onprogress: (now: PublishProgress) => progress.push(now) }
	const waiting = buildInWorker(draft, publisher, { ...options, pause })
	setTimeout(() => {
		expect(progress.every(({ bytesDone }) => bytesDone === 0)).toBe(true)
		pause.set(false)
	}, 300)
	const first = await waiting
	expect(progress.at(-1)).toMatchObject({ bytesDone: 9_000_000, bytesKnown: 0 })
	const again = await buildInWorker(draft, publisher, options)
	expect(progress.at(-1)).toMatchObject({ bytesDone: 9_000_000, bytesKnown: 9_000_000 })
	expect(again.leaves?.[0]?.digests).toEqual(first.leaves?.[0]?.digests)
	const store = await openBlockstore(names.blockstore)
	const missing: CID[] = []
	for (const cid of again.blocks) if (!(await store.has(cid))) missing.push(cid)
	expect(missing).toHaveLength(35)
	const kept = await buildInWorker(draft, publisher, { ...options, inFiles: false })
	for (const cid of kept.blocks) expect(await store.has(cid)).toBe(true)
	await store.close()
	await deleteDB(names.blockstore)
})
