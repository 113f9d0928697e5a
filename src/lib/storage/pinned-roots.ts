import { openAntiphonDatabase, type AntiphonDatabase } from './database'

/**
 * Roots, as text, of what this profile must not lose: own publications, which this browser may be the only one to hold, and
 * what is kept offline with all that goes with it. They are read where the truth about them lies, each time: nothing has to
 * be told when it changes. What else is pinned lies in the block store (`BlockStore.pin`).
 */
export async function rootsOfProfile(database: AntiphonDatabase): Promise<readonly string[]> {
	const [names, kept] = await Promise.all([database.getAllKeys('keys'), database.get('library', 'kept')])
	const roots = keptFiles(kept)
	for (const name of names) {
		// An announcement that ended long ago is forgotten; what was read of it is still known then.
		const [announcement, intake] = await Promise.all([
			database.get('announcements', name),
			database.get('intakes', name)
		])
		for (const value of [announcement?.value, intake?.value]) {
			if (value?.startsWith('/ipfs/')) roots.push(value.slice('/ipfs/'.length).split('/', 1)[0] ?? '')
		}
	}
	return roots
}

export async function readRootsOfProfile(): Promise<readonly string[]> {
	const database = await openAntiphonDatabase()
	try {
		return await rootsOfProfile(database)
	} finally {
		database.close()
	}
}

/** The part of a kept row that names files. */
interface KeptFiles {
	readonly file?: string
	readonly cover?: string
	readonly lyrics?: string
	readonly waveform?: string
	readonly subtitles?: readonly { readonly file?: string }[]
}

function keptFiles(kept: unknown): string[] {
	if (!Array.isArray(kept)) return []
	return (kept as readonly { readonly row?: KeptFiles }[]).flatMap(({ row = {} }) =>
		[row.file, row.cover, row.lyrics, row.waveform, ...(row.subtitles ?? []).map(({ file }) => file)].filter(
			(file) => file !== undefined
		)
	)
}
