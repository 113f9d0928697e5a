import { CID } from 'multiformats/cid'
import type { PublishResults } from '$lib/catalog/publishing'
import { STARTER_ROOT } from '$lib/catalog/starter'
import type { AntiphonDatabase } from '$lib/storage/database'
import type { KeptRow } from './library.svelte'

/**
 * Roots of what must not be thrown away: own publications, which this browser may be the only one to hold, what is kept
 * offline with all that goes with it, and the starter collection.
 * @param also - further CIDs, as text
 */
export async function rootsToKeep(
	database: AntiphonDatabase,
	also: readonly string[] = []
): Promise<readonly CID[]> {
	const [names, kept, starterRemoved, publications] = await Promise.all([
		database.getAllKeys('keys'),
		database.get('library', 'kept'),
		database.get('values', 'starter-removed'),
		database.getAll('publications')
	])
	const texts = [...also, ...keptFiles(kept)]
	if (starterRemoved !== true) texts.push(STARTER_ROOT)
	for (const { root, results } of publications) {
		const { places = {}, peers } = results as PublishResults
		// On its way, or nowhere but here.
		if (peers === undefined || !Object.values(places).some(({ state }) => state === 'held')) texts.push(root)
	}
	for (const name of names) {
		// An announcement that ended long ago is forgotten; what was read of it is still known then.
		const [announcement, intake] = await Promise.all([
			database.get('announcements', name),
			database.get('intakes', name)
		])
		for (const value of [announcement?.value, intake?.value]) {
			if (value?.startsWith('/ipfs/')) texts.push(value.slice('/ipfs/'.length).split('/', 1)[0] ?? '')
		}
	}
	return texts.flatMap(parse)
}

function keptFiles(kept: unknown): readonly string[] {
	if (!Array.isArray(kept)) return []
	return (kept as readonly KeptRow[]).flatMap(({ row: { file, cover, lyrics, waveform, subtitles = [] } }) =>
		[file, cover, lyrics, waveform, ...subtitles.map((subtitle) => subtitle.file)].filter(
			(cid) => cid !== undefined
		)
	)
}

function parse(text: string): readonly CID[] {
	try {
		return [CID.parse(text)]
	} catch {
		return []
	}
}
