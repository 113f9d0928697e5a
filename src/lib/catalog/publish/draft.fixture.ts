import type { ChosenFile, Draft, DraftEntry } from '../publishing'

/** A JPEG as far as its first bytes go. */
export const jpeg = (seed = 0) =>
	new Blob([new Uint8Array([0xff, 0xd8, 0xff, 0xe0, seed, 1, 2, 3])], { type: 'image/jpeg' })

export function aFile(path: string, content: BlobPart = path): ChosenFile {
	return { path, file: new File([content], path.split('/').at(-1) ?? path) }
}

export function anEntry(path: string, more: Partial<DraftEntry> = {}): DraftEntry {
	const { file } = aFile(path)
	return {
		path,
		file,
		kind: 'audio',
		mime: 'audio/mpeg',
		sizeBytes: file.size,
		title: path.split('/').at(-1) ?? path,
		artists: [],
		albumArtists: [],
		album: '',
		genres: [],
		date: '',
		composers: [],
		licence: '',
		comment: '',
		...more
	}
}

export function aDraft(entries: DraftEntry[], others: ChosenFile[] = []): Draft {
	return { name: 'Northing', about: '', licence: 'CC-BY-4.0', entries, others }
}
