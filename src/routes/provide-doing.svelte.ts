import { onDestroy } from 'svelte'
import type { App } from '$lib/state/compose.svelte'
import { provideKeys, provideNetwork, providePublish, provideStorage } from '$lib/state/context'
import { KeysState } from '$lib/state/keys.svelte'
import { NetworkState } from '$lib/state/network.svelte'
import { publishDoors } from '$lib/state/publish-doors'
import { PublishState } from '$lib/state/publish.svelte'
import { StorageState, type StorageDoors } from '$lib/state/storage.svelte'
import { holdInUse } from '$lib/storage/in-use'

interface StoredBlocks extends Required<Pick<StorageDoors, 'totals'>> {
	/** @param building - root of what was built for publishing and is not announced yet */
	readonly free: (building: readonly string[]) => ReturnType<NonNullable<StorageDoors['free']>>
}

/** Builds the states of publishing, the network and storage over the app's layers. Call while the shell is made. */
export function provideDoing(app: App, { free, totals }: StoredBlocks) {
	const { database, leader, settings } = app
	const keys = new KeysState(database)
	const network = new NetworkState(leader, settings)
	const publish = new PublishState(
		publishDoors({ database, leader, settings, keys, blockstore: () => app.blockstore() })
	)
	provideKeys(keys)
	provideNetwork(network)
	providePublish(publish)
	// Absent on a page that is not secure, whatever its type says.
	const kept = (navigator as { storage?: StorageManager }).storage
	const storage = new StorageState({
		// Not while blocks are being written that nothing leads to yet.
		get free() {
			return publish.running ? undefined : () => free(publish.results?.root ? [publish.results.root] : [])
		},
		totals,
		storage: kept
	})
	storage.open()
	provideStorage(storage)

	network.open()
	// Also on other screens: the draft lives as long as the tab.
	$effect(() => {
		if (!publish.unsaved) return
		const guard = (event: Event) => {
			event.preventDefault()
		}
		addEventListener('beforeunload', guard)
		return () => {
			removeEventListener('beforeunload', guard)
		}
	})
	// What was built and is not announced yet: nothing else says that it must stay.
	$effect(() => {
		const root = publish.results?.root
		return root === undefined ? undefined : holdInUse(root)
	})
	onDestroy(() => {
		network.dispose()
		publish.dispose()
		keys.dispose()
		storage.dispose()
	})
	return { keys, network, publish }
}
