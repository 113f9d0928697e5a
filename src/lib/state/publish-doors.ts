import type { Blockstore } from 'interface-blockstore'
import type { Leader } from '$lib/p2p/leader'
import type { AntiphonDatabase } from '$lib/storage/database'
import type { KeysState } from './keys.svelte'
import type { PublishDoors } from './publish.svelte'
import type { SettingsState } from './settings.svelte'

export interface PublishDoorsInit {
	readonly database: AntiphonDatabase
	readonly leader: Leader
	readonly settings: SettingsState
	readonly keys: KeysState
	readonly blockstore: () => Promise<Blockstore>
}

/** The app's own parts behind {@link PublishDoors}. Their code is loaded when a person first publishes. */
export function publishDoors({ database, leader, settings, keys, blockstore }: PublishDoorsInit): PublishDoors {
	return {
		async read(files, options) {
			const { readChosenFiles } = await import('$lib/catalog/publish/read-files')
			return await readChosenFiles(files, options)
		},
		async makeKey(label) {
			return (await keys.create(label)).name
		},
		async start({ draft, name, nodeRpc, results, onchange }) {
			const [{ Publishing }, { publishDeps }, { buildInWorker }, blocks] = await Promise.all([
				import('$lib/catalog/publish/publish'),
				import('$lib/catalog/publish/deps'),
				import('$lib/catalog/publish/build-in-worker'),
				blockstore()
			])
			const { routers } = settings.effective
			const node = nodeRpc === '' ? undefined : new (await import('$lib/p2p/kubo-rpc')).KuboRpc(nodeRpc)
			return new Publishing({
				draft,
				name,
				places: { routers, ...(node && { node }) },
				deps: publishDeps({
					database,
					leader,
					blockstore: blocks,
					routers,
					build: buildInWorker
				}),
				onchange,
				...(results && { results })
			})
		}
	}
}
