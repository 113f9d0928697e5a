import { onDestroy } from 'svelte'
import type { App } from '$lib/state/compose.svelte'
import {
	provideKeeps,
	provideKeys,
	provideNetwork,
	providePlaces,
	providePublications,
	providePublish,
	provideStorage
} from '$lib/state/context'
import { keepHeads } from '$lib/state/head-keeper'
import { fetchFile } from '$lib/state/keep/fetch-file'
import { mirrorsOf } from '$lib/state/keep/keep'
import { KeepsState } from '$lib/state/keep/keeps.svelte'
import { KeysState } from '$lib/state/keys.svelte'
import { NetworkState } from '$lib/state/network.svelte'
import { PlacesState } from '$lib/state/places.svelte'
import { publicationDoors } from '$lib/state/publication-doors'
import { PublicationsState } from '$lib/state/publications.svelte'
import { hashedFiles, publishDoors } from '$lib/state/publish-doors'
import { PublishState } from '$lib/state/publish.svelte'
import { StorageState, type StorageDoors } from '$lib/state/storage.svelte'
import { DraftStore } from '$lib/storage/saved-draft'
import { Vault } from '$lib/storage/vault'
import { contentUrl } from '$lib/gateway/content-path'
import { mediaUrl } from '$lib/state/media-url'
import { holdInUse } from '$lib/storage/in-use'

const RELEASE_MS = 120_000

interface StoredBlocks extends Required<Pick<StorageDoors, 'totals'>> {
	/** @param building - root of what was built for publishing and is not announced yet */
	readonly free: (building: readonly string[]) => ReturnType<NonNullable<StorageDoors['free']>>
}

/** Builds the states of publishing, the network and storage over the app's layers. Call while the shell is made. */
export function provideDoing(app: App, { free, totals }: StoredBlocks) {
	const { database, leader, settings } = app
	const vault = new Vault(database, {
		onchange: () => {
			keys.followVault()
		}
	})
	const keys: KeysState = new KeysState(vault)
	const places = new PlacesState(vault, settings)
	const network = new NetworkState(leader, settings)
	const doors = {
		vault,
		leader,
		settings,
		keys,
		places,
		blockstore: () => app.blockstore(),
		hashed: hashedFiles(),
		mirrors: () => (settings.stored.tellMirrors ? mirrorsOf(app.library.keeps) : [])
	}
	const publications = new PublicationsState(database, places, publicationDoors(doors))
	const publish = new PublishState(publishDoors(doors), new DraftStore())
	provideKeys(keys)
	providePlaces(places)
	providePublications(publications)
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
	const keeps = new KeepsState({
		library: app.library,
		catalog: app.catalog,
		places: async (ids) => {
			await vault.open()
			await places.open()
			return await places.ready(ids)
		},
		fetch: ({ file, sizeBytes, row }, options) =>
			fetchFile({
				file,
				url: row === undefined ? contentUrl(document.baseURI, file) : mediaUrl(row),
				sizeBytes,
				...options
			}),
		release: async (files) => (await app.blockstore()).release(files, AbortSignal.timeout(RELEASE_MS)),
		hints: async (publisher) => (await database.get('announcements', publisher))?.hints ?? [],
		chosenBytes: () => settings.effective.keepBytes,
		quotaBytes: async () => (await kept?.estimate())?.quota ?? 0,
		canFetch: () => app.worker.controlling && navigator.onLine
	})
	provideKeeps(keeps)
	keeps.open()

	network.open()
	const endUpkeep = keepHeads({ vault, leader, settings, places, publications })
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
		endUpkeep()
		publications.dispose()
		places.dispose()
		keys.dispose()
		vault.dispose()
		keeps.dispose()
		storage.dispose()
	})
	return { keys, network, publish }
}
