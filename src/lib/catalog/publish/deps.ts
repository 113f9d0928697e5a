import type { Leader } from '../../p2p/leader'
import { privateKeyOf } from '../../p2p/identity'
import { nextSequence, signRecord } from '../../p2p/ipns-record'
import { putRecord, resolveName } from '../../p2p/ipns-routing'
import type { AntiphonDatabase } from '../../storage/database'
import type { PublishDeps } from './places'

/** Where blocks are read: an `interface-blockstore`. */
export interface BlockReader {
	get(
		cid: Parameters<PublishDeps['readBlock']>[0],
		options?: { signal?: AbortSignal }
	): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

export interface PublishDepsInit {
	readonly database: AntiphonDatabase
	readonly leader: Pick<Leader, 'publish'>
	readonly blockstore: BlockReader
	/** Origins of routers that are asked for the newest record of the name. */
	readonly routers: readonly string[]
	/** `buildInWorker`, or {@link buildPublication} with a block store. */
	readonly build: PublishDeps['build']
}

/** The app's own parts, put together for {@link Publishing}. */
export function publishDeps({ database, leader, blockstore, routers, build }: PublishDepsInit): PublishDeps {
	return {
		build,
		async readBlock(cid, signal) {
			const parts: Uint8Array<ArrayBuffer>[] = []
			for await (const part of blockstore.get(cid, { signal })) parts.push(new Uint8Array(part))
			const [only] = parts
			return parts.length === 1 && only ? only : new Uint8Array(await new Blob(parts).arrayBuffer())
		},
		async nextSequence(name, signal) {
			const [own, network] = await Promise.all([
				database.get('announcements', name),
				resolveName(routers, name, { signal })
			])
			return nextSequence([own, network.record])
		},
		async sign(name, root, sequence) {
			return await signRecord(await privateKeyOf(database, name), `/ipfs/${root}`, sequence)
		},
		async putRecord(origin, name, record, signal) {
			const [outcome] = await putRecord([origin], name, record, { signal })
			if (outcome?.error !== undefined) throw outcome.error as Error
		},
		announce: (name, record, signal) => leader.publish(name, record, signal)
	}
}
