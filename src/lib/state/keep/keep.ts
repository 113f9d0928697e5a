import type { EntryRow } from '$lib/catalog/row'
import type { Mirror, PlaceMark, Problem } from '$lib/catalog/publishing'
import type { AppErrorCode } from '$lib/errors'

export type KeepKind = 'entry' | 'album' | 'playlist' | 'publisher'

/** What a person may keep, as the screen that offers it knows it. */
export interface Keepable {
	readonly kind: KeepKind
	/** CID of the file, key of the album, id of the own playlist or CID of one of others, IPNS name. */
	readonly key: string
	readonly title: string
	/** Second line: artists, or the publisher. */
	readonly by: string
	/** Where it is shown, from `#` on. */
	readonly href: string
	/** Empty for a publisher, whose rows the catalog has. */
	readonly rows: readonly EntryRow[]
	/** Root of the publication, for a publisher. */
	readonly root?: string
	/** CIDs of playlists that are blocks of their own: the one that is kept, or those that the publisher signed. */
	readonly lists?: readonly string[]
	readonly files: number
	/** Bytes of all files whose size is known. */
	readonly bytes: number
}

/**
 * How one root stands at one place. `before`: it was there already, and is not taken away again. `begun`: it was not, and
 * the place is asked for it, so that a visit that ends before the answer does not take it for one that was there.
 */
export interface PinnedRoot {
	readonly state: 'wanted' | 'asked' | 'held' | 'failed' | 'gone'
	readonly before?: boolean
	readonly begun?: boolean
	readonly mark?: PlaceMark
	readonly checkedMs?: number
}

export interface PinnedAt {
	readonly label: string
	readonly roots: Readonly<Record<string, PinnedRoot>>
	/** Why the last thing asked of it failed. */
	readonly problem?: Problem
}

/** Something that is kept, here and at places. */
export interface Keep extends Keepable {
	readonly id: string
	readonly addedMs: number
	/** In this browser. `wanted`: it is fetched when its turn comes, also after a reload. */
	readonly here: 'no' | 'wanted' | 'paused' | 'done' | 'failed'
	readonly problem?: AppErrorCode | 'unknown'
	/** By id of the place. */
	readonly places: Readonly<Record<string, PinnedAt>>
}

/** A file that belongs to what is kept; 0 bytes where its size is not known. */
export interface KeptFile {
	readonly file: string
	readonly sizeBytes: number
	/** The entry whose media it is; absent for covers, lyrics, playlists and the like. */
	readonly row?: EntryRow
}

export const keepId = ({ kind, key }: Pick<Keepable, 'kind' | 'key'>): string => `${kind}:${key}`

/** Every file of these rows once, media before what goes with them. */
export function filesOf(rows: readonly EntryRow[]): readonly KeptFile[] {
	const files = new Map<string, KeptFile>()
	for (const row of rows) {
		if (!files.has(row.file)) files.set(row.file, { file: row.file, sizeBytes: row.sizeBytes, row })
	}
	for (const row of rows) {
		const beside = [row.cover, row.lyrics, row.waveform, ...(row.subtitles ?? []).map(({ file }) => file)]
		for (const file of beside) {
			if (file !== undefined && !files.has(file)) files.set(file, { file, sizeBytes: 0 })
		}
	}
	return [...files.values()]
}

/** Every file of something that is kept, its playlists last. @param rows - of it, as they are now */
export function filesToKeep(
	{ lists = [] }: Pick<Keepable, 'lists'>,
	rows: readonly EntryRow[]
): readonly KeptFile[] {
	const files = filesOf(rows)
	const named = new Set(files.map(({ file }) => file))
	return [...files, ...lists.filter((list) => !named.has(list)).map((file) => ({ file, sizeBytes: 0 }))]
}

/** Media files alone: how many, and their bytes. */
export function totalsOf(rows: readonly EntryRow[]): { readonly files: number; readonly bytes: number } {
	const sizes = new Map(rows.map(({ file, sizeBytes }) => [file, sizeBytes]))
	return { files: sizes.size, bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0) }
}

/** What a place is asked to pin: a publisher's publication as a whole, of all else each file. */
export function rootsToPin(what: Pick<Keep, 'kind' | 'root' | 'rows' | 'lists'>): readonly string[] {
	const { kind, root, rows } = what
	if (kind === 'publisher') return root === undefined ? [] : [root]
	return filesToKeep(what, rows).map(({ file }) => file)
}

/** How a keep stands at a place in all: held when each root is, failed when one is. */
export function stateAt({ roots, problem }: PinnedAt): PinnedRoot['state'] {
	const states = Object.values(roots).map(({ state }) => state)
	for (const state of ['failed', 'gone', 'wanted', 'asked'] as const) if (states.includes(state)) return state
	return problem === undefined ? 'held' : 'failed'
}

/** Publications of others that are whole here or at a place: what `mirrors` of an own head may name. */
export function mirrorsOf(keeps: readonly Keep[]): readonly Mirror[] {
	return keeps.flatMap(({ kind, key, root, here, places }) => {
		if (kind !== 'publisher' || root === undefined) return []
		const held = Object.values(places).some(({ roots }) => roots[root]?.state === 'held')
		return here === 'done' || held ? [{ root, of: key }] : []
	})
}
