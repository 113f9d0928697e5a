import { encodePlaylist, type Playlist } from '../playlist'
import type { SignedPlaylist } from '../publishing'

/** Where the playlists of a publication lie, below its root. */
export const PLAYLISTS = '.antiphon/playlists/'
const EXTENSION = '.cbor'
/** At four bytes each, and with what follows, within the 255 bytes that file systems take. */
const MAX_NAME_CHARS = 60

/**
 * Playlists as they lie in a publication, each named after its title.
 * @param publisher - IPNS name of who makes and signs them
 * @throws AppError `invalid-playlist`, `too-large` for one that no reader would take whole
 */
export function signedPlaylists(
	playlists: readonly Omit<Playlist, 'by'>[],
	publisher: string
): readonly SignedPlaylist[] {
	const taken = new Set<string>()
	return playlists.map((playlist) => {
		const name = fileName(playlist.title)
		let path = `${PLAYLISTS}${name}${EXTENSION}`
		for (let n = 2; taken.has(path); n++) path = `${PLAYLISTS}${name} ${n}${EXTENSION}`
		taken.add(path)
		return { path, bytes: encodePlaylist({ ...playlist, by: publisher }) }
	})
}

/** What a playlist of a publication is called by its path; undefined for the path of anything else. */
export const playlistNameOf = (path: string): string | undefined =>
	path.startsWith(PLAYLISTS) && path.endsWith(EXTENSION)
		? path.slice(PLAYLISTS.length, -EXTENSION.length)
		: undefined

function fileName(title: string): string {
	const plain = title.normalize('NFC').replace(/[\\/:*?"<>|\p{Cc}]/gu, '_')
	return Array.from(plain).slice(0, MAX_NAME_CHARS).join('').trim() || 'playlist'
}
