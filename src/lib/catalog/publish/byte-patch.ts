import type { ChosenFile } from '../publishing'

/** Bytes to write over others of a file. The file's length stays. */
export interface BytePatch {
	readonly at: number
	readonly bytes: Uint8Array<ArrayBuffer>
}

/** The bytes that are published of a chosen file: its own, with what must not get out written over. None are copied. */
export function publishedBlob({ file, patches = [] }: Pick<ChosenFile, 'file' | 'patches'>): Blob {
	if (patches.length === 0) return file
	const parts: BlobPart[] = []
	let from = 0
	for (const { at, bytes } of patches.toSorted((a, b) => a.at - b.at)) {
		if (at < from || at + bytes.byteLength > file.size) throw new RangeError('patches overlap or leave the file')
		parts.push(file.slice(from, at), bytes)
		from = at + bytes.byteLength
	}
	parts.push(file.slice(from))
	return new Blob(parts, { type: file.type })
}
