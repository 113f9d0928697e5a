import { servedType, sniff, SNIFF_BYTES } from '../../gateway/content-type'
import { isPlayable, kindOfMime, plainMime, typeOfName } from '../../gateway/media-types'
import type { EntryKind } from '../entry'

export interface FileKind {
	readonly kind: EntryKind
	readonly mime: string
}

/**
 * What a file is, by what its first bytes say, and by its name where they say nothing. Undefined for a file that is no
 * entry of its own: lyrics, subtitles, sheets, texts, unknown kinds.
 */
export async function fileKind(name: string, file: Blob): Promise<FileKind | undefined> {
	const mime = await sniffed(file, name)
	const kind = kindOfMime(mime)
	if (isPlayable(kind) || kind === 'image') return { kind, mime }
	const named = typeOfName(name)
	if (named === undefined) return undefined
	// A song that does not look like one is shown with its problem rather than passed over.
	if (isPlayable(named.kind)) return named
	return named.kind === 'document' && !named.mime.startsWith('text/') ? named : undefined
}

/** The media type of an image by its content alone; undefined for anything else. */
export async function imageMime(file: Blob): Promise<string | undefined> {
	const mime = await sniffed(file, undefined)
	return kindOfMime(mime) === 'image' ? mime : undefined
}

async function sniffed(file: Blob, name: string | undefined): Promise<string> {
	const head = new Uint8Array(await file.slice(0, SNIFF_BYTES).arrayBuffer())
	return plainMime(servedType(await sniff(head), name).type)
}
