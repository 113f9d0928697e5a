/// <reference types="node" />
import * as fc from 'fast-check'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KUBO_BIN, makeKuboRepo, type KuboRepo } from '../../p2p/kubo.fixture'
import type { ChosenFile } from '../publishing'
import { BlockLedger } from './block-ledger'
import { CHUNK_BYTES } from './file-dag'
import { FileImporter } from './import-files'
import { importTree } from './unixfs'

const signal = new AbortController().signal
const utf8 = new TextEncoder()
/** What `ipfs add --cid-version=1` does by itself; hidden files are only asked for. */
const ADD = ['add', '--recursive', '--only-hash', '--cid-version=1', '--hidden']

type Tree = Readonly<Record<string, Uint8Array<ArrayBuffer>>>

async function rootOf(tree: Tree): Promise<string> {
	const ledger = new BlockLedger({ put: () => undefined }, signal)
	const files = Object.entries(tree).map(([path, bytes]): ChosenFile => ({
		path,
		file: new File([bytes], path.split('/').at(-1) ?? '')
	}))
	const imported = await new FileImporter({ ledger, signal }).all(files)
	return (await importTree(imported, ledger, signal)).cid.toString()
}

/** As a file system takes it: up to 255 bytes, no `/`, in NFC as all paths here are. */
const name = fc
	.oneof(
		{ weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }) },
		{ weight: 2, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }) },
		{
			weight: 2,
			arbitrary: fc.string({
				unit: fc.constantFrom('.', '-', ' ', 'a', '%', '#', '?', '\\', '\n'),
				minLength: 1,
				maxLength: 9
			})
		},
		{ weight: 1, arbitrary: fc.string({ minLength: 200, maxLength: 255 }) }
	)
	.map((text) => text.normalize('NFC').replaceAll('/', '∕').replaceAll('\0', '0'))
	.filter((text) => text !== '.' && text !== '..' && text !== '' && utf8.encode(text).length <= 255)

const size = fc.oneof(
	{ weight: 6, arbitrary: fc.nat(300) },
	{ weight: 2, arbitrary: fc.constantFrom(0, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES) },
	{ weight: 1, arbitrary: fc.nat(5 * CHUNK_BYTES) }
)

const content = fc.tuple(size, fc.nat()).map(([length, seed]) => {
	const bytes = new Uint8Array(length)
	let state = seed
	for (let at = 0; at < length; at++) {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0
		bytes[at] = state >>> 24
	}
	return bytes
})

const tree = fc
	.array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 4 }), content), { minLength: 1, maxLength: 12 })
	.map((files) => {
		const made = new Map<string, Uint8Array<ArrayBuffer>>()
		const folders = new Set<string>()
		for (const [names, bytes] of files) {
			const path = names.join('/')
			const above = names.slice(0, -1).map((_, at) => names.slice(0, at + 1).join('/'))
			// A file cannot also be a folder.
			if (made.has(path) || folders.has(path) || above.some((folder) => made.has(folder))) continue
			for (const folder of above) folders.add(folder)
			made.set(path, bytes)
		}
		return Object.fromEntries(made)
	})

describe.skipIf(KUBO_BIN === '')('the same CIDs as a real Kubo (KUBO_BIN)', () => {
	let kubo: KuboRepo
	let folder: string
	let runs = 0

	beforeAll(async () => {
		kubo = await makeKuboRepo()
		folder = await mkdtemp(join(tmpdir(), 'antiphon-same-'))
	})
	afterAll(async () => {
		await kubo.remove()
		await rm(folder, { recursive: true })
	})

	/** Root CIDs by Kubo, of many trees in one command. */
	async function byKubo(trees: readonly Tree[]): Promise<string[]> {
		const run = join(folder, String(runs++))
		for (const [at, one] of trees.entries()) {
			for (const [path, bytes] of Object.entries(one)) {
				const target = join(run, String(at), ...path.split('/'))
				await mkdir(dirname(target), { recursive: true })
				await writeFile(target, bytes)
			}
		}
		const said = (await kubo.ipfs(...ADD, run)).split('\n')
		await rm(run, { recursive: true })
		const base = run.slice(run.lastIndexOf('/') + 1)
		return trees.map((_, at) => said.find((line) => line.endsWith(` ${base}/${at}`))?.split(' ')[1] ?? 'nothing')
	}

	test('any tree of any names and bytes', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(tree, { minLength: 10, maxLength: 10 }), async (trees) => {
				expect(await Promise.all(trees.map(rootOf))).toEqual(await byKubo(trees))
			}),
			{ numRuns: 8, endOnFailure: true }
		)
	}, 120_000)

	test.each([-1, 0, 1])(
		'a folder whose names and CIDs come to the threshold of a HAMT, %i bytes',
		async (more) => {
			const one = new Uint8Array([1])
			const names: Record<string, Uint8Array<ArrayBuffer>> = {}
			let left = 262_144 + more
			for (let at = 0; left > 0; at++) {
				// Names of many lengths, in two bytes a letter; the last two take what is left.
				const length = left > 500 ? 60 + ((at * 37) % 150) : left > 290 ? 114 : left - 36
				const text = String(at).padStart(6, '0')
				names[text + 'é'.repeat((length - 6) >> 1) + 'x'.repeat((length - 6) & 1)] = one
				left -= 36 + length
			}
			expect(left).toBe(0)
			expect([await rootOf(names)]).toEqual(await byKubo([names]))
		},
		60_000
	)

	test('10,000 files in 400 folders', async () => {
		const files = Array.from({ length: 10_000 }, (_, at) => {
			const bytes = utf8.encode(`track ${at} `.repeat(1 + (at % 50)))
			return [`Artist ${at % 40}/Album ${at % 400}/${at} – Träck.mp3`, bytes] as const
		})
		const tree = Object.fromEntries(files)
		expect([await rootOf(tree)]).toEqual(await byKubo([tree]))
	}, 120_000)
})
