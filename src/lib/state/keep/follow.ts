import type { LibraryState } from '../library.svelte'
import { rootsToPin, totalsOf, type Keep } from './keep'
import type { KeepsPorts } from './keeps.svelte'

/**
 * A publisher that is kept is kept as they publish: what is new is fetched, and pinned in place of the old.
 * @param again - tries once more what could not be had
 * @returns whether any has published
 */
export async function followPublishers(
	{ library, catalog }: Pick<KeepsPorts, 'library' | 'catalog'>,
	again: (id: string) => void
): Promise<boolean> {
	let changed = false
	for (const { id, kind, key, problem } of library.keeps) {
		if (kind !== 'publisher') continue
		const now = await catalog.publisher(key).catch(() => undefined)
		if (now !== undefined && problem === 'not-found') again(id)
		const keep = library.keeps.find((other) => other.id === id)
		if (now === undefined || keep === undefined || now.root === keep.root) continue
		changed = true
		const { root, displayName: title, entries: files, sizeBytes: bytes, playlists: lists = [] } = now
		library.putKeep({ ...keep, root, title, files, bytes, lists, ...alsoWanted(keep, [root]) })
	}
	return changed
}

/**
 * An own playlist is kept as it is now: what was added is fetched and pinned.
 * @param letGo - lets go of what was taken out; given the keep as it was
 */
export function followLists(library: LibraryState, letGo: (before: Keep) => void): void {
	for (const keep of library.keeps) {
		const list = keep.kind === 'playlist' ? library.playlist(keep.key) : undefined
		if (list === undefined || list.smart !== undefined) continue
		const { title, rows } = list
		const before = new Set(rootsToPin(keep))
		const now = new Set(rootsToPin({ ...keep, rows }))
		const same = before.size === now.size && [...now].every((root) => before.has(root))
		if (same && title === keep.title) continue
		library.putKeep({ ...keep, title, rows, ...totalsOf(rows), ...(!same && alsoWanted(keep, [...now])) })
		if (!same) letGo(keep)
	}
}

/** The same keep when these roots belong to it too: they are fetched, and pinned where it is pinned. */
function alsoWanted({ here, places }: Keep, roots: readonly string[]): Pick<Keep, 'here' | 'places'> {
	const wanted = Object.fromEntries(roots.map((root) => [root, { state: 'wanted' as const }]))
	return {
		here: here === 'done' || here === 'failed' ? 'wanted' : here,
		places: Object.fromEntries(
			Object.entries(places).map(([id, at]) => [id, { ...at, roots: { ...wanted, ...at.roots } }])
		)
	}
}
