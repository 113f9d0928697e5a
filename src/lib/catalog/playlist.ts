import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { AppError } from '../errors'
import { kindOfMime } from '../gateway/media-types'
import { decodeStrict, encodeStrict } from './dag-cbor'
import { cidText, clipRule, toRow, type Clip } from './entry'
import {
	MAX_KEY_LENGTH,
	MAX_NOTE_LENGTH,
	MAX_PLAYLIST_BYTES,
	MAX_PLAYLIST_ITEMS,
	MAX_REASONS,
	MAX_TAGS,
	MAX_TAG_LENGTH,
	MAX_TITLE_LENGTH
} from './limits'
import type { EntryRow } from './row'
import { fileCid, int, isMap, listOf, mediaType, readMap, text, type RulesOf } from './rule'

/** One item of a playlist: enough to show and play it with no catalog at hand. */
export interface PlaylistItem {
	readonly file: CID
	readonly mime: string
	readonly title: string
	readonly artists?: readonly string[]
	readonly album?: string
	readonly durationMs?: number
	/** Bytes. */
	readonly size?: number
	readonly cover?: CID
	readonly clip?: Clip
	/** IPNS name of who published it, and its key there. */
	readonly publisher?: string
	readonly k?: string
}

interface PlaylistFields {
	readonly v: 1
	readonly title: string
	readonly note?: string
	/** IPNS name of its maker. */
	readonly by?: string
	/** Unix seconds. */
	readonly created: number
	readonly items: readonly unknown[]
}

/** A playlist (protocol section 5). */
export interface Playlist extends Omit<PlaylistFields, 'items'> {
	readonly items: readonly PlaylistItem[]
}

export interface PlaylistReading {
	readonly playlist: Playlist
	/** Items that broke a rule. */
	readonly dropped: number
	/** Why, of the first 20. */
	readonly reasons: readonly string[]
}

const tag = text(MAX_TAG_LENGTH)
const ipnsName = text(100, 1)

const itemRules: RulesOf<PlaylistItem> = {
	file: fileCid,
	mime: mediaType,
	title: text(MAX_TITLE_LENGTH),
	artists: listOf(tag, MAX_TAGS),
	album: tag,
	durationMs: int,
	size: int,
	cover: fileCid,
	clip: clipRule,
	publisher: ipnsName,
	k: text(MAX_KEY_LENGTH, 1)
}

const rules: RulesOf<PlaylistFields> = {
	v: { expected: '1', read: (value) => (value === 1 ? 1 : undefined) },
	title: text(MAX_TITLE_LENGTH),
	note: text(MAX_NOTE_LENGTH),
	by: ipnsName,
	created: int,
	items: {
		expected: `a list of at most ${MAX_PLAYLIST_ITEMS}`,
		read: (value) => (Array.isArray(value) && value.length <= MAX_PLAYLIST_ITEMS ? value : undefined)
	}
}

/**
 * Reads a playlist's bytes, already checked against their CID or taken from a link. Items that break a rule are dropped.
 * @throws AppError `too-large`, `invalid-playlist`
 */
export function decodePlaylist(bytes: Uint8Array): PlaylistReading {
	const value = decodeStrict(bytes, MAX_PLAYLIST_BYTES, 'invalid-playlist')
	if (isMap(value) && typeof value.v === 'number' && value.v > 1) {
		throw invalid(`made by a later version (${value.v}) of the protocol`)
	}
	const reading = readMap<PlaylistFields>(value, rules, ['v', 'title', 'created', 'items'])
	if ('broken' in reading) throw invalid(reading.broken)
	const items: PlaylistItem[] = []
	const reasons: string[] = []
	let dropped = 0
	for (const [at, item] of reading.fields.items.entries()) {
		const read = readMap<PlaylistItem>(item, itemRules, ['file', 'mime', 'title'])
		if ('fields' in read) items.push(read.fields)
		else {
			dropped++
			if (reasons.length < MAX_REASONS) reasons.push(`item ${at + 1}: ${read.broken}`)
		}
	}
	return { playlist: { ...reading.fields, items }, dropped, reasons }
}

/** The bytes of the raw leaf. @throws AppError `invalid-playlist`, `too-large` for one that no reader would take whole */
export function encodePlaylist(playlist: Playlist): Uint8Array {
	const bytes = encodeStrict(playlist)
	const { reasons } = decodePlaylist(bytes)
	if (reasons[0] !== undefined) throw invalid(reasons[0])
	return bytes
}

/** CID of the raw leaf that holds these bytes. */
export async function playlistCid(bytes: Uint8Array): Promise<CID> {
	return CID.createV1(raw.code, await sha256.digest(bytes))
}

/** What a playlist keeps of a row. */
export function itemOfRow(row: EntryRow): PlaylistItem {
	return {
		file: CID.parse(row.file),
		mime: row.mime,
		title: row.title,
		...(row.artists.length > 0 && { artists: row.artists }),
		...(row.album !== undefined && { album: row.album }),
		...(row.durationMs !== undefined && { durationMs: row.durationMs }),
		...(row.sizeBytes > 0 && { size: row.sizeBytes }),
		...(row.cover !== undefined && { cover: CID.parse(row.cover) }),
		...(row.clip !== undefined && { clip: row.clip }),
		...(row.publisher !== '' && { publisher: row.publisher }),
		...(row.k !== '' && { k: row.k })
	}
}

/** A row to show and play an item by; 0 bytes when the playlist does not say its size. */
export function rowOfItem(item: PlaylistItem): EntryRow {
	const { file, mime, title, artists, album, durationMs, size = 0, cover, clip, publisher = '', k } = item
	return toRow(
		{
			k: k ?? cidText(file),
			t: kindOfMime(mime),
			file,
			size,
			mime,
			title,
			...(artists && { artists }),
			...(album !== undefined && { album }),
			...(durationMs !== undefined && { durationMs }),
			...(cover && { cover }),
			...(clip && { clip })
		},
		{ id: 0, publisher, publisherName: '', root: '' }
	)
}

const invalid = (detail: string): AppError => new AppError('invalid-playlist', `playlist: ${detail}`, { detail })
