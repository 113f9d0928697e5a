import type { EntryRow } from '$lib/catalog/row'
import { contentUrl } from '$lib/gateway/content-path'

type Listed = Pick<EntryRow, 'file' | 'root' | 'k'>

/** Names of playlists in folders of which nothing else is said, in the order in which tools use them. */
const USUAL_NAMES = ['master.m3u8', 'index.m3u8', 'playlist.m3u8']
const MAX_DEPTH = 64

/** A playlist, and the folder that all it names must lie in. */
export interface HlsPlace {
	readonly playlist: string
	/** Ends with a slash. */
	readonly folder: string
}

/**
 * Where the playlist of a row may be, likeliest first: in the folder that its file is, else, where its file is the playlist,
 * below the root of the publication.
 * @param base - `document.baseURI`
 */
export function hlsPlaces({ file, root, k }: Listed, base: string): HlsPlace[] {
	const segments = k.split('/')
	const name = segments.at(-1) ?? ''
	const isNamed = /\.m3u8$/i.test(name)
	const below = (cid: string, path: readonly string[]): HlsPlace => {
		const folder = `${contentUrl(base, cid)}/`
		return { playlist: folder + path.map(encodeURIComponent).join('/'), folder }
	}
	const inFile = (isNamed ? [name] : USUAL_NAMES).map((each) => below(file, [each]))
	const isPath = isNamed && segments.length <= MAX_DEPTH && segments.every((part) => !/^\.{0,2}$/.test(part))
	return isPath && root !== '' ? [...inFile, below(root, segments)] : inFile
}
