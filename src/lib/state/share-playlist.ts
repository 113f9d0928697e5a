import { encodePlaylist, itemOfRow, playlistCid, type Playlist } from '$lib/catalog/playlist'
import { toCsv, toJspf, toM3u, toM3u8, toXspf, type ExportTarget } from '$lib/catalog/playlist-files'
import { signedPlaylists } from '$lib/catalog/publish/signed-playlists'
import type { SignedPlaylist } from '$lib/catalog/publishing'
import type { EntryRow } from '$lib/catalog/row'
import { makeInlineLink, makeShareLink } from '$lib/catalog/share-link'
import type { LooseBlock } from './keep/pin-block'
import type { OwnPlaylist } from './library.svelte'
import { sharedUrl } from './shared-url'

export type ExportKind = 'M3U8' | 'M3U' | 'XSPF' | 'JSPF' | 'CSV'

const KINDS = {
	M3U8: { write: toM3u8, extension: 'm3u8', type: 'application/vnd.apple.mpegurl' },
	M3U: { write: toM3u, extension: 'm3u', type: 'audio/mpegurl' },
	XSPF: { write: toXspf, extension: 'xspf', type: 'application/xspf+xml' },
	JSPF: { write: toJspf, extension: 'jspf', type: 'application/json' },
	CSV: { write: toCsv, extension: 'csv', type: 'text/csv' }
} as const

function asPlaylist(
	{ title, createdMs }: Pick<OwnPlaylist, 'title' | 'createdMs'>,
	rows: readonly EntryRow[]
): Playlist {
	return { v: 1, title, created: Math.round(createdMs / 1000), items: rows.map(itemOfRow) }
}

/**
 * A link with the whole playlist in it.
 * @param base - address of the app
 * @throws AppError `invalid-link` when it does not fit into 8,000 characters
 */
export async function playlistLink(
	playlist: OwnPlaylist,
	rows: readonly EntryRow[],
	base: string
): Promise<string> {
	return sharedUrl(base, await makeInlineLink(asPlaylist(playlist, rows)))
}

/**
 * The playlist as a block of its own, and the link that opens it where it is held.
 * @param base - address of the app
 * @throws AppError `invalid-playlist`, `too-large` for one that no reader would take whole
 */
export async function playlistBlock(
	playlist: Pick<OwnPlaylist, 'title' | 'createdMs'>,
	rows: readonly EntryRow[],
	base: string
): Promise<{ readonly block: LooseBlock; readonly link: string }> {
	const bytes = encodePlaylist(asPlaylist(playlist, rows))
	const cid = await playlistCid(bytes)
	return {
		block: { cid, bytes, title: playlist.title },
		link: sharedUrl(base, makeShareLink({ kind: 'playlist', cid }))
	}
}

/** A playlist with its rows as they are now. */
export type PlaylistNow = Pick<OwnPlaylist, 'title' | 'createdMs' | 'rows'>

/**
 * Own playlists as they go with a publication.
 * @param publisher - IPNS name that signs it
 * @throws AppError `invalid-playlist`, `too-large`
 */
export const playlistsToSign = (playlists: readonly PlaylistNow[], publisher: string): readonly SignedPlaylist[] =>
	signedPlaylists(
		playlists.map((playlist) => asPlaylist(playlist, playlist.rows)),
		publisher
	)

/** A playlist file that any player opens. */
export function playlistFile(
	playlist: Pick<OwnPlaylist, 'title' | 'createdMs'>,
	rows: readonly EntryRow[],
	kind: ExportKind,
	target: ExportTarget
): File {
	const { write, extension, type } = KINDS[kind]
	const name = playlist.title.replace(/[\\/:*?"<>|\p{Cc}]/gu, '_').slice(0, 120) || 'playlist'
	return new File([write(asPlaylist(playlist, rows), target)], `${name}.${extension}`, { type })
}
