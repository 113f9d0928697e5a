import type { DraftEntry } from '$lib/catalog/publishing'

/** Entries of one album share a cover. */
export interface CoverGroup {
	/** Album, or the folder where no album is given. */
	readonly key: string
	readonly entries: number
	readonly cover?: Blob
	readonly from?: 'file' | 'folder' | 'chosen' | 'frame'
}

export const coverGroupOf = (entry: DraftEntry): string =>
	entry.album || entry.path.slice(0, Math.max(0, entry.path.lastIndexOf('/')))

export function coverGroups(entries: readonly DraftEntry[]): CoverGroup[] {
	const groups = new Map<string, CoverGroup>()
	for (const entry of entries) {
		const key = coverGroupOf(entry)
		const group = groups.get(key)
		const { cover, coverFrom } = group?.cover ? { cover: group.cover, coverFrom: group.from } : entry
		groups.set(key, {
			key,
			entries: (group?.entries ?? 0) + 1,
			...(cover && { cover }),
			...(coverFrom && { from: coverFrom })
		})
	}
	return [...groups.values()]
}
