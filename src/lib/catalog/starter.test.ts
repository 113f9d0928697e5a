/// <reference types="node" />
import { CarReader } from '@ipld/car/reader'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { exporter } from 'ipfs-unixfs-exporter'
import { readFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { decodeAnnouncement } from '../p2p/announce'
import { parseRecord } from '../p2p/ipns-record'
import type { Entry } from './entry'
import { checkPublisher, decodeHead, type Head } from './head'
import { decodePage } from './page'
import { STARTER_ANNOUNCEMENT, STARTER_CAR, STARTER_NAME, STARTER_ROOT } from './starter'

let bytes: Uint8Array
let blocks: Map<string, Uint8Array>
let head: Head
let entries: Entry[]

const held = (cid: CID) => {
	const block = blocks.get(cid.toString())
	if (block === undefined) throw new Error(`no block ${cid.toString()}`)
	return block
}
const source = {
	async *get(cid: CID) {
		yield await Promise.resolve(held(cid))
	}
}
async function file(cid: CID): Promise<Uint8Array> {
	const parts: Uint8Array[] = []
	const found = await exporter(cid, source)
	if (found.type !== 'file' && found.type !== 'raw') throw new Error(`${cid.toString()} is no file`)
	for await (const part of found.content()) parts.push(part)
	return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())
}

beforeAll(async () => {
	bytes = new Uint8Array(await readFile(`static/${STARTER_CAR}`))
	const reader = await CarReader.fromBytes(bytes)
	blocks = new Map()
	for await (const { cid, bytes: block } of reader.blocks()) blocks.set(cid.toString(), block)
	expect((await reader.getRoots()).map(String)).toEqual([STARTER_ROOT])
	head = decodeHead(held((await exporter(`${STARTER_ROOT}/.antiphon/catalog.cbor`, source)).cid))
	const pages = head.pages.map(({ c }) => decodePage(held(c)))
	expect(pages.flatMap(({ reasons }) => reasons)).toEqual([])
	entries = pages.flatMap((page) => page.entries)
})

test('it is small, and every block is what its CID says', async () => {
	expect(bytes.byteLength).toBeLessThanOrEqual(6_000_000)
	for (const [text, block] of blocks) {
		const { multihash } = CID.parse(text)
		expect((await sha256.digest(block)).bytes).toEqual(multihash.bytes)
	}
})

test('it has music, a film, sleeves and a licence', async () => {
	checkPublisher(head, STARTER_NAME)
	expect(head).toMatchObject({ licence: 'CC0-1.0', entries: entries.length })
	expect(entries.filter(({ t }) => t === 'audio').length).toBeGreaterThanOrEqual(8)
	expect(entries.filter(({ t }) => t === 'video').length).toBeGreaterThanOrEqual(1)
	expect(new Set(entries.flatMap(({ album }) => album ?? [])).size).toBeGreaterThanOrEqual(3)
	for (const entry of entries) {
		expect(entry.title).not.toBe('')
		expect(entry.artists?.length).toBeGreaterThan(0)
		expect(entry.durationMs).toBeGreaterThan(15_000)
		expect(entry.thumb?.byteLength).toBeGreaterThan(4)
		expect((await file(entry.file)).byteLength).toBe(entry.size)
		const cover = entry.cover && (await file(entry.cover))
		expect(cover?.byteLength).toBeLessThanOrEqual(25_000)
		expect([...(cover?.subarray(0, 3) ?? [])]).toEqual([0xff, 0xd8, 0xff])
	}
})

test('its announcement is signed by that name, for that root and for decades', async () => {
	const { name, record } = decodeAnnouncement(new Uint8Array(await readFile(`static/${STARTER_ANNOUNCEMENT}`)))
	expect(name).toBe(STARTER_NAME)
	const { value, validUntilMs, sequence } = await parseRecord(name, record)
	expect(value).toBe(`/ipfs/${STARTER_ROOT}`)
	expect(sequence).toBe(1n)
	expect(validUntilMs).toBeGreaterThan(Date.UTC(2070, 0))
})
