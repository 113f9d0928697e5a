import type { Blockstore } from 'interface-blockstore'
import type { HashedFiles } from '$lib/catalog/publish/hashed-files'
import type { Mirror, SignedPlaylist } from '$lib/catalog/publishing'
import type { IpnsRecord } from '$lib/p2p/ipns-record'
import type { Leader } from '$lib/p2p/leader'
import { readQuota } from '$lib/storage/quota'
import type { Vault } from '$lib/storage/vault'
import type { CID } from 'multiformats/cid'
import { findingDoors } from './finding-doors'
import type { KeysState } from './keys.svelte'
import type { PlacesState } from './places.svelte'
import type { PublishDoors } from './publish-run'
import type { SettingsState } from './settings.svelte'
import type { PlaylistNow } from './share-playlist'

/** For smart playlists, which ask the index. */
const PLAYLISTS_MS = 60_000

export interface PublishDoorsInit {
	readonly vault: Vault
	readonly leader: Leader
	readonly settings: SettingsState
	readonly keys: KeysState
	readonly places: PlacesState
	readonly blockstore: () => Promise<Blockstore>
	/** What was built in this tab; one for all that publishes. */
	readonly hashed: () => Promise<HashedFiles>
	/** What own heads say is kept of others, as it stands now. */
	readonly mirrors: () => readonly Mirror[]
	/** Own playlists by id, as they are now; those that were deleted are left out. */
	readonly playlists: (ids: readonly string[], signal: AbortSignal) => Promise<readonly PlaylistNow[]>
	/** The newest record of a name, heard here or found in the network: another device may have published under it. */
	readonly findRecord: (name: string, signal: AbortSignal) => Promise<IpnsRecord | undefined>
}

/** Own playlists for a publication of `publisher`. @throws AppError `invalid-playlist`, `too-large` */
export async function toSign(
	{ playlists }: Pick<PublishDoorsInit, 'playlists'>,
	ids: readonly string[],
	publisher: string
): Promise<readonly SignedPlaylist[]> {
	if (ids.length === 0) return []
	const [{ playlistsToSign }, lists] = await Promise.all([
		import('./share-playlist'),
		playlists(ids, AbortSignal.timeout(PLAYLISTS_MS))
	])
	return playlistsToSign(lists, publisher)
}

/** Loaded when a person first publishes. */
export function hashedFiles(): () => Promise<HashedFiles> {
	let made: Promise<HashedFiles> | undefined
	return () => {
		made ??= import('$lib/catalog/publish/hashed-files')
			.then(({ HashedFiles }) => new HashedFiles())
			.catch((error: unknown) => {
				made = undefined
				throw error
			})
		return made
	}
}

/** More than this is not copied, whatever the browser allows: writing blocks takes ten times as long as hashing them. */
const MAX_COPY_BYTES = 256 * 1024 ** 2

/** Whether so much can be copied into this browser and leave it as much room again. */
async function fitsHere(bytes: number): Promise<boolean> {
	if (bytes > MAX_COPY_BYTES) return false
	try {
		const { usedBytes, quotaBytes } = await readQuota()
		return quotaBytes - usedBytes > 2 * bytes
	} catch {
		return false
	}
}

/** Root that a record names; undefined where it names none. */
async function rootOf(record: IpnsRecord | undefined): Promise<CID | undefined> {
	const { rootOfValue } = await import('$lib/catalog/publication-reader')
	try {
		return rootOfValue(record?.value ?? '')
	} catch {
		return undefined
	}
}

/** The app's own parts behind {@link PublishDoors}. Their code is loaded when a person first publishes. */
export function publishDoors(init: PublishDoorsInit): PublishDoors {
	const { vault, leader, settings, keys, places, blockstore, hashed, mirrors, findRecord } = init
	return {
		async read(files, options) {
			const { readChosenFiles } = await import('$lib/catalog/publish/read-files')
			const draft = await readChosenFiles(files, options)
			const built = await hashed()
			built.offer([...draft.entries, ...draft.others])
			return draft
		},
		async makeKey(label) {
			return (await keys.create(label)).name
		},
		async hasPublished(name, signal) {
			return (await findRecord(name, signal)) !== undefined
		},
		...findingDoors(),
		async start({ draft: files, name, places: chosen, join, playlists, results: before, pause, onchange }) {
			const draft = { ...files, playlists: await toSign(init, playlists, name) }
			const [{ Publishing }, { publishDeps }, built, blocks] = await Promise.all([
				import('$lib/catalog/publish/publish'),
				import('$lib/catalog/publish/deps'),
				hashed(),
				blockstore()
			])
			const bytes = [...draft.entries, ...draft.others].reduce((sum, { file }) => sum + file.size, 0)
			// With a copy here an upload goes on after a reload without the files being chosen again.
			const inFiles = chosen.length > 0 && !(await fitsHere(bytes))
			// What another place was to keep was not copied; for this browser to keep it, it is read once more.
			const results = built.inFiles && !inFiles ? undefined : before
			const deps = publishDeps({
				vault,
				leader,
				displayName: draft.name,
				blockstore: blocks,
				routers: settings.effective.routers,
				source: leader,
				findRecord,
				build: built.builder({ inFiles, pause })
			})
			const readBlock = built.reader(deps.readBlock, (cid) => Promise.resolve(blocks.has(cid)))
			const { routers } = settings.effective
			return new Publishing({
				draft,
				name,
				places: { routers, places: await places.ready(chosen) },
				deps: {
					...deps,
					readBlock,
					build: async (chosenDraft, publisher, options) => {
						const kept = mirrors()
						const made = await deps.build({ ...chosenDraft, mirrors: kept }, publisher, options)
						const { signal } = options
						const last = join ? await rootOf(await findRecord(publisher, signal)) : undefined
						if (last === undefined) return made
						const { joined, mirroring, readEdition, writeEdition } = await import('$lib/catalog/publish/edition')
						const [old, added] = await Promise.all([
							readEdition(last, publisher, readBlock, signal),
							readEdition(made.root, publisher, readBlock, signal)
						])
						const edition = mirroring(joined(old, added), kept)
						const written = await writeEdition(edition, { blockstore: blocks, read: readBlock, signal })
						return { ...made, ...written }
					}
				},
				onchange,
				...(results && { results })
			})
		}
	}
}
