import { isDiscFolder } from '../path-tags'
import type { ChosenFile } from '../publishing'
import { parted } from './sidecars'

/** Best first. */
const NAMES = ['cover', 'folder', 'front', 'album', 'albumart']
const EXTENSION = /\.(?:jpe?g|png|webp)$/i
export const MAX_COVER_BYTES = 16 * 1024 * 1024

/** Finds the picture that belongs to a file, by name: `song.jpg` beside `song.mp3`, or that of its folder. */
export class FolderCovers {
	readonly #folders = new Map<string, { readonly file: File; readonly rank: number }>()
	/** By folder and name without extension, in lower case. */
	readonly #named = new Map<string, File>()

	constructor(files: readonly ChosenFile[]) {
		for (const { path, file } of files) {
			const [folder, name] = parted(path)
			if (!EXTENSION.test(name) || file.size > MAX_COVER_BYTES) continue
			const stem = stemOf(name)
			this.#named.set(folder + stem, file)
			const rank = NAMES.indexOf(stem)
			const held = this.#folders.get(folder)
			if (rank !== -1 && (held === undefined || rank < held.rank)) this.#folders.set(folder, { file, rank })
		}
	}

	of(path: string): File | undefined {
		const [folder, name] = parted(path)
		const own = this.#named.get(folder + stemOf(name)) ?? this.#folders.get(folder)?.file
		if (own !== undefined) return own
		// A disc's folder without one takes its parent's.
		const [parent, disc] = parted(folder.slice(0, -1))
		return isDiscFolder(disc) ? this.#folders.get(parent)?.file : undefined
	}
}

const stemOf = (name: string) => name.replace(/\.[^.]*$/, '').toLowerCase()
