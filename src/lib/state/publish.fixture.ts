import type { DraftEntry } from '$lib/catalog/publishing'

export function aDraftEntry(over: Partial<DraftEntry> = {}): DraftEntry {
	const path = over.path ?? 'Letters to Ostrava/01 Stamp, Unfranked.flac'
	const file = over.file ?? new File(['sound'], path.slice(path.lastIndexOf('/') + 1))
	return {
		path,
		file,
		kind: 'audio',
		mime: 'audio/flac',
		sizeBytes: file.size,
		durationMs: 211_000,
		title: 'Stamp, Unfranked',
		artists: ['Mira Sól'],
		albumArtists: [],
		album: 'Letters to Ostrava',
		genres: [],
		date: '2026',
		track: 1,
		composers: [],
		licence: '',
		comment: '',
		...over
	}
}
