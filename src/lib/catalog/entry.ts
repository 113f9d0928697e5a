import type { CID } from 'multiformats/cid'
import { AppError } from '../errors'
import type { MediaKind } from '../gateway/media-types'
import { base32Text } from './cid-text'
import { hueOfThumb } from './hue'
import {
	MAX_CHAPTERS,
	MAX_COMMENT_LENGTH,
	MAX_GAIN_DB,
	MAX_KEY_LENGTH,
	MAX_SUBTITLES,
	MAX_TAGS,
	MAX_TAG_LENGTH,
	MAX_THUMB_BYTES,
	MAX_TITLE_LENGTH
} from './limits'
import type { EntryRow } from './row'
import {
	anyCid,
	bool,
	bytes,
	date,
	fileCid,
	int,
	listOf,
	mapOf,
	mediaType,
	number,
	oneOf,
	readMap,
	text,
	type RulesOf
} from './rule'
import { displayLines, displayText } from './text'

export type EntryKind = MediaKind

export const ENTRY_KINDS: readonly EntryKind[] = ['audio', 'video', 'image', 'document', 'subtitle', 'other']

/** A part of a file, in ms. Without `end` it goes on to the end of the file. */
export interface Clip {
	readonly start: number
	readonly end?: number
}

/** dB; peaks 0 and more, 1 being full scale. */
export interface Gain {
	readonly track?: number
	readonly album?: number
	readonly trackPeak?: number
	readonly albumPeak?: number
}

/** MusicBrainz ids. */
export interface MusicBrainzIds {
	readonly recording?: string
	readonly track?: string
	readonly release?: string
	readonly releaseGroup?: string
	readonly artists?: readonly string[]
	readonly albumArtists?: readonly string[]
}

interface EntryFields {
	/** Unique in the catalog; the path below the root where there is one. */
	readonly k: string
	/** Kind. */
	readonly t: EntryKind
	/** Root of the media file. */
	readonly file: CID
	/** Bytes. */
	readonly size: number
	readonly mime: string
	readonly title: string
	readonly artists?: readonly string[]
	readonly albumArtists?: readonly string[]
	readonly genres?: readonly string[]
	readonly composers?: readonly string[]
	readonly album?: string
	/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
	readonly date?: string
	readonly label?: string
	readonly isrc?: string
	/** SPDX id or URL. */
	readonly licence?: string
	readonly comment?: string
	readonly lang?: string
	readonly track?: number
	readonly tracks?: number
	readonly disc?: number
	readonly discs?: number
	readonly bpm?: number
	readonly compilation?: boolean
	readonly lossless?: boolean
	readonly durationMs?: number
	/** bit/s */
	readonly bitrate?: number
	/** Hz */
	readonly sampleRate?: number
	readonly channels?: number
	/** Pixels. */
	readonly width?: number
	readonly height?: number
	readonly codec?: string
	/** Image file. */
	readonly cover?: CID
	/** ThumbHash of the cover. */
	readonly thumb?: Uint8Array
	readonly mbid?: MusicBrainzIds
	readonly gain?: Gain
	readonly clip?: Clip
	readonly cueSheet?: CID
	readonly lyrics?: CID
	readonly waveform?: CID
	readonly subtitles?: readonly { readonly lang: string; readonly file: CID; readonly mime: string }[]
	/** `start` in ms. */
	readonly chapters?: readonly { readonly start: number; readonly title: string }[]
	/** Unix seconds. */
	readonly added?: number
}

/** One entry of a catalog (protocol section 2), checked; text in NFC. */
export interface Entry extends EntryFields {
	/** Keys that this version does not know, as they came. The object has no prototype. */
	readonly extra?: Readonly<Record<string, unknown>>
}

const tag = text(MAX_TAG_LENGTH)
const tags = listOf(tag, MAX_TAGS)
const decibels = number(-MAX_GAIN_DB, MAX_GAIN_DB)
const peak = number(0, 1000)

/** `{start, end?}` in ms, the end after the start. */
export const clipRule = mapOf<Clip>(
	{ start: int, end: int },
	['start'],
	({ start, end }) => end === undefined || end > start
)

const rules: RulesOf<EntryFields> = {
	k: text(MAX_KEY_LENGTH, 1),
	t: oneOf(ENTRY_KINDS),
	file: fileCid,
	size: int,
	mime: mediaType,
	title: text(MAX_TITLE_LENGTH),
	artists: tags,
	albumArtists: tags,
	genres: tags,
	composers: tags,
	album: tag,
	date,
	label: tag,
	isrc: tag,
	licence: tag,
	comment: text(MAX_COMMENT_LENGTH),
	lang: tag,
	track: int,
	tracks: int,
	disc: int,
	discs: int,
	bpm: int,
	compilation: bool,
	lossless: bool,
	durationMs: int,
	bitrate: int,
	sampleRate: int,
	channels: int,
	width: int,
	height: int,
	codec: tag,
	cover: fileCid,
	thumb: bytes(MAX_THUMB_BYTES),
	mbid: mapOf<MusicBrainzIds>(
		{ recording: tag, track: tag, release: tag, releaseGroup: tag, artists: tags, albumArtists: tags },
		[]
	),
	gain: mapOf<Gain>({ track: decibels, album: decibels, trackPeak: peak, albumPeak: peak }, []),
	clip: clipRule,
	cueSheet: fileCid,
	lyrics: fileCid,
	waveform: anyCid,
	subtitles: listOf(mapOf({ lang: tag, file: fileCid, mime: mediaType }, ['lang', 'file', 'mime']), MAX_SUBTITLES),
	chapters: listOf(mapOf({ start: int, title: text(MAX_TITLE_LENGTH) }, ['start', 'title']), MAX_CHAPTERS),
	added: int
}

/**
 * Checks one entry of a page, or one that was made here, against protocol section 2.
 * @param value - what DAG-CBOR decoding gave: CIDs are CID objects
 * @throws AppError `invalid-entry`, its `detail` naming the key and the rule
 */
export function parseEntry(value: unknown): Entry {
	const reading = readMap<EntryFields>(value, rules, ['k', 't', 'file', 'size', 'mime', 'title'])
	if ('broken' in reading) {
		throw new AppError('invalid-entry', `entry: ${reading.broken}`, { detail: reading.broken })
	}
	return reading.extra === undefined ? reading.fields : { ...reading.fields, extra: reading.extra }
}

/** The map that stands for an entry in a page. */
export function entryMap(entry: Entry): Record<string, unknown> {
	const { extra, ...fields } = entry
	return { ...extra, ...fields }
}

/** CIDv1 in base32, so that one content has one text. */
export function cidText(cid: CID): string {
	return base32Text(cid.toV1().bytes)
}

export interface RowOrigin {
	/** 0 for a row that is not indexed. */
	readonly id: number
	readonly publisher: string
	readonly publisherName: string
	/** Root CID of the publication. */
	readonly root: string
}

/** The plain form of an entry, its text made safe to show (see {@link displayText}). */
export function toRow(entry: Entry, origin: RowOrigin): EntryRow {
	const { k, title, file, thumb, subtitles, chapters, gain, mbid } = entry
	const hue = thumb && hueOfThumb(thumb)
	const row: Writable<EntryRow> = {
		id: origin.id,
		publisher: origin.publisher,
		publisherName: displayText(origin.publisherName),
		root: origin.root,
		k,
		kind: entry.t,
		file: cidText(file),
		sizeBytes: entry.size,
		mime: entry.mime,
		title: displayText(title) || displayText(nameOf(k)) || cidText(file),
		artists: displayList(entry.artists),
		albumArtists: displayList(entry.albumArtists),
		genres: displayList(entry.genres)
	}
	// Left out where undefined or empty, so that rows stay small and `in` means something.
	const put = <Key extends keyof EntryRow>(key: Key, value: EntryRow[Key] | undefined): void => {
		if (value !== undefined && value !== '') row[key] = value
	}
	put('composers', entry.composers && displayList(entry.composers))
	put('album', entry.album && displayText(entry.album))
	put('date', entry.date)
	put('label', entry.label && displayText(entry.label))
	put('licence', entry.licence && displayText(entry.licence))
	put('comment', entry.comment && displayLines(entry.comment))
	put('track', entry.track)
	put('disc', entry.disc)
	put('durationMs', entry.durationMs)
	put('bitrate', entry.bitrate)
	put('sampleRate', entry.sampleRate)
	put('channels', entry.channels)
	put('width', entry.width)
	put('height', entry.height)
	put('codec', entry.codec && displayText(entry.codec))
	put('lossless', entry.lossless)
	put('cover', entry.cover && cidText(entry.cover))
	put('thumb', thumb)
	put('hue', hue)
	put('clip', entry.clip)
	put('lyrics', entry.lyrics && cidText(entry.lyrics))
	put('waveform', entry.waveform && cidText(entry.waveform))
	put(
		'subtitles',
		subtitles?.map(({ lang, file, mime }) => ({ lang: displayText(lang), file: cidText(file), mime }))
	)
	put(
		'chapters',
		chapters?.map(({ start, title }) => ({ start, title: displayText(title) }))
	)
	put('gain', gain && present({ track: gain.track, album: gain.album }))
	put('mbids', mbid && mbidsOf(mbid))
	put('added', entry.added)
	return row
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function mbidsOf(ids: MusicBrainzIds): readonly string[] | undefined {
	const all = new Set(Object.values(ids).flatMap((id: string | readonly string[]) => id))
	return all.size === 0 ? undefined : Array.from(all, (id) => displayText(id).toLowerCase())
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

function displayList(list: readonly string[] | undefined): readonly string[] {
	const shown: string[] = []
	for (const text of list ?? []) {
		const one = displayText(text)
		if (one !== '') shown.push(one)
	}
	return shown
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined | ''> }

/** Leaves out what is undefined or empty text, so that rows stay small and `in` means something. */
function present<T extends object>(fields: T): Present<T> {
	const kept: Record<string, unknown> = {}
	for (const [key, value] of Object.entries(fields)) if (value !== undefined && value !== '') kept[key] = value
	return kept as Present<T>
}
