import { albumKey } from '../album-key'
import type { EntryRow } from '../row'
import { KINDS, type DocumentColumns } from './document-table'
import { fieldWords, rememberingFold } from './entry-words'
import { fingerprint } from './fingerprint'
import type { FieldWords } from './search-index'

/** What one page has of an album; the album is the sum of such parts. */
export interface AlbumPart {
	readonly key: string
	readonly album: string
	readonly artists: readonly string[]
	readonly date?: string
	readonly tracks: number
	readonly durationMs: number
	readonly cover?: string
	readonly hue?: number
	/** False as soon as one track with sound is lossy; absent when no track says. */
	readonly lossless?: boolean
	/** Unix ms. */
	readonly indexedMs: number
}

/** What one page has of an artist. */
export interface ArtistPart {
	/** Folded words of the name: ways to write it that differ in case or accents are one artist. */
	readonly key: string
	readonly artist: string
	readonly tracks: number
	/** Places in the page's albums. */
	readonly albums: readonly number[]
	readonly cover?: string
	readonly hue?: number
}

/** What is kept of one page of a publication beside its rows; never changed once written. */
export interface PageRecord extends DocumentColumns {
	readonly id: number
	/** CID; empty for rows that did not come from a page. */
	readonly cid: string
	readonly publisher: string
	/** {@link EntryRow.id} of the first row; the others follow. */
	readonly firstId: number
	readonly count: number
	readonly dropped: number
	/** Of the first dropped entries. */
	readonly reasons: readonly string[]
	readonly sizeBytes: number
	readonly firstKey: string
	readonly lastKey: string
	readonly albums: readonly AlbumPart[]
	/** By row: place in `albums`, -1 for none. */
	readonly albumOf: Int32Array
	readonly artists: readonly ArtistPart[]
	/** Artists of row `n`: places in `artists`, at `artistStarts[n]` up to `artistStarts[n + 1]` of this. */
	readonly artistsOf: Uint32Array
	readonly artistStarts: Uint32Array
	/** By row: fingerprint of the file. */
	readonly files: Float64Array
}

export interface PageSource {
	readonly id: number
	readonly cid: string
	readonly publisher: string
	readonly firstId: number
	readonly rows: readonly EntryRow[]
	readonly dropped: number
	readonly reasons: readonly string[]
	/** Unix seconds: stands in for entries that do not say when they were added. */
	readonly createdS: number
	/** Unix ms. */
	readonly nowMs: number
	/** When an album was first seen here, if it was. */
	readonly albumSeenMs: (key: string) => number | undefined
	/** Of the fingerprints. */
	readonly seed: number
}

/** Works out everything about a page that search and the lists need, so that opening it again reads no rows. */
export function makePage(source: PageSource): { record: PageRecord; words: FieldWords[] } {
	const { rows, seed, nowMs } = source
	const fold = rememberingFold()
	const words = rows.map((row) => fieldWords(row, fold))
	const albums = new Map<string, { place: number; part: Mutable<AlbumPart> }>()
	const artists = new Map<string, { place: number; part: Mutable<ArtistPart>; albums: Set<number> }>()
	const columns = {
		kinds: Uint8Array.from(rows, (row) => Math.max(0, KINDS.indexOf(row.kind))),
		titleWords: Uint8Array.from(words, ([title]) => Math.min(255, title.length)),
		works: Float64Array.from(rows, (row) => fingerprint(workOf(row), seed)),
		files: Float64Array.from(rows, (row) => fingerprint(row.file, seed)),
		recency: Uint32Array.from(rows, (row) => Math.max(0, Math.min(row.added ?? source.createdS, nowMs / 1000)))
	}
	const albumOf = new Int32Array(rows.length).fill(-1)
	const artistStarts = new Uint32Array(rows.length + 1)
	const artistsOf: number[] = []

	rows.forEach((row, at) => {
		const key = row.album === undefined ? undefined : albumKey(row)
		if (key !== undefined) {
			let album = albums.get(key)
			if (album === undefined) {
				const indexedMs = source.albumSeenMs(key) ?? nowMs
				const artists = row.albumArtists.length > 0 ? row.albumArtists : row.artists
				album = {
					place: albums.size,
					part: { key, album: row.album ?? '', artists, tracks: 0, durationMs: 0, indexedMs }
				}
				albums.set(key, album)
			}
			albumOf[at] = album.place
			addToAlbum(album.part, row)
		}
		for (const name of new Set(row.artists.length > 0 ? row.artists : row.albumArtists)) {
			const folded = fold(name).join(' ')
			if (folded === '') continue
			let artist = artists.get(folded)
			if (artist === undefined) {
				artist = {
					place: artists.size,
					part: { key: folded, artist: name, tracks: 0, albums: [] },
					albums: new Set()
				}
				artists.set(folded, artist)
			}
			artistsOf.push(artist.place)
			artist.part.tracks++
			if (albumOf[at] !== -1) artist.albums.add(albumOf[at] ?? 0)
			if (artist.part.cover === undefined && row.cover !== undefined) {
				artist.part.cover = row.cover
				if (row.hue !== undefined) artist.part.hue = row.hue
			}
		}
		artistStarts[at + 1] = artistsOf.length
	})

	return {
		words,
		record: {
			id: source.id,
			cid: source.cid,
			publisher: source.publisher,
			firstId: source.firstId,
			count: rows.length,
			dropped: source.dropped,
			reasons: source.reasons,
			sizeBytes: rows.reduce((sum, row) => sum + row.sizeBytes, 0),
			firstKey: rows[0]?.k ?? '',
			lastKey: rows.at(-1)?.k ?? '',
			...columns,
			albums: [...albums.values()].map(({ part }) => part),
			albumOf,
			artists: [...artists.values()].map(({ part, albums }) => ({ ...part, albums: [...albums] })),
			artistsOf: Uint32Array.from(artistsOf),
			artistStarts
		}
	}
}

/** Names what is played: copies of a file are one work, tracks that a cue sheet cuts from it are several. */
export function workOf(row: EntryRow): string {
	return row.clip === undefined ? row.file : `${row.file}#${row.clip.start}-${row.clip.end ?? ''}`
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

function addToAlbum(album: Mutable<AlbumPart>, row: EntryRow): void {
	album.tracks++
	album.durationMs += row.durationMs ?? 0
	if (album.date === undefined && row.date !== undefined) album.date = row.date
	if (album.cover === undefined && row.cover !== undefined) {
		album.cover = row.cover
		if (row.hue !== undefined) album.hue = row.hue
	}
	if (row.kind === 'audio' && row.lossless !== undefined) album.lossless = (album.lossless ?? true) && row.lossless
}
