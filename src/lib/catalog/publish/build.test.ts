/// <reference types="node" />
import { MemoryBlockstore } from 'blockstore-core'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CID } from 'multiformats/cid'
import { exporter, walkPath } from 'ipfs-unixfs-exporter'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KUBO_BIN, makeKuboRepo, type KuboRepo } from '../../p2p/kubo.fixture'
import { decodeHead } from '../head'
import { decodePage } from '../page'
import type { Draft } from '../publishing'
import { buildPublication } from './build'
import { carBlob } from './car'
import { aDraft, aFile, anEntry, jpeg } from './draft.fixture'
import { signedPlaylists } from './signed-playlists'

const publisher = 'k51qzi5uqu5dkogtleiytfxubg506sz0dwl3em00pptg88pmktkh0zbdgv5417'
const signal = new AbortController().signal
const pixels = { width: 1, height: 1, rgba: [200, 30, 30, 255] }

async function build(draft: Draft, options: { createdS?: number; addedS?: Map<string, number> } = {}) {
	const blockstore = new MemoryBlockstore()
	const decoded: Blob[] = []
	const built = await buildPublication(draft, publisher, {
		blockstore,
		signal,
		createdS: 1000,
		decodeImage: (image) => {
			decoded.push(image)
			return Promise.resolve(pixels)
		},
		...options
	})
	const read = async (cid: CID): Promise<Uint8Array> => {
		const parts: Uint8Array[] = []
		for await (const part of blockstore.get(cid)) parts.push(part)
		return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())
	}
	const at = async (path: string) => (await exporter(`${built.root.toString()}/${path}`, blockstore)).cid
	const head = decodeHead(await read(await at('.antiphon/catalog.cbor')))
	const pages = await Promise.all(head.pages.map(async ({ c }) => decodePage(await read(c))))
	return { built, blockstore, decoded, read, at, head, entries: pages.flatMap((page) => page.entries) }
}

test('head and entries say what the draft says', async () => {
	const lrc = aFile('Album/01 One.lrc')
	const one = anEntry('Album/01 One.mp3', {
		title: ' Óne ',
		artists: ['A', ' '],
		track: 1,
		durationMs: 61_000,
		gain: { track: -3.5 }
	})
	const two = anEntry('Album/02 Two.mp3', { licence: 'CC0-1.0' })
	const { head, entries, at } = await build(aDraft([two, one], [lrc]))
	expect(head).toMatchObject({
		v: 1,
		publisher,
		name: 'Northing',
		licence: 'CC-BY-4.0',
		created: 1000,
		entries: 2
	})
	expect(head.bytes).toBe(one.sizeBytes + two.sizeBytes)
	expect(head).not.toHaveProperty('about')
	expect(entries.map(({ k }) => k)).toEqual(['Album/01 One.mp3', 'Album/02 Two.mp3'])
	expect(entries[0]).toMatchObject({
		title: 'Óne',
		artists: ['A'],
		track: 1,
		durationMs: 61_000,
		licence: 'CC-BY-4.0',
		added: 1000
	})
	expect(entries[0]?.file.toString()).toBe((await at('Album/01 One.mp3')).toString())
	expect(entries[0]?.lyrics?.toString()).toBe((await at('Album/01 One.lrc')).toString())
	expect(entries[1]).toMatchObject({ licence: 'CC0-1.0' })
	expect(entries[1]).not.toHaveProperty('album')
})

test('a cover is kept once, below the root, and decoded once', async () => {
	const folder = aFile('Album/cover.jpg', jpeg(1))
	const { entries, decoded, at, built } = await build(
		aDraft(
			[
				anEntry('Album/1.mp3', { cover: folder.file }),
				anEntry('Album/2.mp3', { cover: jpeg(2) }),
				anEntry('Album/3.mp3', { cover: jpeg(2) }),
				anEntry('Album/4.mp3', { cover: new Blob(['<svg onload=alert(1)>'], { type: 'image/jpeg' }) })
			],
			[folder]
		)
	)
	expect(entries[0]?.cover?.toString()).toBe((await at('Album/cover.jpg')).toString())
	expect(entries[1]?.cover?.toString()).toBe(entries[2]?.cover?.toString())
	expect(entries[1]?.cover?.toString()).toBe(
		(await at(`.antiphon/covers/${String(entries[1]?.cover)}.jpg`)).toString()
	)
	expect(entries[3]?.cover).toBeUndefined()
	expect(entries[0]?.thumb?.byteLength).toBeGreaterThan(4)
	expect(decoded).toHaveLength(2)
	expect(new Set(built.blocks.map(String)).size).toBe(built.blocks.length)
})

test('a waveform goes along, and a cover tells no place', async () => {
	const xmp = `<x:xmpmeta><rdf:RDF><rdf:Description photoshop:City="Paris"/></rdf:RDF></x:xmpmeta>`
	const cover = new Blob([await jpeg().arrayBuffer(), xmp], { type: 'image/jpeg' })
	const waveform = new Uint8Array([1, 2, 3])
	const { entries, at, read } = await build(aDraft([anEntry('1.mp3', { cover, waveform })]))
	const [entry] = entries
	if (entry?.waveform === undefined || entry.cover === undefined) throw new Error('something is missing')
	expect(await read(entry.waveform)).toEqual(waveform)
	expect((await at(`.antiphon/waveforms/${entry.waveform.toString()}.dat`)).toString()).toBe(
		String(entry.waveform)
	)
	const kept = new TextDecoder().decode(await read(entry.cover))
	expect(kept).toContain('<rdf:Description')
	expect(kept).not.toContain('Paris')
})

test('a cover that is published itself is published as its file is', async () => {
	const folder = aFile('cover.jpg', jpeg())
	const patches = [{ at: 5, bytes: new Uint8Array([9]) }]
	const { entries, at, read } = await build(
		aDraft([anEntry('1.mp3', { cover: folder.file })], [{ ...folder, patches }])
	)
	const [entry] = entries
	expect(String(entry?.cover)).toBe(String(await at('cover.jpg')))
	expect((await read(await at('cover.jpg')))[5]).toBe(9)
})

test('what did not change keeps its page, whatever the day', async () => {
	const draft = (title: string) =>
		aDraft([...Array(3000).keys()].map((n) => anEntry(`${n}.mp3`, { title: n === 1500 ? title : 'x' })))
	const before = await build(draft('old'))
	const addedS = new Map(before.entries.map(({ k, added }) => [k, added ?? 0]))
	const after = await build(draft('new'), { createdS: 2000, addedS })
	const old = new Set(before.head.pages.map(({ c }) => c.toString()))
	expect(before.head.pages.length).toBeGreaterThan(3)
	expect(after.head.pages.filter(({ c }) => !old.has(c.toString()))).toHaveLength(1)
})

test('a film has its subtitles', async () => {
	const { entries } = await build(
		aDraft(
			[anEntry('Film.webm', { kind: 'video', mime: 'video/webm' })],
			[aFile('Film.vtt'), aFile('Film.de.srt'), aFile('Other.vtt')]
		)
	)
	expect(entries[0]?.subtitles).toMatchObject([
		{ lang: 'und', mime: 'text/vtt' },
		{ lang: 'de', mime: 'application/x-subrip' }
	])
})

test('an entry that breaks a rule fails with its path', async () => {
	const wrong = build(aDraft([anEntry('a.mp3'), anEntry('b.mp3', { date: 'yesterday' })]))
	await expect(wrong).rejects.toMatchObject({ code: 'invalid-entry', detail: 'b.mp3' })
})

test('progress ends at all of it', async () => {
	const seen: { bytesDone: number; bytes: number; filesDone: number }[] = []
	await buildPublication(aDraft([anEntry('a.mp3')], [aFile('b.txt')]), publisher, {
		blockstore: new MemoryBlockstore(),
		signal,
		onprogress: (progress) => seen.push(progress)
	})
	expect(seen.at(-1)).toMatchObject({ bytesDone: 10, bytes: 10, filesDone: 2 })
})

test('a CAR lists the root first and every block that the root leads to', async () => {
	const { built, read } = await build(aDraft([anEntry('a/b/c.mp3')]))
	const { CarReader } = await import('@ipld/car/reader')
	const car = await carBlob([built.root], built.blocks, read, signal)
	const reader = await CarReader.fromBytes(new Uint8Array(await car.arrayBuffer()))
	expect((await reader.getRoots()).map(String)).toEqual([built.root.toString()])
	const cids: string[] = []
	for await (const cid of reader.cids()) cids.push(cid.toString())
	expect(cids).toEqual(built.blocks.map(String))
	const walked: string[] = []
	for await (const { cid } of walkPath(`${built.root.toString()}/a/b/c.mp3`, {
		get: async function* (cid) {
			yield await read(cid)
		}
	}))
		walked.push(cid.toString())
	for (const cid of walked) expect(cids).toContain(cid)
})

describe.skipIf(KUBO_BIN === '')('with a real Kubo (KUBO_BIN)', () => {
	let kubo: KuboRepo
	let folder: string
	beforeAll(async () => {
		kubo = await makeKuboRepo()
		folder = await mkdtemp(join(tmpdir(), 'antiphon-publication-'))
	})
	afterAll(async () => {
		await kubo.remove()
		await rm(folder, { recursive: true })
	})

	test('importing the CAR gives and pins our root, and adding the exported folder gives it again', async () => {
		const noise = new Uint8Array(1_000_000).map((_, n) => (n * n * 7919) >>> 5)
		const big = anEntry('Nadia Ório/Neap/01 Big.mp3', {
			file: new File([noise], 'big.mp3'),
			sizeBytes: noise.length,
			cover: jpeg(3)
		})
		const lists = ['Winter, evenings', '夜'].map((title) => ({ v: 1, title, created: 1000, items: [] }) as const)
		const { built, read } = await build({
			...aDraft([big, anEntry('夜.flac')], [aFile('Nadia Ório/Neap/notes.txt')]),
			playlists: signedPlaylists(lists, publisher)
		})
		const car = join(folder, 'publication.car')
		await writeFile(
			car,
			new Uint8Array(await (await carBlob([built.root], built.blocks, read, signal)).arrayBuffer())
		)
		expect(await kubo.ipfs('dag', 'import', '--pin-roots=true', car)).toContain(
			`${built.root.toString()}\tsuccess`
		)
		expect(await kubo.ipfs('pin', 'ls', '--type=recursive', '-q')).toContain(built.root.toString())
		const out = join(folder, 'out')
		await kubo.ipfs('get', built.root.toString(), '-o', out)
		const added = await kubo.ipfs(
			...'add -r -Q --only-hash --cid-version=1 --raw-leaves --chunker=size-262144 --max-file-links=174 --hidden'.split(
				' '
			),
			out
		)
		expect(added).toBe(built.root.toString())
	}, 60_000)
})
