import { type CID } from 'multiformats/cid'
import { errorCode, isAbort } from '../../errors'
import { isMediaType } from '../text'
import { parseCue, splitByCue } from '../cue'
import type { Entry } from '../entry'
import { MAX_CUE_BYTES, MAX_LISTED_ENTRIES, MAX_TITLE_LENGTH, READ_CONCURRENCY } from '../limits'
import { isMap } from '../rule'
import { cut } from '../text'
import type { Follower } from './follow'
import { linkText } from './flat'
import { Listing, fieldsOfType } from './listing'
import { readNode } from './node'
import { inLanes, type UnixFsReader } from './unixfs'

type Fields = Readonly<Record<string, unknown>>

/** True for a track (`file`) or an album (`album` with tracks, or `tracks`) and for a list of tracks. */
export function looksLikeTracks(value: unknown): boolean {
	if (Array.isArray(value)) return value.length > 0 && value.every((one) => isMap(one) && isLink(one.file))
	if (!isMap(value)) return false
	if (isLink(value.file)) return true
	return Array.isArray(value.tracks) || (isMap(value.album) && Array.isArray(value.album.tracks))
}

const isLink = (value: unknown): boolean => linkText(value) !== undefined

export interface TracksReading {
	readonly title?: string
	readonly listing: Listing
}

/**
 * Entries of a track or album node. Tracks may stand in the node or be links to nodes of their own.
 * @param name - of the file or link that led here; may be empty
 */
export async function listTracks(
	value: unknown,
	name: string,
	reader: UnixFsReader,
	follower: Follower
): Promise<TracksReading> {
	const listing = new Listing()
	if (isMap(value) && isLink(value.file)) {
		for (const entry of await entriesOf(value, name, {}, reader, follower)) addOrDrop(listing, entry)
		const title = listing.entries[0]?.title
		return title === undefined ? { listing } : { title, listing }
	}
	const album = albumOf(value)
	const shared = await sharedBy(album, follower)
	const tracks = (Array.isArray(value) ? value : tracksOf(value, album)).slice(0, MAX_LISTED_ENTRIES)
	const found: Outcome[][] = []
	await inLanes(READ_CONCURRENCY, tracks.entries(), async ([at, track]) => {
		const number = { ...shared, track: at + 1, ...(Array.isArray(value) ? {} : { tracks: tracks.length }) }
		found[at] = await trackAt(track, at, number, reader, follower)
	})
	for (const one of found.flat()) addOrDrop(listing, one)
	return { ...(shared.album !== undefined && { title: shared.album }), listing }
}

type Outcome = Entry | { readonly label: string; readonly lost: string }

function addOrDrop(listing: Listing, one: Outcome): void {
	if ('lost' in one) listing.drop(one.label, one.lost)
	else listing.add({ ...one })
}

async function trackAt(
	track: unknown,
	at: number,
	shared: Partial<Entry>,
	reader: UnixFsReader,
	follower: Follower
): Promise<Outcome[]> {
	const label = `track ${at + 1}`
	let node = track
	if (!isMap(track) || !isLink(track.file)) {
		const place = await follower.follow(linkText(track) ?? '')
		if ('lost' in place) return [{ label, lost: place.lost }]
		try {
			node = await readNode(reader, place.cid)
		} catch (error) {
			return [{ label, lost: reasonOf(error) }]
		}
	}
	if (!isMap(node) || !isLink(node.file)) return [{ label, lost: 'not a track' }]
	const entries = await entriesOf(node, '', shared, reader, follower)
	return entries.map((entry) =>
		'lost' in entry ? entry : { ...entry, k: `${String(at + 1).padStart(4, '0')} ${entry.k}` }
	)
}

const albumOf = (value: unknown): Fields => {
	const album = isMap(value) ? (value.album ?? value) : {}
	if (isMap(album) && linkText(album) === undefined) return album
	return isMap(value) ? { ...value, title: typeof album === 'string' ? album : value.title } : {}
}

function tracksOf(value: unknown, album: Fields): readonly unknown[] {
	if (Array.isArray(album.tracks)) return album.tracks
	return isMap(value) && Array.isArray(value.tracks) ? value.tracks : []
}

async function sharedBy(album: Fields, follower: Follower): Promise<Partial<Entry>> {
	const tags = tagsOf(album)
	const { title, artists, date, genres, albumArtists = artists } = tags
	const cover = await linked(album.cover, follower)
	return {
		...((title ?? tags.album) !== undefined && { album: title ?? tags.album ?? '' }),
		...(albumArtists !== undefined && { albumArtists, artists: artists ?? albumArtists }),
		...(date !== undefined && { date }),
		...(genres !== undefined && { genres }),
		...(cover !== undefined && { cover })
	}
}

async function entriesOf(
	node: Fields,
	name: string,
	shared: Partial<Entry>,
	reader: UnixFsReader,
	follower: Follower
): Promise<Outcome[]> {
	const tags = { ...tagsOf(node), ...tagsOf(node.tags), ...tagsOf(node.id3) }
	const label = tags.title ?? (name === '' ? 'a track' : name)
	const file = await follower.follow(linkText(node.file) ?? '')
	if ('lost' in file) return [{ label, lost: file.lost }]
	const cover = await linked(node.cover, follower)
	const cueSheet = await linked(node.cue, follower)
	const fileName = file.name === '' ? name.replace(/\.json$/i, '') : file.name
	const fields = fieldsOfType(fileName, mimeOf(node))
	// Tags stand for something that plays, also where neither a type nor a name says what it is.
	const type = fields.t === 'other' ? { t: 'audio' as const, ...(isMap(node.id3) && { mime: 'audio/mpeg' }) } : {}
	const title = cut(tags.title ?? (fields.title === '' ? file.cid.toString() : fields.title), MAX_TITLE_LENGTH)
	const entry: Entry = {
		...shared,
		...fields,
		...type,
		...tags,
		title,
		k: file.name === '' ? title : file.name,
		file: file.cid,
		size: wholeNumber(node.size) ?? 0,
		...(cover !== undefined && { cover }),
		...(cueSheet !== undefined && { cueSheet }),
		...(file.clip !== undefined && { clip: file.clip })
	}
	return cueSheet === undefined ? [entry] : await splitBy(cueSheet, entry, reader)
}

/** The parts that a sheet cuts the file into; the whole file where there is no such sheet to be had. */
async function splitBy(cueSheet: CID, entry: Entry, reader: UnixFsReader): Promise<Entry[]> {
	try {
		const sheet = parseCue(await reader.file(cueSheet, MAX_CUE_BYTES))
		const file = sheet.files.find(({ name }) => name === entry.k) ?? sheet.files[0]
		return file === undefined || file.tracks.length < 2 ? [entry] : splitByCue(entry, sheet, file)
	} catch (error) {
		reasonOf(error)
		return [entry]
	}
}

async function linked(value: unknown, follower: Follower): Promise<CID | undefined> {
	const location = linkText(value)
	if (location === undefined) return undefined
	const found = await follower.follow(location)
	return 'lost' in found ? undefined : found.cid
}

/** @throws the error itself when it ends the whole reading */
function reasonOf(error: unknown): string {
	const code = errorCode(error)
	if (isAbort(error) || code === undefined || code === 'too-many') throw error
	return code
}

function mimeOf(node: Fields): string | undefined {
	const mime = node.mime ?? node.mimeType ?? node.type
	return typeof mime === 'string' && isMediaType(mime) ? mime : undefined
}

/** Names of tags in common use, ID3v2 frames among them, in lower case without spaces and `_`. */
const names = {
	title: ['title', 'tit2', 'name'],
	artists: ['artists', 'artist', 'tpe1', 'performer'],
	albumArtists: ['albumartists', 'albumartist', 'tpe2', 'band'],
	album: ['album', 'talb'],
	date: ['date', 'year', 'tdrc', 'tyer'],
	genres: ['genres', 'genre', 'tcon'],
	composers: ['composers', 'composer', 'tcom'],
	track: ['track', 'tracknumber', 'trck'],
	disc: ['disc', 'discnumber', 'tpos', 'partofset'],
	label: ['label', 'tpub'],
	isrc: ['isrc', 'tsrc'],
	comment: ['comment', 'comm']
} as const

function tagsOf(value: unknown): Partial<Entry> {
	if (!isMap(value)) return {}
	const tags = new Map<string, unknown>()
	for (const key of Object.keys(value)) tags.set(key.toLowerCase().replace(/[\s_]/g, ''), value[key])
	const texts = (field: keyof typeof names): string[] | undefined => {
		for (const name of names[field]) {
			const tag = tags.get(name)
			const all: readonly unknown[] = Array.isArray(tag) ? tag : [tag]
			const found = all
				.filter((one) => typeof one === 'string' || typeof one === 'number')
				.map((one) => String(one).trim())
			if (found.some((one) => one !== '')) return found.filter((one) => one !== '')
		}
		return undefined
	}
	const first = (field: keyof typeof names) => texts(field)?.[0]
	const [title, album, label, isrc, comment] = [
		first('title'),
		first('album'),
		first('label'),
		first('isrc'),
		first('comment')
	]
	const date = /^\d{4}(?:-\d\d(?:-\d\d)?)?/.exec(first('date') ?? '')?.[0]
	const [track, tracks] = numbers(first('track'))
	const [disc, discs] = numbers(first('disc'))
	const [artists, albumArtists, genres, composers] = [
		texts('artists'),
		texts('albumArtists'),
		texts('genres'),
		texts('composers')
	]
	const durationMs = wholeNumber(value.durationMs)
	return {
		...(title !== undefined && { title }),
		...(album !== undefined && { album }),
		...(label !== undefined && { label }),
		...(isrc !== undefined && { isrc }),
		...(comment !== undefined && { comment }),
		...(date !== undefined && { date }),
		...(track !== undefined && { track }),
		...(tracks !== undefined && { tracks }),
		...(disc !== undefined && { disc }),
		...(discs !== undefined && { discs }),
		...(artists !== undefined && { artists }),
		...(albumArtists !== undefined && { albumArtists }),
		...(genres !== undefined && { genres }),
		...(composers !== undefined && { composers }),
		...(durationMs !== undefined && { durationMs })
	}
}

/** `3` or `3/12`. */
function numbers(text: string | undefined): [number?, number?] {
	const [, one, all] = /^(\d{1,4})(?:\/(\d{1,4}))?$/.exec(text ?? '') ?? []
	if (one === undefined) return []
	return all === undefined ? [Number(one)] : [Number(one), Number(all)]
}

function wholeNumber(value: unknown): number | undefined {
	return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined
}
