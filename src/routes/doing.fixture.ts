import type { Catalog, CatalogTotals, PublisherRow } from '$lib/catalog/catalog'
import { openAntiphonDatabase } from '$lib/storage/database'
import { KeysState } from '$lib/state/keys.svelte'
import { LibraryState } from '$lib/state/library.svelte'
import { FakeLeader } from '$lib/state/network.fixture'
import { NetworkState } from '$lib/state/network.svelte'
import { PublicationsState } from '$lib/state/publications.svelte'
import { PublishState } from '$lib/state/publish.svelte'
import type { PublishDoors } from '$lib/state/publish-run'
import { PlacesState } from '$lib/state/places.svelte'
import { SettingsState } from '$lib/state/settings.svelte'
import { StorageState } from '$lib/state/storage.svelte'
import { ToastState } from '$lib/state/toast.svelte'
import { Vault } from '$lib/storage/vault'
import { deleteDB } from 'idb'

/** The states behind the screens of doing, over a database of their own and a leader without a network. */
export async function givenApp({
	query = '',
	doors = {},
	published,
	totals = { entries: 0, publishers: 0, albums: 0 }
}: {
	query?: string
	doors?: Partial<PublishDoors>
	published?: Partial<PublisherRow>
	totals?: CatalogTotals
} = {}) {
	const name = `doing-test-${crypto.randomUUID()}`
	const database = await openAntiphonDatabase(name)
	const settings = new SettingsState(database, query)
	await settings.open()
	const leader = new FakeLeader()
	const vault = new Vault(database, { cost: 2 ** 10 })
	const keys = new KeysState(vault)
	const places = new PlacesState(vault, settings)
	const network = new NetworkState(leader, settings, { current: true })
	network.open()
	const never = () => Promise.reject(new Error('not in this test'))
	const publish = new PublishState({
		read: never,
		makeKey: async (label) => (await keys.create(label)).name,
		hasPublished: () => Promise.resolve(false),
		start: never,
		...doors
	})
	const publications = new PublicationsState(database, places, {
		resume: never,
		edition: never,
		edit: never,
		fromNode: never,
		empty: never
	})
	const catalog = {
		publisher: () => Promise.resolve(published),
		open: () => Promise.resolve(totals),
		onchange: () => () => undefined
	} as unknown as Catalog
	const storage = new StorageState({
		free: () => Promise.resolve({ freedBytes: 1_500_000 }),
		totals: () => Promise.resolve({ blocks: 30, bytes: 7_000_000, protectedBytes: 2_000_000 }),
		storage: navigator.storage
	})
	const library = new LibraryState(database)
	await library.open()
	return {
		database,
		library,
		catalog,
		leader,
		settings,
		network,
		publish,
		keys,
		places,
		publications,
		storage,
		toasts: new ToastState(),
		async end() {
			network.dispose()
			keys.dispose()
			places.dispose()
			publications.dispose()
			vault.dispose()
			publish.dispose()
			settings.dispose()
			await library.settled()
			library.dispose()
			database.close()
			await deleteDB(name)
		}
	}
}
