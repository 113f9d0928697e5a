import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { MemoryBlockstore } from 'blockstore-core'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { expect, vi } from 'vitest'
import { Bitswap } from './bitswap'
import { Traffic } from './traffic'

const stops: (() => Promise<void>)[] = []

/** Ends all nodes; for `afterEach`. */
export async function stopNodes(): Promise<void> {
	for (const stop of stops.splice(0)) await stop()
}

/** A peer on loopback with Bitswap, a store in memory, and counts of what it gave and took. */
export async function node({ uploadLimit }: { uploadLimit?: number } = {}) {
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
	const bitswap = new Bitswap({
		libp2p,
		blockstore,
		...(uploadLimit !== undefined ? { uploadLimit } : {}),
		onblocks: (...counts) => {
			traffic.count(...counts)
		}
	})
	await bitswap.start()
	stops.push(async () => {
		await bitswap.stop()
		await libp2p.stop()
	})
	return { libp2p, blockstore, bitswap, traffic }
}
export type Node = Awaited<ReturnType<typeof node>>

/** Connects two nodes, and waits until each knows that the other speaks Bitswap. */
export async function connect(a: Node, b: Node): Promise<void> {
	const before = [a.bitswap.peers, b.bitswap.peers]
	await a.libp2p.dial(b.libp2p.getMultiaddrs())
	await vi.waitFor(
		() => {
			expect([a.bitswap.peers, b.bitswap.peers]).toEqual(before.map((count) => count + 1))
		},
		{ timeout: 10_000 }
	)
}

/** A raw block of so many bytes of one value. */
export async function block(fill: number, sizeBytes = 100_000) {
	const bytes = new Uint8Array(sizeBytes).fill(fill)
	return { bytes, cid: CID.createV1(raw.code, await sha256.digest(bytes)) }
}
