import { afterEach, expect, test, vi } from 'vitest'
import { block, connect, node, stopNodes } from './bitswap.fixture'

afterEach(stopNodes)
const deadline = () => AbortSignal.timeout(10_000)

test('blocks come from a peer that holds them, many at once and one by one', async () => {
	const [a, b] = [await node(), await node()]
	await connect(a, b)
	const blocks = await Promise.all(Array.from({ length: 20 }, (_, i) => block(i)))
	for (const { cid, bytes } of blocks) await b.blockstore.put(cid, bytes)
	const got = await Promise.all(blocks.map(({ cid }) => a.bitswap.want(cid, deadline())))
	expect(got).toEqual(blocks.map(({ bytes }) => bytes))
	const small = await block(99, 10)
	await b.blockstore.put(small.cid, small.bytes)
	expect(await a.bitswap.want(small.cid, deadline())).toEqual(small.bytes)
	expect(a.traffic).toMatchObject({ blocksIn: 21, bytesIn: 2_000_010, bytesOut: 0 })
	expect(b.traffic.of(a.libp2p.peerId.toString())).toEqual({ bytesIn: 0, bytesOut: 2_000_010 })
})

test('of several holders only one sends a block', async () => {
	const [a, b, c] = [await node(), await node(), await node()]
	await connect(a, b)
	await connect(a, c)
	const blocks = await Promise.all(Array.from({ length: 8 }, (_, i) => block(i)))
	for (const { cid, bytes } of blocks) {
		await b.blockstore.put(cid, bytes)
		await c.blockstore.put(cid, bytes)
	}
	await Promise.all(blocks.map(({ cid }) => a.bitswap.want(cid, deadline())))
	expect(b.traffic.blocksOut + c.traffic.blocksOut).toBe(8)
})

test('a peer that delivers is asked first, and others when it has not the next block', async () => {
	const [a, b, c] = [await node(), await node(), await node()]
	await connect(a, b)
	await connect(a, c)
	const [one, other] = [await block(1), await block(2)]
	await b.blockstore.put(one.cid, one.bytes)
	await c.blockstore.put(other.cid, other.bytes)
	await a.bitswap.want(one.cid, deadline())
	expect(await a.bitswap.want(other.cid, deadline())).toEqual(other.bytes)
})

test('a want that nobody can fulfil fails at once, and not while a dial may bring a holder', async () => {
	const [a, b, c] = [await node(), await node(), await node()]
	const { cid, bytes } = await block(1)
	await expect(a.bitswap.want(cid, deadline())).rejects.toMatchObject({ code: 'content-unavailable' })
	await connect(a, b)
	await expect(a.bitswap.want(cid, deadline())).rejects.toMatchObject({ code: 'content-unavailable' })
	await c.blockstore.put(cid, bytes)
	expect(await a.bitswap.want(cid, deadline(), [connect(a, c)])).toEqual(bytes)
})

test('a peer is sent what it wanted when that comes to be here', async () => {
	const [a, b] = [await node(), await node()]
	await connect(a, b)
	const { cid, bytes } = await block(1)
	const hope = Promise.withResolvers<undefined>()
	const wanted = a.bitswap.want(cid, deadline(), [hope.promise])
	await vi.waitFor(async () => {
		await b.blockstore.put(cid, bytes)
		b.bitswap.notify(cid)
		expect(a.traffic.blocksIn).toBe(1)
	})
	expect(await wanted).toEqual(bytes)
})

test('the signal ends a want for who gave it, and only for that one', async () => {
	const [a, b] = [await node(), await node()]
	await connect(a, b)
	const { cid, bytes } = await block(1)
	const hope = Promise.withResolvers<undefined>()
	const stop = new AbortController()
	const first = a.bitswap.want(cid, stop.signal, [hope.promise])
	const second = a.bitswap.want(cid, deadline(), [hope.promise])
	stop.abort()
	await expect(first).rejects.toMatchObject({ name: 'AbortError' })
	await b.blockstore.put(cid, bytes)
	b.bitswap.notify(cid)
	expect(await second).toEqual(bytes)
})

test('bytes that are not the block are not taken for it', async () => {
	const [a, b] = [await node(), await node()]
	await connect(a, b)
	const { cid } = await block(1)
	await b.blockstore.put(cid, new Uint8Array(50_000))
	const wanted = a.bitswap.want(cid, AbortSignal.timeout(500))
	await expect(wanted).rejects.toMatchObject({ name: 'TimeoutError' })
	expect(a.traffic.blocksIn).toBe(0)
})
