import type { ChosenFile } from '$lib/catalog/publishing'

/**
 * Gives another path to a file that would hide a different one: files picked one by one come without folders.
 * @param before - what was chosen already
 */
export function pathsApart(before: readonly ChosenFile[], files: readonly ChosenFile[]): readonly ChosenFile[] {
	const held = new Map(before.map(({ path, file }) => [path, file]))
	return files.map((chosen) => {
		const { file } = chosen
		const [, stem = chosen.path, extension = ''] = /^(.*?)(\.[^./]*)?$/s.exec(chosen.path) ?? []
		let path = chosen.path
		for (let other = held.get(path), n = 2; other !== undefined; other = held.get(path), n++) {
			if (other.size === file.size && other.lastModified === file.lastModified) break
			path = `${stem} (${n})${extension}`
		}
		held.set(path, file)
		return { path, file }
	})
}
