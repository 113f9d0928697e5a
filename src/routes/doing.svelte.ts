import type { App } from '$lib/state/compose.svelte'
import type { Doing } from '$lib/state/context'
import { keepHeads } from '$lib/state/head-keeper'
import { mirrorsOf } from '$lib/state/keep/keep'
import { KeysState } from '$lib/state/keys.svelte'
import { NetworkState } from '$lib/state/network.svelte'
import { PlacesState } from '$lib/state/places.svelte'
import type { PlaylistsState } from '$lib/state/playlists.svelte'
import { publicationDoors } from '$lib/state/publication-doors'
import { PublicationsState } from '$lib/state/publications.svelte'
import { hashedFiles, publishDoors } from '$lib/state/publish-doors'
import { PublishState } from '$lib/state/publish.svelte'
import { StorageState, type StorageDoors } from '$lib/state/storage.svelte'
import { DraftStore } from '$lib/storage/saved-draft'
import { Vault } from '$lib/storage/vault'
import { holdInUse } from '$lib/storage/in-use'

interface DoingInit extends Required<Pick<StorageDoors, 'totals'>> {
	readonly lists: PlaylistsState
	/** @param building - root of what was built for publishing and is not announced yet */
	readonly free: (building: readonly string[]) => ReturnType<NonNullable<StorageDoors['free']>>
}

/** Builds the states of publishing, the network and storage over the app's layers. */
export function makeDoing(app: App, { lists, free, totals }: DoingInit): Doing {
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
		mirrors: () => (settings.stored.tellMirrors ? mirrorsOf(app.library.keeps) : []),
		playlists: (ids: readonly string[], signal: AbortSignal) =>
			Promise.all(
				ids
					.flatMap((id) => app.library.playlist(id) ?? [])
					.map(async ({ title, createdMs, rows, smart }) => ({
						title,
						createdMs,
						rows: smart === undefined ? rows : await lists.smartRows(smart, signal)
					}))
			),
		findRecord: (name: string, signal: AbortSignal) => app.findRecord(name, signal)
	}
	const publications = new PublicationsState(database, places, publicationDoors(doors))
	const publish = new PublishState(publishDoors(doors), new DraftStore())
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

	network.open()
	const endUpkeep = keepHeads({ vault, leader, settings, places, publications })
	const endEffects = $effect.root(() => {
		// Also on other screens: the draft lives as long as the tab.
		$effect(() => {
			if (!publish.unsaved) return
			const guard = (event: Event) => {
				publish.keepDraft()
				event.preventDefault()
			}
			// A phone ends tabs that are not seen without another word.
			const leave = () => {
				if (document.visibilityState === 'hidden') publish.keepDraft()
			}
			addEventListener('beforeunload', guard)
			document.addEventListener('visibilitychange', leave)
			return () => {
				removeEventListener('beforeunload', guard)
				document.removeEventListener('visibilitychange', leave)
			}
		})
		// What was built and is not announced yet: nothing else says that it must stay.
		$effect(() => {
			const root = publish.results?.root
			return root === undefined ? undefined : holdInUse(root)
		})
	})
	return {
		keys,
		places,
		publications,
		network,
		publish,
		storage,
		dispose() {
			endEffects()
			network.dispose()
			publish.dispose()
			endUpkeep()
			publications.dispose()
			places.dispose()
			keys.dispose()
			vault.dispose()
			storage.dispose()
		}
	}
}
