import { CID } from 'multiformats/cid'
import type { AntiphonDatabase, StoredPublication } from '../../storage/database'
import type { AtPlace, PublishResults } from '../publishing'
import { blocksBelow, type ReadBlock } from './car'

/** A publication that was made in this browser, and how far it has come. */
export interface Publication extends StoredPublication {
	readonly results: PublishResults
}

/** So many are remembered at most; the oldest that no place holds goes first. */
const MAX_PUBLICATIONS = 500

/** All of them, newest first. */
export async function listPublications(database: AntiphonDatabase): Promise<Publication[]> {
	const all = (await database.getAll('publications')) as Publication[]
	return all.sort((a, b) => b.createdMs - a.createdMs)
}

export async function getPublication(database: AntiphonDatabase, root: string): Promise<Publication | undefined> {
	return (await database.get('publications', root)) as Publication | undefined
}

/** Stores how far a publication has come, over what is known of it. */
export async function savePublication(
	database: AntiphonDatabase,
	results: PublishResults,
	{ displayName, nowMs = Date.now() }: { readonly displayName?: string; readonly nowMs?: number } = {}
): Promise<void> {
	const { root, name } = results
	if (root === undefined) return
	const { store, done } = database.transaction('publications', 'readwrite')
	const before = (await store.get(root)) as Publication | undefined
	const entry: StoredPublication = {
		root,
		name,
		displayName: displayName || before?.displayName || '',
		createdMs: before?.createdMs ?? nowMs,
		results
	}
	await store.put(entry)
	const all = (await store.getAll()) as Publication[]
	for (const old of all
		.sort((a, b) => a.createdMs - b.createdMs)
		.slice(0, Math.max(0, all.length - MAX_PUBLICATIONS))) {
		if (Object.keys(old.results.places ?? {}).length === 0) await store.delete(old.root)
	}
	await done
}

/** Notes how one place stands to it. Undefined takes the place away. */
export async function notePlace(
	database: AntiphonDatabase,
	root: string,
	id: string,
	at: AtPlace | undefined
): Promise<void> {
	const { store, done } = database.transaction('publications', 'readwrite')
	const publication = (await store.get(root)) as Publication | undefined
	if (publication !== undefined) {
		const { [id]: _, ...others } = publication.results.places ?? {}
		const places = at === undefined ? others : { ...others, [id]: at }
		await store.put({ ...publication, results: { ...publication.results, places } })
	}
	await done
}

export async function forgetPublication(database: AntiphonDatabase, root: string): Promise<void> {
	await database.delete('publications', root)
}

/**
 * Blocks that a place holds by the earlier publications of a name: what did not change need not be sent again. A
 * publication whose blocks are no longer here counts for nothing.
 */
export async function blocksHeldAt(
	database: AntiphonDatabase,
	{ place, name, root, read }: { place: string; name: string; root: string; read: ReadBlock },
	signal: AbortSignal
): Promise<ReadonlySet<string>> {
	const held = new Set<string>()
	for (const publication of await listPublications(database)) {
		if (publication.name !== name || publication.root === root) continue
		if (publication.results.places?.[place]?.state !== 'held') continue
		try {
			for (const cid of await blocksBelow(CID.parse(publication.root), read, signal)) held.add(cid.toString())
		} catch {
			signal.throwIfAborted()
		}
	}
	return held
}
