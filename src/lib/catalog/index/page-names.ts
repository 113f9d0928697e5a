import { albumKey } from '../album-key'
import { yearOf } from '../query/entry-facts'
import type { EntryRow } from '../row'
import { ALBUM, ARTIST } from './document-kinds'
import { fieldWords, type Fold } from './entry-words'
import { fingerprint } from './fingerprint'
import type { DocumentRange, IndexDocument } from './search-index'

/** What one page has of an album; the album is the sum of such parts. */
export interface AlbumPart {
	/** See {@link albumKey}. */
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
	/** Unix ms: when the album was first seen here. */
	readonly indexedMs: number
	/** Its rows, counted from the page's first. */
	readonly rows: readonly DocumentRange[]
}

/** What one page has of an artist. */
export interface ArtistPart {
	/** Folded words of the name: ways to write it that differ in case or accents are one artist. */
	readonly key: string
	readonly artist: string
	readonly tracks: number
	/** Albums that no earlier page of the publication has. */
	readonly albums: number
	readonly cover?: string
	readonly hue?: number
}

/** The albums and artists of one page. In the index of names they are documents, the albums first. */
export interface PageNames {
	readonly albums: readonly AlbumPart[]
	readonly artists: readonly ArtistPart[]
}

export interface NamesSource {
	readonly rows: readonly EntryRow[]
	readonly fold: Fold
	/** Unix ms. */
	readonly nowMs: number
	/** When an album was first seen here, if it was. */
	readonly albumSeenMs: (key: string) => number | undefined
	/** Albums of the publication's earlier pages; those of this page are added. */
	readonly earlier: Set<string>
}

export function gatherNames({ rows, fold, nowMs, albumSeenMs, earlier }: NamesSource): PageNames {
	const albums = new Map<string, GrowingAlbum>()
	const artists = new Map<string, { part: Mutable<ArtistPart>; albums: Set<string> }>()
	rows.forEach((row, at) => {
		const key = albumKey(row)
		if (key !== undefined) {
			let album = albums.get(key)
			if (album === undefined) {
				album = {
					key,
					album: row.album ?? '',
					artists: row.albumArtists.length > 0 ? row.albumArtists : row.artists,
					tracks: 0,
					durationMs: 0,
					indexedMs: albumSeenMs(key) ?? nowMs,
					rows: []
				}
				albums.set(key, album)
			}
			addToAlbum(album, row, at)
		}
		for (const name of new Set(row.artists.length > 0 ? row.artists : row.albumArtists)) {
			const folded = fold(name).words.join(' ')
			if (folded === '') continue
			let artist = artists.get(folded)
			if (artist === undefined) {
				artist = { part: { key: folded, artist: name, tracks: 0, albums: 0 }, albums: new Set() }
				artists.set(folded, artist)
			}
			artist.part.tracks++
			if (key !== undefined && !earlier.has(key)) artist.albums.add(key)
			if (artist.part.cover === undefined && row.cover !== undefined) {
				artist.part.cover = row.cover
				if (row.hue !== undefined) artist.part.hue = row.hue
			}
		}
	})
	for (const key of albums.keys()) earlier.add(key)
	return {
		albums: [...albums.values()],
		artists: Array.from(artists.values(), (artist) => ({ ...artist.part, albums: artist.albums.size }))
	}
}

/**
 * The documents of the index of names. What the index calls a file is the album or the artist, so that the parts of one
 * fold into one hit; its column of bitrates holds numbers of tracks, that of years an artist's number of albums.
 */
export function nameDocuments(
	{ albums, artists }: PageNames,
	publisher: number,
	fold: Fold,
	seed: number
): IndexDocument[] {
	const document = (
		name: string,
		by: readonly string[],
		facts: Pick<IndexDocument['facts'], 'kind' | 'year' | 'bitrate' | 'durationMs' | 'addedS' | 'file'>
	): IndexDocument => {
		const words = fieldWords({ ...NAMELESS, title: name, artists: by }, fold)
		const titleKey = words[0]?.join(' ') ?? ''
		return { words, facts: { ...FACTLESS, publisher, titleKey, ...facts } }
	}
	return [
		...albums.map(({ key, album, artists, date, tracks, durationMs, indexedMs }) =>
			document(album, artists, {
				kind: ALBUM,
				year: yearOf(date),
				bitrate: tracks,
				durationMs,
				addedS: Math.floor(indexedMs / 1000),
				file: albumNumber(key, seed)
			})
		),
		...artists.map(({ key, artist, tracks, albums }) =>
			document(artist, [], {
				kind: ARTIST,
				year: Math.min(albums, 0xffff),
				bitrate: tracks,
				durationMs: 0,
				addedS: 0,
				file: artistNumber(key, seed)
			})
		)
	]
}

/** By what the parts of an album are found: {@link SearchIndex.documentsOfFile} of the index of names. */
export function albumNumber(key: string, seed: number): number {
	return fingerprint(`album\n${key}`, seed)
}

export function artistNumber(key: string, seed: number): number {
	return fingerprint(`artist\n${key}`, seed)
}

const FACTLESS = { format: '', licence: 'none', lossless: undefined, genres: [], clip: 0, mbids: [] } as const

const NAMELESS: EntryRow = {
	id: 0,
	publisher: '',
	publisherName: '',
	root: '',
	k: '',
	kind: 'other',
	file: '',
	sizeBytes: 0,
	mime: '',
	title: '',
	artists: [],
	albumArtists: [],
	genres: []
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

type GrowingAlbum = Mutable<Omit<AlbumPart, 'rows'>> & { rows: Mutable<DocumentRange>[] }

function addToAlbum(album: GrowingAlbum, row: EntryRow, at: number): void {
	album.tracks++
	album.durationMs += row.durationMs ?? 0
	const last = album.rows.at(-1)
	if (last !== undefined && last.first + last.count === at) last.count++
	else album.rows.push({ first: at, count: 1 })
	if (album.date === undefined && row.date !== undefined) album.date = row.date
	if (album.cover === undefined && row.cover !== undefined) {
		album.cover = row.cover
		if (row.hue !== undefined) album.hue = row.hue
	}
	if (row.kind === 'audio' && row.lossless !== undefined) album.lossless = (album.lossless ?? true) && row.lossless
}
