import { openAntiphonDatabase, type AntiphonDatabase } from './database'

/**
 * Roots, as text, of what this profile must not lose: own publications, which this browser may be the only one to hold, and
 * what is kept offline with all that goes with it. They are read where the truth about them lies, each time: nothing has to
 * be told when it changes. What else is pinned lies in the block store (`BlockStore.pin`).
 */
export async function rootsOfProfile(database: AntiphonDatabase): Promise<readonly string[]> {
	const [names, kept, keeps, publications] = await Promise.all([
		database.getAllKeys('keys'),
		database.get('library', 'kept'),
		database.get('library', 'keeps'),
		database.getAll('publications')
	])
	const roots = [...keptFiles(kept), ...keptWhole(keeps)]
	for (const { root, results } of publications) if (isOnlyHere(results)) roots.push(root)
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

/** True for a publication that is on its way to others, or nowhere but here. */
function isOnlyHere(results: unknown): boolean {
	const { peers, places = {} } = (results ?? {}) as {
		readonly peers?: unknown
		readonly places?: Readonly<Record<string, { readonly state?: string }>>
	}
	return peers === undefined || !Object.values(places).some(({ state }) => state === 'held')
}

/** The part of a kept row that names files. */
interface KeptFiles {
	readonly file?: string
	readonly cover?: string
	readonly lyrics?: string
	readonly waveform?: string
	readonly subtitles?: readonly { readonly file?: string }[]
}

/** The part of something kept that says what of it is here. */
interface KeptWhole {
	readonly here?: string
	readonly root?: string
	readonly lists?: readonly string[]
	readonly rows?: readonly KeptFiles[]
}

function keptFiles(kept: unknown): string[] {
	if (!Array.isArray(kept)) return []
	return (kept as readonly { readonly row?: KeptFiles }[]).flatMap(({ row = {} }) => filesOf(row))
}

const filesOf = ({ file, cover, lyrics, waveform, subtitles = [] }: KeptFiles): string[] =>
	[file, cover, lyrics, waveform, ...subtitles.map((subtitle) => subtitle.file)].filter((cid) => cid !== undefined)

/** What is kept offline as a whole, also while it is still being fetched. */
function keptWhole(keeps: unknown): string[] {
	if (!Array.isArray(keeps)) return []
	return (keeps as readonly KeptWhole[])
		.filter(({ here = 'no' }) => here !== 'no')
		.flatMap(({ root, lists = [], rows = [] }) => [
			...(root === undefined ? [] : [root]),
			...lists,
			...rows.flatMap(filesOf)
		])
}
