import type { EntryRow } from '../row'

/** One place for each thing that is played: a file, or a clip of it. */
const workOf = ({ file, clip }: EntryRow) => `${file} ${clip?.start ?? ''}`

/**
 * Rows of several playlists in one, each file once, in the order in which they come first.
 * @param lists - in order
 */
export function joinRows(lists: readonly (readonly EntryRow[])[]): EntryRow[] {
	const rows = new Map<string, EntryRow>()
	for (const row of lists.flat()) if (!rows.has(workOf(row))) rows.set(workOf(row), row)
	return [...rows.values()]
}

/** Moves the rows at `places` together to where `to` is, keeping their order. `to` is a place in the list as it was. */
export function moveRows<Row>(rows: readonly Row[], places: readonly number[], to: number): Row[] {
	const moving = new Set(places)
	const taken = rows.filter((_, at) => moving.has(at))
	const before = rows.slice(0, to).filter((_, at) => !moving.has(at))
	const after = rows.slice(to).filter((_, at) => !moving.has(at + to))
	return [...before, ...taken, ...after]
}
