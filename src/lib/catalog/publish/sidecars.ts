import type { ChosenFile, DraftEntry } from '../publishing'

/** Files beside a media file that belong to it. */
export interface Sidecars {
	readonly lyrics?: string
	readonly cueSheet?: string
	readonly subtitles: readonly { readonly lang: string; readonly path: string; readonly mime: string }[]
}

const SUBTITLES: Readonly<Record<string, string>> = { vtt: 'text/vtt', srt: 'application/x-subrip' }
const LYRICS = ['lrc', 'ttml', 'txt']

/**
 * Finds them by name: `song.lrc`, `song.cue`, `film.vtt`, `film.de.srt` beside `song.mp3` and `film.webm`. All are paths
 * of `others`.
 */
export class SidecarFinder {
	/** Folder, then names in lower case to paths. */
	readonly #folders = new Map<string, Map<string, string>>()

	constructor(others: readonly ChosenFile[]) {
		for (const { path } of others) {
			const [folder, name] = parted(path)
			const names = this.#folders.get(folder) ?? new Map<string, string>()
			this.#folders.set(folder, names.set(name.toLowerCase(), path))
		}
	}

	of(entry: Pick<DraftEntry, 'path' | 'kind'>): Sidecars {
		const [folder, name] = parted(entry.path)
		const names = this.#folders.get(folder)
		if (names === undefined) return { subtitles: [] }
		const stem = name.replace(/\.[^.]*$/, '').toLowerCase()
		const lyrics = LYRICS.map((extension) => names.get(`${stem}.${extension}`)).find((path) => path !== undefined)
		const cueSheet = names.get(`${stem}.cue`)
		const subtitles = [...names].flatMap(([beside, path]) => {
			const match = /^(.*?)(?:\.([a-z]{2,3}(?:-[a-z0-9]+)*))?\.([a-z]+)$/.exec(beside)
			const mime = SUBTITLES[match?.[3] ?? '']
			if (mime === undefined) return []
			if (beside === `${stem}.${match?.[3] ?? ''}`) return [{ lang: 'und', path, mime }]
			return match?.[1] === stem ? [{ lang: match[2] ?? 'und', path, mime }] : []
		})
		return {
			...(lyrics !== undefined && entry.kind === 'audio' && { lyrics }),
			...(cueSheet !== undefined && { cueSheet }),
			subtitles: entry.kind === 'video' ? subtitles : []
		}
	}
}

/** Folder (with its `/`) and name of a path. */
export function parted(path: string): readonly [folder: string, name: string] {
	const at = path.lastIndexOf('/') + 1
	return [path.slice(0, at), path.slice(at)]
}
