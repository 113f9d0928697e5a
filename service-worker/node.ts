import { createVerifiedFetchWithHelia, type VerifiedFetch } from '@helia/verified-fetch'
import { createHeliaLight } from 'helia'
import type { Blocks } from '@helia/interface'
import type { Blockstore } from 'interface-blockstore'
import { sha512 } from 'multiformats/hashes/sha2'
import { AppError } from '../src/lib/errors'
import { blockKey } from '../src/lib/gateway/block-key'
import { InFlight } from '../src/lib/gateway/in-flight'
import { readOf } from './read'

/** What the worker reads content with. */
export interface ContentNode {
	readonly fetch: VerifiedFetch
	readonly blocks: Blocks
}

/** For one block, over all sources, ms. */
const BLOCK_TIMEOUT_MS = 45_000

/** A Helia without libp2p, whose only block broker is the race of the read that asks (see read.ts). */
export async function createContentNode(blockstore: Blockstore): Promise<ContentNode> {
	const blocks = new InFlight<Uint8Array>()
	const helia = createHeliaLight({
		blockstore,
		hashers: [sha512],
		blockBrokers: [
			{
				name: 'antiphon-race',
				retrieve(cid, options = {}) {
					const read = readOf(options)
					if (read === undefined) throw new AppError('content-unavailable', 'a read without sources')
					const deadline = AbortSignal.timeout(BLOCK_TIMEOUT_MS)
					const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
					const key = blockKey(cid)
					return blocks.run(key, signal, (shared) => read.sources.get(cid, { signal: shared, watch: read.watch }))
				}
			}
		]
	})
	await helia.start()
	return { fetch: await createVerifiedFetchWithHelia(helia), blocks: helia.blockstore }
}
