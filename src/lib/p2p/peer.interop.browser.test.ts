import { decode, encode, prepare } from '@ipld/dag-pb'
import { MemoryBlockstore } from 'blockstore-core'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { afterEach, describe, expect, inject, test, vi } from 'vitest'
import type { BlockWatch } from '../gateway/block-source'
import { openAntiphonDatabase, type AntiphonDatabase } from '../storage/database'
import { Vault } from '../storage/vault'
import { createIdentity, privateKeyOf } from './identity'
import { signRecord } from './ipns-record'
import type { Announcement, Peer } from './peer'
import { createPeer } from './peer-node'

interface KuboForTests {
	readonly addresses: Record<'webtransport' | 'webrtcDirect' | 'ws', string>
	readonly file: { readonly root: string; readonly sizeBytes: number }
}
const kubo = (inject as (key: string) => KuboForTests | undefined)('kubo')

const WAIT = { timeout: 20_000, interval: 20 }
const VALUE = '/ipfs/bafybeianqaxtzyhyh3r4uf3vapqb6lo64pgy3momkphw2u5froabpblqtq'
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
	for (const stop of stops.splice(0)) await stop()
})

interface Tab {
	readonly peer: Peer
	readonly store: MemoryBlockstore
	readonly database: AntiphonDatabase
	readonly heard: Announcement[]
}

/** A peer with a store and a database of its own, as another browser would have. */
async function tab(hub: string, datastore = `interop-${crypto.randomUUID()}`): Promise<Tab> {
	const store = new MemoryBlockstore()
	const database = await openAntiphonDatabase(`interop-${crypto.randomUUID()}`)
	const heard: Announcement[] = []
	const peer = await createPeer({
		blockstore: store,
		database,
		datastore,
		hubs: hub === '' ? [] : [hub],
		routers: [],
		allowLocal: true,
		iceServers: [],
		events: { onannouncement: (announcement) => heard.push(announcement), onstatus: () => undefined }
	})
	stops.push(async () => {
		await peer.stop()
		database.close()
	})
	return { peer, store, database, heard }
}

const NO_WATCH: BlockWatch = {
	received: () => undefined,
	wrong: () => undefined,
	wasted: () => undefined,
	waiting: () => undefined
}

/** A file of so many leaves of 256 KiB, that nobody else has. */
async function aFile(count: number) {
	const leaves = []
	for (let i = 0; i < count; i++) {
		const bytes = new Uint8Array(262_144)
		crypto.getRandomValues(bytes.subarray(0, 32))
		leaves.push({ bytes, cid: CID.createV1(0x55, await sha256.digest(bytes)) })
	}
	const unixfs = new UnixFS({ type: 'file', blockSizes: leaves.map(({ bytes }) => BigInt(bytes.length)) })
	const links = leaves.map(({ bytes, cid }) => ({ Hash: cid, Name: '', Tsize: bytes.length }))
	const node = encode(prepare({ Data: unixfs.marshal(), Links: links }))
	return { leaves, node, root: CID.createV1(0x70, await sha256.digest(node)) }
}

const deadline = () => AbortSignal.timeout(20_000)

/** Bytes of the leaves below a node of UnixFS. */
async function readLeaves(peer: Peer, root: string, hints: readonly string[] = []): Promise<number> {
	const { Links } = decode(await peer.get(CID.parse(root), { signal: deadline(), hints }))
	const leaves = await Promise.all(Links.map(({ Hash }) => peer.get(Hash, { signal: deadline(), hints })))
	return leaves.reduce((sum, leaf) => sum + leaf.byteLength, 0)
}

async function announceFrom({ peer, database }: Tab): Promise<string> {
	const vault = new Vault(database)
	const { name } = await createIdentity(vault, 'me')
	await peer.publish(name, await signRecord(await privateKeyOf(vault, name), VALUE, 1n))
	return name
}

describe.skipIf(!kubo)('with Kubo as the hub', () => {
	if (!kubo) return
	const { addresses, file } = kubo

	test.each([
		['webtransport', addresses.webtransport],
		['webrtc-direct', addresses.webrtcDirect],
		['websocket', addresses.ws]
	])('a file comes by %s, and the hub gives a relay slot', async (transport, address) => {
		const { peer, store } = await tab(address)
		const put = vi.spyOn(store, 'put')
		expect(await readLeaves(peer, file.root)).toBe(file.sizeBytes)
		await vi.waitFor(() => {
			expect(put).toHaveBeenCalledTimes(peer.status().blocksIn)
		}, WAIT)
		expect(new Set(put.mock.calls.map(([cid]) => cid.toString())).size).toBe(put.mock.calls.length)
		await vi.waitFor(() => {
			expect(peer.status().hubs).toMatchObject([{ state: 'connected', relays: true }])
		}, WAIT)
		expect(peer.status().peers).toMatchObject([{ transport, agent: expect.stringContaining('kubo') as string }])
		expect(peer.status().bytesIn).toBeGreaterThan(file.sizeBytes)
		expect(peer.status().addresses.some((each) => each.includes('/p2p-circuit/webrtc/'))).toBe(true)
	})

	test('an announcement reaches another tab through the hub, and one that comes later', async () => {
		const [a, b] = [await tab(addresses.ws), await tab(addresses.ws)]
		for (const { peer } of [a, b]) {
			await vi.waitFor(() => {
				expect(peer.status().topics.map(({ peers }) => peers)).toEqual([1, 1])
			}, WAIT)
		}
		const name = await announceFrom(a)
		await vi.waitFor(() => {
			expect(b.heard).toMatchObject([{ name, value: VALUE, sequence: 1n }])
		}, WAIT)
		expect(await b.database.get('announcements', name)).toMatchObject({ name, value: VALUE })
		const late = await tab(addresses.ws)
		await vi.waitFor(() => {
			expect(late.heard).toMatchObject([{ name }])
		}, WAIT)
	})

	test('a tab gives another, by WebRTC, what the hub does not hold', async () => {
		const [a, b] = [await tab(addresses.webtransport), await tab(addresses.webtransport)]
		const leaf = new Uint8Array(262_144)
		const links = []
		for (let i = 0; i < 8; i++) {
			leaf.fill(crypto.getRandomValues(new Uint8Array(1))[0] ?? 0, i * 1000)
			const cid = CID.createV1(0x55, await sha256.digest(leaf))
			await a.store.put(cid, leaf.slice())
			links.push({ Hash: cid, Name: '', Tsize: leaf.length })
		}
		const node = encode(prepare({ Data: new Uint8Array([8, 2]), Links: links }))
		const root = CID.createV1(0x70, await sha256.digest(node))
		await a.store.put(root, node)
		await vi.waitFor(() => {
			expect(a.peer.status().hubs).toMatchObject([{ relays: true }])
			expect(b.peer.status().topics.map(({ peers }) => peers)).toEqual([1, 1])
		}, WAIT)
		const name = await announceFrom(a)
		await vi.waitFor(() => {
			expect(b.heard).toMatchObject([{ name }])
		}, WAIT)
		const hints = b.heard[0]?.hints.filter((hint) => hint.includes('/webrtc/')) ?? []
		expect(hints).not.toEqual([])
		expect(await readLeaves(b.peer, root.toString(), hints)).toBe(8 * leaf.length)
		expect(b.peer.status().peers).toContainEqual(expect.objectContaining({ transport: 'webrtc' }))
	})

	test('a file that three tabs hold a third of each comes to a fourth, which nobody told of them', async () => {
		const { root, node, leaves } = await aFile(24)
		const holders = [await tab(addresses.ws), await tab(addresses.ws), await tab(addresses.ws)]
		for (const { store } of holders) await store.put(root, node)
		for (const [i, { cid, bytes }] of leaves.entries()) await holders[Math.floor(i / 8)]?.store.put(cid, bytes)
		for (const { peer } of holders) {
			await vi.waitFor(() => {
				expect(peer.status().hubs).toMatchObject([{ relays: true }])
			}, WAIT)
		}
		const { peer } = await tab(addresses.ws)
		await vi.waitFor(() => {
			expect(peer.status().hubs).toMatchObject([{ relays: true }])
			expect(peer.status().topics.map(({ peers }) => peers)).toEqual([1, 1])
		}, WAIT)
		const from = new Set<string>()
		const watch: BlockWatch = {
			...NO_WATCH,
			received: (_kind, name) => from.add(name)
		}
		await vi.waitFor(
			async () => {
				const get = (cid: CID) => peer.get(cid, { signal: deadline(), file: root, watch })
				expect(await get(root)).toEqual(node)
				const got = await Promise.all(leaves.map(({ cid }) => get(cid)))
				expect(got).toEqual(leaves.map(({ bytes }) => bytes))
			},
			{ timeout: 60_000, interval: 500 }
		)
		from.delete('local')
		expect(from).toEqual(new Set(holders.map((holder) => holder.peer.status().peerId)))
		// One that was met through another may not have said yet what it holds.
		const said = peer.status().swarms?.[0]?.holders ?? []
		expect(said).not.toEqual([])
		for (const holder of said) expect(from).toContain(holder)
	}, 90_000)

	test('a block comes though the store is full', async () => {
		const { peer, store } = await tab(addresses.ws)
		store.put = () => {
			throw new DOMException('full', 'QuotaExceededError')
		}
		expect(await readLeaves(peer, file.root)).toBe(file.sizeBytes)
	})

	test('the next visit is another peer, and what the last one left behind does not hinder it', async () => {
		const datastore = `interop-${crypto.randomUUID()}`
		const first = await tab(addresses.ws, datastore)
		await vi.waitFor(() => {
			expect(first.peer.status().hubs).toMatchObject([{ state: 'connected', relays: true }])
		}, WAIT)
		const { peerId } = first.peer.status()
		await first.peer.stop()
		const { peer } = await tab('', datastore)
		expect(peer.status().peerId).not.toBe(peerId)
		await peer.dial(addresses.webtransport, deadline())
		expect(peer.status().peers).toMatchObject([{ transport: 'webtransport' }])
		expect(await readLeaves(peer, file.root)).toBe(file.sizeBytes)
	})

	test('a block that nobody holds is said to be so', async () => {
		const { peer } = await tab(addresses.ws)
		const cid = CID.createV1(0x55, await sha256.digest(crypto.getRandomValues(new Uint8Array(32))))
		await expect(peer.get(cid, { signal: deadline() })).rejects.toMatchObject({ code: 'content-unavailable' })
	})
})
