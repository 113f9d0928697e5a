import { createContext } from 'svelte'
import type { Catalog } from '$lib/catalog/catalog'
import type { Leader } from '$lib/p2p/leader'
import type { AheadState } from './ahead/ahead.svelte'
import type { KeepsState } from './keep/keeps.svelte'
import type { KeysState } from './keys.svelte'
import type { NetworkState } from './network.svelte'
import type { PlacesState } from './places.svelte'
import type { PublicationsState } from './publications.svelte'
import type { PublishState } from './publish.svelte'
import type { SettingsState } from './settings.svelte'
import type { StorageState } from './storage.svelte'
import type { AvailabilityState } from './availability.svelte'
import type { BytesState } from './bytes.svelte'
import type { LibraryState } from './library.svelte'
import type { OverlayState } from './overlay.svelte'
import type { PlayerState } from './player.svelte'
import type { PlaylistsState } from './playlists.svelte'
import type { PublishersState } from './publishers.svelte'
import type { SearchState } from './search.svelte'
import type { EntryRow } from '$lib/catalog/row'
import type { Voucher } from './link/voucher'
import type { Signature } from './proof/signature'
import type { StallState } from './stall.svelte'
import type { ToastState } from './toast.svelte'
import type { WishesState } from './wishes.svelte'

/* One typed pair a thing that the composition root (src/routes/Shell.svelte) hands down. */
export const [useCatalog, provideCatalog] = createContext<Catalog>()
export const [useLeader, provideLeader] = createContext<Leader>()
export const [useSettings, provideSettings] = createContext<SettingsState>()
/** What it takes to do more than listen: publishing, the network, storage. Its code comes after the first page. */
export interface Doing {
	readonly keys: KeysState
	readonly places: PlacesState
	readonly publications: PublicationsState
	readonly network: NetworkState
	readonly publish: PublishState
	readonly storage: StorageState
	dispose(): void
}
/** Its parts are there one by one below `Doing.svelte`, which waits for it. */
export const [useDoing, provideDoing] = createContext<Promise<Doing>>()
export const [useNetwork, provideNetwork] = createContext<NetworkState>()
export const [usePublish, providePublish] = createContext<PublishState>()
export const [usePlaces, providePlaces] = createContext<PlacesState>()
export const [usePublications, providePublications] = createContext<PublicationsState>()
export const [useKeeps, provideKeeps] = createContext<KeepsState>()
export const [useKeys, provideKeys] = createContext<KeysState>()
export const [useStorage, provideStorage] = createContext<StorageState>()
export const [useAhead, provideAhead] = createContext<AheadState>()
export const [useAvailability, provideAvailability] = createContext<AvailabilityState>()
export const [useBytes, provideBytes] = createContext<BytesState>()
export const [useLibrary, provideLibrary] = createContext<LibraryState>()
export const [usePlaylists, providePlaylists] = createContext<PlaylistsState>()
export const [useOverlays, provideOverlays] = createContext<OverlayState>()
export const [usePlayer, providePlayer] = createContext<PlayerState>()
export const [usePublishers, providePublishers] = createContext<PublishersState>()
export const [useSearch, provideSearch] = createContext<SearchState>()
/** What stands in for the worker where it cannot run: a gateway's own link to a file, of which nobody checks the bytes. */
export interface Unchecked {
	/** Resolves once the worker answers for this page. @throws AppError `no-worker` */
	ready(): Promise<void>
	/** True where the worker cannot run: nothing of ours can be played or opened. */
	readonly needed: boolean
	/** Undefined where it is not needed, or no gateway gives files. */
	link(
		row: Pick<EntryRow, 'file' | 'k' | 'title' | 'mime'>
	): { readonly href: string; readonly host: string } | undefined
}
export const [useUnchecked, provideUnchecked] = createContext<Unchecked>()
/** Finds and checks the signature behind a row; its code is loaded with the first. */
export const [useSignatures, provideSignatures] =
	createContext<(row: Pick<EntryRow, 'publisher' | 'root'>) => Promise<Signature>>()
/** Reads from the network who signed what under a name. The signal must carry a deadline. */
export type Vouching = (name: string, signal: AbortSignal) => Promise<Voucher>
export const [useVouching, provideVouching] = createContext<Vouching>()
export const [useStall, provideStall] = createContext<StallState>()
export const [useToasts, provideToasts] = createContext<ToastState>()
export const [useWishes, provideWishes] = createContext<WishesState>()
