import { cut, normalText } from './text'
import { MAX_KEY_LENGTH, MAX_TITLE_LENGTH } from './limits'

/** What the path of a media file tells, where it has a shape that tells something. */
export interface PathTags {
	readonly title: string
	readonly artist?: string
	readonly album?: string
	/** `YYYY` */
	readonly date?: string
	readonly track?: number
	readonly disc?: number
}

const DISC_FOLDER = /^(?:cd|disc|disk)[ _.-]*(\d{1,2})(?:\b|_)/i

/** True for a folder that holds one disc of an album: `CD1`, `Disc 2`. */
export function isDiscFolder(name: string): boolean {
	return DISC_FOLDER.test(name)
}

/**
 * Artist, album, numbers and title from a path such as `Artist/Album (1998)/CD1/01 - Title.flac`,
 * `Artist - Album/1-01 Title.mp3` or `Artist - Title.mp3`. What the path does not tell is absent.
 * @param path - with `/`, relative, the file's name last
 */
export function tagsOfPath(path: string): PathTags {
	const folders = normalText(path.slice(-MAX_KEY_LENGTH))
		.split('/')
		.filter((part) => part !== '')
	const stem = spaced((folders.pop() ?? '').replace(/(?<=.)\.[A-Za-z0-9]{1,8}$/, ''))
	const discFolder = DISC_FOLDER.exec(folders.at(-1) ?? '')
	if (discFolder !== null) folders.pop()
	const place = placeOf(folders.slice(-2).map(spaced))
	const {
		disc = discFolder === null ? undefined : Number(discFolder[1]),
		track,
		rest
	} = numbered(stem, folders.length)
	const { artist, title } = credited(rest, place.artist)
	return {
		title: cut(title, MAX_TITLE_LENGTH),
		...(artist !== undefined && { artist }),
		...(place.album !== undefined && { album: place.album }),
		...(place.date !== undefined && { date: place.date }),
		...(track !== undefined && { track }),
		...(disc !== undefined && { disc })
	}
}

interface Place {
	readonly artist?: string
	readonly album?: string
	readonly date?: string
}

/** The last two folders: `Artist/Album`, or one that is `Artist - Album` or the album alone. */
function placeOf(folders: readonly string[]): Place {
	const last = folders.at(-1)
	if (last === undefined) return {}
	const { name, date } = dated(last)
	const above = folders.length > 1 ? folders[0] : undefined
	const dash = name.indexOf(' - ')
	const ownArtist = dash > 0 ? name.slice(0, dash).trim() : undefined
	// `Artist/Artist - Album` says the artist twice; `Music/Artist - Album` says it once.
	const artist = ownArtist ?? above
	const album = ownArtist === undefined ? name : name.slice(dash + 3).trim()
	const inner = dated(album)
	const year = date ?? inner.date
	return { ...(artist !== undefined && { artist }), album: inner.name, ...(year !== undefined && { date: year }) }
}

/** A year before or after a name: `1998 - Name`, `(1998) Name`, `Name (1998)`, `Name [1998]`. */
function dated(name: string): { readonly name: string; readonly date?: string } {
	const before = /^[([]?((?:19|20)\d\d)[)\]]?(?:\s+-\s+|(?<=[)\]])\s+)(.+)$/.exec(name)
	if (before?.[1] !== undefined && before[2] !== undefined) return { name: before[2].trim(), date: before[1] }
	const after = /^(.+?)\s*[([]((?:19|20)\d\d)[)\]]$/.exec(name)
	if (after?.[1] !== undefined && after[2] !== undefined) return { name: after[1].trim(), date: after[2] }
	return { name }
}

interface Numbered {
	readonly disc?: number
	readonly track?: number
	readonly rest: string
}

/** Numbers in front of a title. Outside folders `99 Luftballons` is a title, so there a number needs a sign after it. */
function numbered(stem: string, folders: number): Numbered {
	const both = /^(\d)[-.](\d{2})(?:\s*[-._)]\s*|\s+)(\S.*)$/.exec(stem)
	if (both?.[3] !== undefined) return { disc: Number(both[1]), track: Number(both[2]), rest: both[3] }
	const signed = /^(\d{1,3})\s*(?:[._)]\s*|-\s+|\s-\s*)(\S.*)$/.exec(stem)
	if (signed?.[2] !== undefined) return { track: Number(signed[1]), rest: signed[2] }
	const bare = folders > 0 ? /^(\d{1,3})\s+(\S.*)$/.exec(stem) : /^(0\d{1,2})\s+(\S.*)$/.exec(stem)
	if (bare?.[2] !== undefined) return { track: Number(bare[1]), rest: bare[2] }
	return { rest: stem }
}

/** `Artist - Title`: the artist where the folders named none, and never twice. */
function credited(
	text: string,
	folderArtist: string | undefined
): { readonly artist?: string; readonly title: string } {
	const dash = text.indexOf(' - ')
	if (dash <= 0) return folderArtist === undefined ? { title: text } : { artist: folderArtist, title: text }
	const artist = text.slice(0, dash).trim()
	const title = text.slice(dash + 3).trim()
	if (title === '') return { title: text, ...(folderArtist !== undefined && { artist: folderArtist }) }
	if (folderArtist === undefined) return { artist, title }
	const same = artist.toLowerCase() === folderArtist.toLowerCase()
	return { artist: folderArtist, title: same ? title : text }
}

/** `some_old_name` as words. */
function spaced(name: string): string {
	return (name.includes(' ') ? name : name.replaceAll('_', ' ')).replace(/\s+/gu, ' ').trim()
}
