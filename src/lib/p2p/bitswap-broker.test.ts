import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { MemoryBlockstore } from 'blockstore-core'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { afterEach, expect, test, vi } from 'vitest'
import { Bitswap } from './bitswap'
import { BitswapBroker } from './bitswap-broker'
import { Traffic } from './traffic'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
	for (const stop of stops.splice(0)) await stop()
})

async function node() {
	const libp2p = await createLibp2p({
		addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] },
		transports: [webSockets()],
		connectionEncrypters: [noise()],
		streamMuxers: [yamux()],
		connectionGater: { denyDialMultiaddr: () => false },
		services: { identify: identify() }
	})
	const blockstore = new MemoryBlockstore()
	const traffic = new Traffic()
	const onblocks = traffic.count.bind(traffic)
	const bitswap = new Bitswap({ libp2p, blockstore, onblocks })
	await bitswap.start()
	stops.push(async () => {
		await bitswap.stop()
		await libp2p.stop()
	})
	const broker = new BitswapBroker(bitswap, AbortSignal.timeout(10_000))
	return { libp2p, blockstore, bitswap, broker, traffic }
}
type Node = Awaited<ReturnType<typeof node>>

async function connect(a: Node, b: Node) {
	await a.libp2p.dial(b.libp2p.getMultiaddrs())
	await vi.waitFor(() => {
		expect(Math.min(a.bitswap.peers, b.bitswap.peers)).toBeGreaterThan(0)
	})
}

async function block(fill: number) {
	const bytes = new Uint8Array(100_000).fill(fill)
	return { bytes, cid: CID.createV1(raw.code, await sha256.digest(bytes)) }
}

test('a block comes from a connected peer, and is told of before it is handed on', async () => {
	const [a, b] = [await node(), await node()]
	await connect(a, b)
	const { cid, bytes } = await block(1)
	await b.blockstore.put(cid, bytes)
	const retrieved: Uint8Array[] = []
	const onretrieved = (block: Uint8Array) => retrieved.push(block)
	expect(await a.broker.retrieve(cid, { onretrieved })).toEqual(bytes)
	expect(retrieved).toEqual([bytes])
	expect(a.traffic).toMatchObject({ blocksIn: 1, bytesIn: bytes.length })
})

test('a block that nobody has is said to be so, but not while a dial may bring a holder', async () => {
	const [a, b] = [await node(), await node()]
	const { cid, bytes } = await block(1)
	await b.blockstore.put(cid, bytes)
	await expect(a.broker.retrieve(cid)).rejects.toMatchObject({ code: 'content-unavailable' })
	expect(await a.broker.retrieve(cid, { hopes: () => [connect(a, b)] })).toEqual(bytes)
})

test.each<[string, (node: Node, cid: CID) => Promise<void>]>([
	['is announced', ({ broker }, cid) => broker.announce(cid)],
	['came by another door', ({ bitswap }) => bitswap.notifyAll()]
])('a block that %s reaches a peer that wanted it', async (_, tell) => {
	const [a, b] = [await node(), await node()]
	await connect(a, b)
	const { cid, bytes } = await block(1)
	const hope = Promise.withResolvers<undefined>()
	const wanted = a.broker.retrieve(cid, { hopes: () => [hope.promise] })
	await vi.waitFor(async () => {
		await b.blockstore.put(cid, bytes)
		await tell(b, cid)
		expect(a.traffic.blocksIn).toBe(1)
	})
	expect(await wanted).toEqual(bytes)
})

test('the signal ends it', async () => {
	const [a, b] = [await node(), await node()]
	await connect(a, b)
	const { cid } = await block(1)
	const stop = new AbortController()
	const { promise: never } = Promise.withResolvers<undefined>()
	const wanted = a.broker.retrieve(cid, { signal: stop.signal, hopes: () => [never] })
	stop.abort()
	await expect(wanted).rejects.toMatchObject({ name: 'AbortError' })
})
