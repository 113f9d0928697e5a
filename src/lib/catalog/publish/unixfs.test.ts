/// <reference types="node" />
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KUBO_BIN, makeKuboRepo, type KuboRepo } from '../../p2p/kubo.fixture'
import { BlockLedger } from './block-ledger'
import { CHUNK_BYTES, type Imported } from './file-dag'
import { importBlob, importTree } from './unixfs'

const signal = new AbortController().signal
const nowhere = () => new BlockLedger({ put: () => undefined }, signal)

/** Bytes that do not repeat, the same in every run. */
function noise(length: number, seed = 1): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(length)
	let state = seed
	for (let i = 0; i < length; i++) {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0
		bytes[i] = state >>> 24
	}
	return bytes
}

test('an empty file and a short one are raw leaves, with the CIDs that all of IPFS knows', async () => {
	const cid = async (text: string) => (await importBlob(new Blob([text]), nowhere(), signal)).cid.toString()
	expect(await cid('')).toBe('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku')
	expect(await cid('hello world\n')).toBe('bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4')
})

test('each block is stored in a buffer of its own', async () => {
	const lengths: number[] = []
	const ledger = new BlockLedger(
		{ put: (_, bytes) => lengths.push(bytes.buffer.byteLength - bytes.byteLength) },
		signal
	)
	await importBlob(new Blob([noise(3 * CHUNK_BYTES)]), ledger, signal)
	expect(lengths).toHaveLength(4)
	expect(Math.max(...lengths.slice(0, 3))).toBe(0)
})

test('cancelling ends an import', async () => {
	const abort = new AbortController()
	const ledger = new BlockLedger({ put: () => undefined }, abort.signal)
	const imported = importBlob(new Blob([noise(40 * CHUNK_BYTES)]), ledger, abort.signal)
	abort.abort()
	await expect(imported).rejects.toMatchObject({ name: 'AbortError' })
})

test('a full disk has a code of its own', async () => {
	const full = new BlockLedger({ put: () => Promise.reject(new Error('QuotaExceededError: no')) }, signal)
	await expect(importBlob(new Blob(['a']), full, signal)).rejects.toMatchObject({ code: 'storage-full' })
})

describe.skipIf(KUBO_BIN === '')('the same CIDs as a real Kubo (KUBO_BIN)', () => {
	let kubo: KuboRepo
	let folder: string

	beforeAll(async () => {
		kubo = await makeKuboRepo()
		folder = await mkdtemp(join(tmpdir(), 'antiphon-tree-'))
	})
	afterAll(async () => {
		await kubo.remove()
		await rm(folder, { recursive: true })
	})

	/** Builds the tree here and in Kubo. */
	async function both(name: string, files: Record<string, Uint8Array<ArrayBuffer>>): Promise<[string, string]> {
		const ledger = nowhere()
		const imported = new Map<string, Imported>()
		for (const [path, bytes] of Object.entries(files)) {
			const target = join(folder, name, path)
			await mkdir(dirname(target), { recursive: true })
			await writeFile(target, bytes)
			imported.set(path, await importBlob(new Blob([bytes]), ledger, signal))
		}
		const ours = await importTree(imported, ledger, signal)
		const theirs = await kubo.ipfs(
			...'add -r -Q --only-hash --cid-version=1 --raw-leaves --chunker=size-262144 --max-file-links=174 --hidden'.split(
				' '
			),
			join(folder, name)
		)
		return [ours.cid.toString(), theirs]
	}

	test('sizes around a chunk, and around one and two levels of nodes', async () => {
		const sizes = [
			0,
			1,
			CHUNK_BYTES - 1,
			CHUNK_BYTES,
			CHUNK_BYTES + 1,
			174 * CHUNK_BYTES,
			175 * CHUNK_BYTES,
			50_000_000
		]
		const long = noise(50_000_000)
		const files = Object.fromEntries(sizes.map((size) => [`${size}.bin`, long.slice(0, size)]))
		const [ours, theirs] = await both('sizes', files)
		expect(ours).toBe(theirs)
	}, 60_000)

	test('nested folders, hidden files and names in any script', async () => {
		const text = (word: string) => new TextEncoder().encode(word)
		const [ours, theirs] = await both('names', {
			'Nadia Ório/Déjà vu/01 Ünder.mp3': text('a'),
			'Nadia Ório/Déjà vu/folder.jpg': text('b'),
			'东京/夜 🌙.flac': text('c'),
			'a b/c#d?e%20.txt': text('d'),
			'.antiphon/pages/0.cbor': text('e'),
			Z: text('f'),
			z: text('g')
		})
		expect(ours).toBe(theirs)
	})

	test.each([
		['many files: a sharded directory', 6000, (n: number) => `song number ${n}.mp3`],
		['many folders: a sharded directory too', 6000, (n: number) => `folder ${n}/a.mp3`],
		// 36 bytes of CID and 28 of name: 4096 links come to the threshold of 262144 exactly, one more is over it.
		['just at the threshold', 4096, (n: number) => `${n}`.padStart(28, '0')],
		['just over the threshold', 4097, (n: number) => `${n}`.padStart(28, '0')]
	])(
		'%s',
		async (name, count, path) => {
			const files = Array.from({ length: count }, (_, n) => [path(n), new Uint8Array([n & 3])] as const)
			const [ours, theirs] = await both(name, Object.fromEntries(files))
			expect(ours).toBe(theirs)
		},
		60_000
	)
})
