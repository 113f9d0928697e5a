import type { EntryKind } from '../entry'
import type { LicenceClass, QueryFilters, TextField } from './query'

export type FilterName = keyof QueryFilters

/** Names of fields whose words are looked for, as they may be typed. The first of each is the one that is shown. */
export const FIELD_NAMES: ReadonlyMap<string, TextField> = named({
	title: ['title', 'titel'],
	artists: ['artist', 'artists', 'by', 'interpret', 'künstler'],
	album: ['album'],
	composers: ['composer', 'composers', 'komponist'],
	genres: ['genre', 'genres'],
	label: ['label'],
	publisher: ['publisher', 'verlag'],
	path: ['path', 'folder', 'pfad'],
	description: ['description', 'comment', 'beschreibung']
})

export const FILTER_NAMES: ReadonlyMap<string, FilterName> = named({
	kinds: ['kind', 'type', 'art'],
	years: ['year', 'years', 'date', 'jahr'],
	bitrate: ['bitrate'],
	durationMs: ['duration', 'length', 'dauer'],
	lossless: ['lossless', 'verlustfrei'],
	formats: ['format', 'codec'],
	licences: ['licence', 'license', 'lizenz'],
	available: ['available', 'verfügbar'],
	kept: ['kept', 'offline'],
	mbids: ['mbid'],
	cids: ['cid', 'file'],
	publishers: ['publisher']
} satisfies Partial<Record<FilterName, string[]>>)

export const KINDS: ReadonlyMap<string, EntryKind> = named({
	audio: ['audio', 'music', 'musik', 'song', 'track'],
	video: ['video', 'videos', 'film', 'movie'],
	image: ['image', 'picture', 'photo', 'bild'],
	document: ['document', 'text', 'book', 'dokument'],
	subtitle: ['subtitle', 'subtitles', 'untertitel'],
	other: ['other']
})

export const LICENCES: ReadonlyMap<string, LicenceClass> = named({
	cc: ['cc', 'creative-commons', 'creativecommons'],
	free: ['free', 'pd', 'public-domain', 'frei'],
	other: ['other', 'andere'],
	none: ['none', 'no', 'keine']
})

/** Other names of formats. */
export const FORMATS: ReadonlyMap<string, string> = new Map(
	synonyms({ ogg: ['vorbis', 'oga'], jpg: ['jpeg'], mkv: ['matroska'], m4a: ['m4b'], tif: ['tiff'] })
)

export const TRUTHS: ReadonlyMap<string, boolean> = new Map([
	...['yes', 'true', '1', 'ja', 'y'].map((word) => [word, true] as const),
	...['no', 'false', '0', 'nein', 'n'].map((word) => [word, false] as const)
])

function synonyms(table: Readonly<Record<string, readonly string[]>>): (readonly [string, string])[] {
	return Object.entries(table).flatMap(([name, words]) => words.map((word) => [word, name] as const))
}

function named<Name extends string>(table: Readonly<Record<Name, readonly string[]>>): Map<string, Name> {
	return new Map(synonyms(table) as (readonly [string, Name])[])
}
