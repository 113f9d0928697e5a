import { decodePlaylist, encodePlaylist, playlistCid, rowOfItem } from '$lib/catalog/playlist'
import type { EntryRow } from '$lib/catalog/row'
import { parseShareLink, readInlinePlaylist } from '$lib/catalog/share-link'
import type { BlockSource } from '$lib/gateway/block-source'
import { AppError } from '$lib/errors'

export interface SharedPlaylist {
	readonly title: string
	readonly note?: string | undefined
	/** IPNS name of its maker, as it says itself. */
	readonly by?: string | undefined
	/** Of the list as a block, wherever it was read from. */
	readonly key: string
	/** The same, of one that has an address; absent for one inside its link. */
	readonly cid?: string
	readonly rows: readonly EntryRow[]
}

/**
 * Reads a playlist from a share link (protocol section 5).
 * @param id - what stands behind `#/p/`
 * @throws AppError `invalid-link`, `invalid-playlist`, `content-unavailable`
 */
export async function readSharedPlaylist(
	source: BlockSource,
	id: string,
	signal: AbortSignal
): Promise<SharedPlaylist> {
	const link = parseShareLink(`#/p/${id}`)
	if (link.kind !== 'playlist' && link.kind !== 'inline-playlist')
		throw new AppError('invalid-link', 'no playlist')
	const { playlist } =
		link.kind === 'playlist'
			? decodePlaylist(await source.get(link.cid, { signal }))
			: await readInlinePlaylist(link.data)
	const { title, note, by, items } = playlist
	const cid = link.kind === 'playlist' ? link.cid : await playlistCid(encodePlaylist(playlist))
	return {
		key: cid.toString(),
		title,
		note,
		by,
		...(link.kind === 'playlist' && { cid: link.cid.toString() }),
		rows: items.map(rowOfItem)
	}
}
