import { deleteDB } from 'idb'
import { expect, test } from 'vitest'
import { openBlockstore } from '../../storage/blockstore'
// Vite looks for dependencies in tests, not in their workers, and would load everything anew when it met these.
import './build'
import { buildInWorker } from './build-in-worker'
import { aDraft, anEntry } from './draft.fixture'

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
