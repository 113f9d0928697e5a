import { fileTypeFromBuffer } from 'file-type'
import { extensionOf, plainMime, typeOfName } from './media-types'

/** How bytes are served: under which type, and whether a browser may show them itself. */
export interface ServedType {
	readonly type: string
	/** False: saved, never shown. */
	readonly inline: boolean
}

/** What the first bytes of a file say of it. */
export interface Sniffed {
	/** Under its first name (see media-types.ts). */
	readonly mime: string | undefined
	/** UTF-8 without control characters. */
	readonly isText: boolean
}

/** Bytes of the start of a file that {@link sniff} needs at most. */
export const SNIFF_BYTES = 4096

/** For bytes of which nothing is known. */
export const UNKNOWN_TYPE: ServedType = { type: 'application/octet-stream', inline: false }

const text = 'text/plain; charset=utf-8'

/** Extension → type, for text alone. */
const TEXT_BY_EXTENSION: Readonly<Record<string, string>> = {
	m3u8: 'application/vnd.apple.mpegurl',
	vtt: 'text/vtt; charset=utf-8'
}

/** Extension → type of the pieces of a stream (RFC 8216), which are no files of their own. */
const SEGMENT_BY_EXTENSION: Readonly<Record<string, string>> = {
	ts: 'video/mp2t',
	m4s: 'video/mp4',
	cmfv: 'video/mp4',
	cmfa: 'audio/mp4'
}

/** @param head - the first {@link SNIFF_BYTES} bytes, or all of a shorter file */
export async function sniff(head: Uint8Array): Promise<Sniffed> {
	const found = await fileTypeFromBuffer(head).catch(() => undefined)
	return { mime: found === undefined ? undefined : plainMime(found.mime), isText: isText(head) }
}

/**
 * The type a file is served under. What its first bytes say comes first, then the extension of its name; whatever else it
 * is claimed to be does not count. Markup and scripts are plain text, unknown bytes are saved: nothing from the network is
 * ever a page of this origin.
 */
export function servedType({ mime, isText }: Sniffed, name: string | undefined): ServedType {
	if (mime === 'application/pdf') return { type: mime, inline: false }
	// Before what else was found: two letters are enough to look like a picture.
	if (isText) return { type: TEXT_BY_EXTENSION[extensionOf(name ?? '')] ?? text, inline: true }
	const named = namedMediaType(name)
	if (mime === undefined || !isMedia(mime)) return named ?? UNKNOWN_TYPE
	return { type: isSameContainer(mime, named?.type) ? named.type : mime, inline: true }
}

/**
 * What the extension of a name says, where it is media that a browser may show. Safe without a look at the bytes: whatever
 * they are, under such a type and `nosniff` they go to a decoder and never to a parser of pages or scripts.
 */
export function namedMediaType(name: string | undefined): ServedType | undefined {
	const type = typeOfName(name ?? '')?.mime ?? SEGMENT_BY_EXTENSION[extensionOf(name ?? '')]
	return type !== undefined && isMedia(type) ? { type, inline: true } : undefined
}

/** SVG is a page. */
const isMedia = (mime: string) => /^(audio|video|image)\//.test(mime) && !mime.includes('+xml')

/** Of one container with or without pictures, the bytes tell the container and the name what is in it. */
function isSameContainer(mime: string, named: string | undefined): named is string {
	if (named === undefined) return false
	// An ID3 tag can be longer than what was read; FLAC and AAC may wear one too.
	if (mime === 'audio/mpeg') return named === 'audio/flac' || named === 'audio/aac'
	return /^(audio|video)\//.test(named) && mime.split('/')[1] === named.split('/')[1]
}

/** True for UTF-8 without control characters, cut anywhere. */
function isText(head: Uint8Array): boolean {
	if (head.some((byte) => byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13)) return false
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
		return true
	} catch {
		return false
	}
}
