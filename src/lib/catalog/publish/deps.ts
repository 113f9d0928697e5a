import type { Leader } from '../../p2p/leader'
import { privateKeyOf } from '../../p2p/identity'
import { nextSequence, signRecord, type IpnsRecord } from '../../p2p/ipns-record'
import { putRecord, resolveName } from '../../p2p/ipns-routing'
import { readBlock, type BlockReader } from '../../storage/read-block'
import type { Vault } from '../../storage/vault'
import type { BlockSource } from '../../gateway/block-source'
import type { ReadBlock } from './car'
import type { PublishDeps } from './places'
import { blocksHeldAt, listPublications, savePublication } from './publications'

const BLOCK_MS = 60_000

export interface PublishDepsInit {
	readonly vault: Vault
	readonly leader: Pick<Leader, 'publish'>
	readonly blockstore: BlockReader
	/** Origins of routers that are asked for the newest record of the name. */
	readonly routers: readonly string[]
	/** `buildInWorker`, or {@link buildPublication} with a block store. */
	readonly build: PublishDeps['build']
	/** What the publisher is called. */
	readonly displayName?: string
	/** Asked for blocks that are not here, as those of a publication that another device made. */
	readonly source?: BlockSource
	/** The newest record of a name, wherever else one may be found. */
	readonly findRecord?: (name: string, signal: AbortSignal) => Promise<IpnsRecord | undefined>
}

/** Reads a block from the store; one that is not there, from `source`. */
export function readHereOrThere({
	blockstore,
	source
}: Pick<PublishDepsInit, 'blockstore' | 'source'>): ReadBlock {
	return async (cid, signal) => {
		try {
			return await readBlock(blockstore, cid, { signal })
		} catch (error) {
			signal.throwIfAborted()
			if (source === undefined) throw error
			return await source.get(cid, { signal: AbortSignal.any([signal, AbortSignal.timeout(BLOCK_MS)]) })
		}
	}
}

/** The app's own parts, put together for {@link Publishing}. */
export function publishDeps(init: PublishDepsInit): PublishDeps {
	const { vault, leader, routers, build, displayName = '', findRecord } = init
	const { database } = vault
	const read = readHereOrThere(init)
	return {
		build,
		readBlock: read,
		holds: (place, name, root, signal) => blocksHeldAt(database, { place, name, root, read }, signal),
		save: (results) => savePublication(database, results, { displayName }),
		async nextSequence(name, signal) {
			const [own, network, found, made] = await Promise.all([
				database.get('announcements', name),
				resolveName(routers, name, { signal }),
				findRecord?.(name, signal),
				listPublications(database)
			])
			// Also what was signed here and never heard by anyone.
			const signed = made.flatMap(({ results: { sequence, ...of } }) =>
				of.name === name && sequence !== undefined ? [{ sequence }] : []
			)
			return nextSequence([own, network.record, found, ...signed])
		},
		async sign(name, root, sequence) {
			return await signRecord(await privateKeyOf(vault, name), `/ipfs/${root}`, sequence)
		},
		async putRecord(origin, name, record, signal) {
			const [outcome] = await putRecord([origin], name, record, { signal })
			if (outcome?.error !== undefined) throw outcome.error as Error
		},
		announce: (name, record, signal) => leader.publish(name, record, signal)
	}
}
