import type { BlockSource } from '../../gateway/block-source'
import type { Entry } from '../entry'
import { MAX_TITLE_LENGTH, READ_CONCURRENCY } from '../limits'
import { parsePlaylistFile, type FileItem, type PlaylistFile } from '../playlist-files'
import type { PlaylistItem } from '../playlist'
import { cut } from '../text'
import { Follower, type Followed } from './follow'
import { Listing, fieldsOfPath } from './listing'
import { UnixFsReader, inLanes } from './unixfs'

/** Entries of a playlist file, in its order; keys are the place in it and the title. */
export async function listPlaylist(file: PlaylistFile, follower: Follower): Promise<Listing> {
	const listing = new Listing()
	const followed: { readonly file: Followed; readonly cover: Followed | undefined }[] = []
	await inLanes(READ_CONCURRENCY, file.items.entries(), async ([at, { location, cover }]) => {
		followed[at] = {
			file: await follower.follow(location),
			cover: cover === undefined ? undefined : await follower.follow(cover)
		}
	})
	for (const [at, item] of file.items.entries()) {
		const found = followed[at]
		if (found === undefined) continue
		if ('lost' in found.file) listing.drop(item.title ?? item.location, found.file.lost)
		else listing.add(fieldsOf(item, at, found.file, found.cover))
	}
	if (file.dropped > 0) listing.drop('the playlist', 'items without a location, or past the bound', file.dropped)
	return listing
}

function fieldsOf(
	item: FileItem,
	at: number,
	{ cid, name, clip }: Exclude<Followed, { lost: string }>,
	cover: Followed | undefined
): Record<string, unknown> & { k: string } {
	const fields = fieldsOfPath(name)
	const title = cut(item.title ?? (fields.title || cid.toString()), MAX_TITLE_LENGTH)
	// A playlist is made of what can be played; a name without an extension says nothing against it.
	const type = name.includes('.') ? {} : { t: 'audio' }
	return {
		...fields,
		...type,
		title,
		k: `${String(at + 1).padStart(4, '0')} ${title}`,
		file: cid,
		size: 0,
		...(item.artists !== undefined && { artists: item.artists }),
		...(item.album !== undefined && { album: item.album }),
		...(item.track !== undefined && { track: item.track }),
		...(item.durationMs !== undefined && { durationMs: item.durationMs }),
		...(cover !== undefined && 'cid' in cover && { cover: cover.cid }),
		...((item.clip ?? clip) !== undefined && { clip: item.clip ?? clip })
	}
}

export interface ImportedPlaylist {
	readonly title?: string
	readonly note?: string
	readonly items: readonly PlaylistItem[]
	readonly dropped: number
	/** Why, of the first 20. */
	readonly reasons: readonly string[]
}

/**
 * Reads a playlist file of a person's own: M3U, M3U8, XSPF or JSPF. Locations that are no content of IPFS are dropped.
 * @param signal - must carry a deadline: locations with paths are followed through the network
 * @throws AppError `too-large`, `too-many`, `content-unsupported`
 */
export async function importPlaylistFile(
	bytes: Uint8Array,
	blocks: BlockSource,
	{ signal }: { readonly signal: AbortSignal }
): Promise<ImportedPlaylist> {
	const file = parsePlaylistFile(bytes)
	const listing = await listPlaylist(file, new Follower(new UnixFsReader(blocks, signal)))
	return {
		...(file.title !== undefined && { title: file.title }),
		...(file.note !== undefined && { note: file.note }),
		items: listing.entries.map(itemOfEntry),
		dropped: listing.dropped,
		reasons: listing.reasons
	}
}

/** What a playlist keeps of an entry. */
function itemOfEntry(entry: Entry): PlaylistItem {
	const { file, mime, title, artists, album, durationMs, cover, clip } = entry
	return {
		file,
		// Players go by what the bytes are; the type has to say no more than that it is sound.
		mime: entry.t === 'audio' && mime === 'application/octet-stream' ? 'audio/mpeg' : mime,
		title,
		...(artists !== undefined && { artists }),
		...(album !== undefined && { album }),
		...(durationMs !== undefined && { durationMs }),
		...(cover !== undefined && { cover }),
		...(clip !== undefined && { clip })
	}
}
