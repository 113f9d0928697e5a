import type { CID } from 'multiformats/cid'
import { afterEach, expect, test, vi } from 'vitest'
import { BitswapBroker } from './bitswap-broker'
import { block, connect, node as peer, stopNodes } from './bitswap.fixture'

afterEach(stopNodes)

async function node() {
	const made = await peer()
	return { ...made, broker: new BitswapBroker(made.bitswap, AbortSignal.timeout(10_000)) }
}
type Node = Awaited<ReturnType<typeof node>>

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
