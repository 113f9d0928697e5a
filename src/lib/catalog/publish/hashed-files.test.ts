import { MemoryBlockstore } from 'blockstore-core'
import { expect, test } from 'vitest'
import { buildPublication } from './build'
import type { buildInWorker } from './build-in-worker'
import { aDraft, anEntry } from './draft.fixture'
import { HashedFiles } from './hashed-files'

const publisher = 'k51qzi5uqu5dkogtleiytfxubg506sz0dwl3em00pptg88pmktkh0zbdgv5417'
const signal = new AbortController().signal
const onprogress = () => undefined

function setUp() {
	const blockstore = new MemoryBlockstore()
	const builds: boolean[] = []
	const build: typeof buildInWorker = (draft, name, { pause: _, inFiles = false, ...options }) => {
		builds.push(inFiles)
		return buildPublication(draft, name, { ...options, inFiles, blockstore })
	}
	const isStored = (cid: Parameters<MemoryBlockstore['has']>[0]) => Promise.resolve(blockstore.has(cid))
	const missing = () => Promise.reject(new Error('not stored'))
	return { hashed: () => new HashedFiles(build), builds, isStored, missing }
}

test('what is not copied is read from its files, also when they are chosen again after a reload', async () => {
	const { hashed, builds, isStored, missing } = setUp()
	const path = 'big.wav'
	const file = new File([new Uint8Array(600_000)], path)
	const draft = aDraft([anEntry(path, { file, sizeBytes: file.size })])
	const files = hashed()
	const { leaves } = await files.builder({ inFiles: true })(draft, publisher, { signal, onprogress })
	expect(builds).toEqual([true])
	const leaf = (await import('./file-dag')).leafCid(leaves?.[0]?.digests ?? new Uint8Array(), 0)
	expect((await files.reader(missing, isStored)(leaf, signal)).byteLength).toBe(262_144)

	// After a reload: nothing is known but what was chosen again.
	const again = hashed()
	await expect(again.reader(missing, isStored)(leaf, signal)).rejects.toThrow('not stored')
	again.offer([{ path, file }])
	expect((await again.reader(missing, isStored)(leaf, signal)).byteLength).toBe(262_144)
})

test('what was copied is read from the store alone', async () => {
	const { hashed, builds, isStored, missing } = setUp()
	const files = hashed()
	const { root } = await files.builder({ inFiles: false })(aDraft([anEntry('a.mp3')]), publisher, {
		signal,
		onprogress
	})
	expect([builds, files.inFiles]).toEqual([[false], false])
	files.offer([{ path: 'b.mp3', file: new File(['b'], 'b.mp3') }])
	await expect(files.reader(missing, isStored)(root, signal)).rejects.toThrow('not stored')
	expect(builds).toEqual([false])
})

test('what another device made is not looked for in files that were built already', async () => {
	const { hashed, builds, missing } = setUp()
	const files = hashed()
	const entry = anEntry('a.mp3')
	files.offer([entry])
	const { root } = await files.builder({ inFiles: false })(aDraft([entry]), publisher, { signal, onprogress })
	const absent = () => Promise.resolve(false)
	await expect(files.reader(missing, absent)(root, signal)).rejects.toThrow('not stored')
	expect(builds).toEqual([false])
})
