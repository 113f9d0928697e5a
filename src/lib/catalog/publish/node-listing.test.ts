import { MemoryBlockstore } from 'blockstore-core'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KuboRpc } from '../../p2p/kubo-rpc'
import { KUBO_BIN, startKubo, type KuboNode } from '../../p2p/kubo.fixture'
import { readBlock } from '../../storage/read-block'
import { readEdition, writeEdition } from './edition'
import { editionOf, readNodeListing } from './node-listing'
import { KuboPlace } from './places/kubo-place'

const signal = new AbortController().signal

test.each(['', 'nothing', 'https://example.org/'])('"%s" is no address of a folder', async (typed) => {
	const node = { ls: () => Promise.resolve([]), blockGet: () => Promise.resolve(new Uint8Array()) }
	await expect(readNodeListing(typed, node, { signal })).rejects.toMatchObject({ code: 'bad-path' })
})

describe.skipIf(KUBO_BIN === '')('a folder that a real Kubo holds (KUBO_BIN)', () => {
	let kubo: KuboNode
	let folder: string
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'antiphon-collection-'))
		kubo = await startKubo()
	}, 60_000)
	afterAll(async () => {
		await kubo.remove()
		await rm(folder, { recursive: true, force: true })
	})

	test('is published from its listing, pinned whole, and nothing of its files is sent', async () => {
		const album = join(folder, 'Mira Sól/Letters (2026)')
		await mkdir(album, { recursive: true })
		const bytes = (seed: number, length: number) => new Uint8Array(length).map((_, n) => (n * seed) >> 2)
		await writeFile(join(album, '01 - Stamp.flac'), bytes(3, 700_000))
		await writeFile(join(album, '01 - Stamp.lrc'), '[00:01]word')
		await writeFile(join(album, '02 - Post.flac'), bytes(5, 100))
		await writeFile(join(album, 'cover.jpg'), bytes(7, 300))
		const root = (await kubo.ipfs('add', '-r', '-Q', '--cid-version=1', folder)).trim()

		const rpc = new KuboRpc(kubo.rpc)
		const listing = await readNodeListing(`/ipfs/${root}`, rpc, { signal })
		expect(listing).toMatchObject({ others: 2, sizeBytes: 700_100 })
		expect(listing.entries).toMatchObject([
			{
				k: 'Mira Sól/Letters (2026)/01 - Stamp.flac',
				size: 700_000,
				title: 'Stamp',
				artists: ['Mira Sól'],
				track: 1
			},
			{ k: 'Mira Sól/Letters (2026)/02 - Post.flac', size: 100, title: 'Post', album: 'Letters' }
		])
		expect(listing.entries[0]?.lyrics).toBeDefined()
		expect(listing.entries.every(({ cover }) => cover !== undefined)).toBe(true)

		const blockstore = new MemoryBlockstore()
		const read = (cid: Parameters<typeof readBlock>[1]) => readBlock(blockstore, cid)
		const edition = editionOf(listing, { publisher: 'k51me', name: 'Mira' })
		const made = await writeEdition(edition, { blockstore, read, signal, filesThere: true })
		expect(made.blocks.length).toBeLessThan(8)
		const place = new KuboPlace(rpc, { id: 'node', label: 'node' })
		await place.send({
			...made,
			title: 'Mira',
			readBlock: read,
			origins: [],
			keep: () => undefined,
			onprogress: () => undefined,
			signal
		})
		expect(await kubo.ipfs('pin', 'ls', '--type=recursive', '-q')).toContain(made.root.toString())
		const file = await fetch(
			`${kubo.gateway}/ipfs/${made.root.toString()}/Mira%20S%C3%B3l/Letters%20(2026)/01%20-%20Stamp.flac`
		)
		expect((await file.arrayBuffer()).byteLength).toBe(700_000)
		const again = await readEdition(
			made.root,
			'k51me',
			async (cid) => await rpc.blockGet(cid.toString(), signal),
			signal
		)
		expect(again.entries).toHaveLength(2)
	})
})
