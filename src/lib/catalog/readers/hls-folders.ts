import type { CID } from 'multiformats/cid'
import { HLS_TYPE } from '../../gateway/media-types'
import { parseHls, type HlsPlaylist } from '../hls'
import type { Entry } from '../entry'
import { MAX_TITLE_LENGTH } from '../limits'
import { cut, normalText } from '../text'
import { fieldsOfPath } from './listing'

/** Names that say nothing of what a playlist plays: its folder is called so. */
const USUAL_STEM = /^(?:master|index|playlist|main|stream|manifest|prog_index|out|output|hls)$/i

/** Of all playlists together; what comes after is shown as files. */
const MAX_PARTS = 100_000

/** Playlists of segments among the files of a folder, by path. */
export class HlsFolders {
	readonly #playlists = new Map<string, HlsPlaylist>()
	/** Paths of what playlists are made of. */
	readonly #parts = new Set<string>()

	/** Takes in the text of a file if it is such a playlist. */
	add(path: string, text: string): void {
		const playlist = parseHls(text)
		if (playlist === undefined) return
		this.#playlists.set(path, playlist)
		const base = new URL(path.split('/').map(encodeURIComponent).join('/'), 'folder:///')
		for (const name of playlist.names) {
			const part = pathOf(name, base)
			if (part !== undefined && part !== path && this.#parts.size < MAX_PARTS) this.#parts.add(part)
		}
	}

	/** True for what is played as a part of another file, and is none of its own. */
	isPart(path: string): boolean {
		return this.#parts.has(path)
	}

	/**
	 * The entry of a playlist that no other one names; undefined for every other file. Its file is the folder, so that whoever
	 * keeps or pins that has all of it.
	 */
	entryOf(path: string, folder: CID | undefined): (Partial<Entry> & Pick<Entry, 'k'>) | undefined {
		const playlist = this.#playlists.get(path)
		if (playlist === undefined || folder === undefined || this.isPart(path)) return undefined
		const { hasPicture, durationMs } = playlist
		const slash = path.lastIndexOf('/')
		const stem = path.slice(slash + 1).replace(/\.[^.]*$/, '')
		const called = slash > 0 && USUAL_STEM.test(stem) ? path.slice(0, slash) : path.slice(0, slash + 1) + stem
		const { title, ...fields } = fieldsOfPath(`${called}.${hasPicture ? 'mp4' : 'm4a'}`)
		return {
			...fields,
			title: cut(title, MAX_TITLE_LENGTH),
			k: path,
			file: folder,
			size: 0,
			mime: HLS_TYPE,
			...(durationMs !== undefined && { durationMs })
		}
	}
}

/** A location in a playlist as a path below the same root; undefined for one that lies elsewhere. */
function pathOf(name: string, base: URL): string | undefined {
	try {
		const url = new URL(name, base)
		if (url.protocol !== base.protocol || url.host !== '') return undefined
		return normalText(decodeURIComponent(url.pathname.slice(1)))
	} catch {
		return undefined
	}
}
