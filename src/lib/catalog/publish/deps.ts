import type { Leader } from '../../p2p/leader'
import { privateKeyOf } from '../../p2p/identity'
import { nextSequence, signRecord } from '../../p2p/ipns-record'
import { putRecord, resolveName } from '../../p2p/ipns-routing'
import type { AntiphonDatabase } from '../../storage/database'
import { readBlock, type BlockReader } from '../../storage/read-block'
import type { PublishDeps } from './places'

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
		readBlock: (cid, signal) => readBlock(blockstore, cid, { signal }),
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
