import { afterEach, expect, test, vi } from 'vitest'
import type { CID } from 'multiformats/cid'
import { block, connect, node, stopNodes, type Node } from './bitswap.fixture'
import type { WantOptions } from './bitswap-wants'

afterEach(stopNodes)

const aWatch = () => ({ received: vi.fn(), wrong: vi.fn(), wasted: vi.fn(), waiting: vi.fn() })

/** The bytes of a block that a node wants. */
async function want({ bitswap }: Node, cid: CID, options: Partial<WantOptions> = {}): Promise<Uint8Array> {
	return (await bitswap.want(cid, { signal: AbortSignal.timeout(10_000), ...options })).bytes
}

test('blocks come from a peer that holds them, many at once and one by one', async () => {
	const [a, b] = [await node(), await node()]
	await connect(a, b)
	const blocks = await Promise.all(Array.from({ length: 20 }, (_, i) => block(i)))
	for (const { cid, bytes } of blocks) await b.blockstore.put(cid, bytes)
	const got = await Promise.all(blocks.map(({ cid }) => want(a, cid)))
	expect(got).toEqual(blocks.map(({ bytes }) => bytes))
	const small = await block(99, 10)
	await b.blockstore.put(small.cid, small.bytes)
	expect(await want(a, small.cid)).toEqual(small.bytes)
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
	await Promise.all(blocks.map(({ cid }) => want(a, cid)))
	expect(b.traffic.blocksOut + c.traffic.blocksOut).toBe(8)
})

test('a peer that delivers is asked first, and others when it has not the next block', async () => {
	const [a, b, c] = [await node(), await node(), await node()]
	await connect(a, b)
	await connect(a, c)
	const [one, other] = [await block(1), await block(2)]
	await b.blockstore.put(one.cid, one.bytes)
	await c.blockstore.put(other.cid, other.bytes)
	await want(a, one.cid)
	expect(await want(a, other.cid)).toEqual(other.bytes)
})

test('a want that nobody can fulfil fails at once, and not while a dial may bring a holder', async () => {
	const [a, b, c] = [await node(), await node(), await node()]
	const { cid, bytes } = await block(1)
	await expect(want(a, cid)).rejects.toMatchObject({ code: 'content-unavailable' })
	await connect(a, b)
	await expect(want(a, cid)).rejects.toMatchObject({ code: 'content-unavailable' })
	await c.blockstore.put(cid, bytes)
	expect(await want(a, cid, { hopes: [connect(a, c)] })).toEqual(bytes)
})

test('a peer is sent what it wanted when that comes to be here', async () => {
	const [a, b] = [await node(), await node()]
	await connect(a, b)
	const { cid, bytes } = await block(1)
	const hope = Promise.withResolvers<undefined>()
	const wanted = want(a, cid, { hopes: [hope.promise] })
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
	const first = want(a, cid, { signal: stop.signal, hopes: [hope.promise] })
	const second = want(a, cid, { hopes: [hope.promise] })
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
	const wanted = want(a, cid)
	await expect(wanted).rejects.toMatchObject({ code: 'content-unavailable' })
	expect(a.traffic.blocksIn).toBe(0)
})

test('what nobody has alone is put together from those that have a part each', async () => {
	const a = await node()
	const holders = [await node(), await node(), await node()]
	for (const holder of holders) await connect(a, holder)
	const blocks = await Promise.all(Array.from({ length: 24 }, (_, i) => block(i)))
	for (const [i, { cid, bytes }] of blocks.entries()) await holders[i % 3]?.blockstore.put(cid, bytes)
	const [root] = blocks
	const got = await Promise.all(blocks.map(({ cid }) => want(a, cid, { file: root?.cid })))
	expect(got).toEqual(blocks.map(({ bytes }) => bytes))
	expect(holders.map(({ traffic }) => traffic.blocksOut)).toEqual([8, 8, 8])
	expect(a.traffic.blocksIn).toBe(24)
})

test('peers of one file share the work, and no block comes twice', async () => {
	const [a, b, c] = [await node(), await node({ uploadLimit: 4_000_000 }), await node({ uploadLimit: 4_000_000 })]
	await connect(a, b)
	await connect(a, c)
	const blocks = await Promise.all(Array.from({ length: 60 }, (_, i) => block(i)))
	for (const { cid, bytes } of blocks) {
		await b.blockstore.put(cid, bytes)
		await c.blockstore.put(cid, bytes)
	}
	const file = blocks[0]?.cid
	await Promise.all(blocks.map(({ cid }) => want(a, cid, { file })))
	expect(b.traffic.blocksOut + c.traffic.blocksOut).toBe(60)
	for (const { traffic } of [b, c]) expect(traffic.blocksOut).toBeGreaterThan(15)
})

test('what was asked of a peer that leaves comes from another', async () => {
	const [a, b, c] = [await node(), await node({ uploadLimit: 200_000 }), await node()]
	await connect(a, b)
	const blocks = await Promise.all(Array.from({ length: 20 }, (_, i) => block(i)))
	for (const { cid, bytes } of blocks) {
		await b.blockstore.put(cid, bytes)
		await c.blockstore.put(cid, bytes)
	}
	const all = Promise.all(blocks.map(({ cid }) => want(a, cid, { hopes: [connect(a, c)] })))
	await vi.waitFor(() => {
		expect(a.traffic.blocksIn).toBeGreaterThan(0)
	})
	await b.libp2p.stop()
	expect(await all).toEqual(blocks.map(({ bytes }) => bytes))
})

test('what a silent peer owes is asked of another, and its late copy is counted as in vain', async () => {
	const [a, b, c] = [await node(), await node(), await node()]
	await connect(a, b)
	const first = await block(0)
	await b.blockstore.put(first.cid, first.bytes)
	await want(a, first.cid, { file: first.cid })
	const { cid, bytes } = await block(1)
	await b.blockstore.put(cid, bytes)
	await c.blockstore.put(cid, bytes)
	// it says that it has it, and does not send it
	b.bitswap.upload.limit = 1
	await b.bitswap.upload.take(2_000_000, AbortSignal.timeout(10_000))
	await connect(a, c)
	const watch = aWatch()
	expect(await want(a, cid, { file: first.cid, watch })).toEqual(bytes)
	expect(c.traffic.blocksOut).toBe(1)
	b.bitswap.upload.limit = Infinity
	await vi.waitFor(() => {
		expect(watch.wasted).toHaveBeenCalledWith(b.libp2p.peerId.toString(), bytes.length)
	})
})

test('a peer that sends wrong bytes is told of, and asked for nothing any more', async () => {
	const [a, b] = [await node(), await node()]
	await connect(a, b)
	const blocks = await Promise.all(Array.from({ length: 8 }, (_, i) => block(i)))
	for (const [i, { cid }] of blocks.entries()) await b.blockstore.put(cid, new Uint8Array(50_000).fill(100 + i))
	const watch = aWatch()
	const results = await Promise.allSettled(blocks.map(({ cid }) => want(a, cid, { watch })))
	expect(results.every(({ status }) => status === 'rejected')).toBe(true)
	expect(watch.wrong.mock.calls).toEqual(Array.from({ length: 3 }, () => [b.libp2p.peerId.toString()]))
})

test('who gives nothing says so at once, and gives again when allowed', async () => {
	const [a, b] = [await node(), await node({ uploadLimit: 0 })]
	await connect(a, b)
	const { cid, bytes } = await block(1)
	await b.blockstore.put(cid, bytes)
	await expect(want(a, cid)).rejects.toMatchObject({ code: 'content-unavailable' })
	b.bitswap.upload.limit = 1_000_000
	expect(await want(a, cid)).toEqual(bytes)
})
