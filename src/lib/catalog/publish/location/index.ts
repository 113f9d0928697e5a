import type { BytePatch } from '../byte-patch'
import { differences } from './differences'
import { inMatroska } from './matroska'
import { inMp4 } from './mp4'
import { mendPng } from './png'
import { blankText } from './text-metadata'
import { blankTiffs } from './tiff'

/** Where a picture or film says that it was taken. */
export interface Place {
	readonly latitude: number
	readonly longitude: number
}

/** What a file gives away of places. */
export interface LocationFinding {
	/** The first that is written as numbers; others are names of towns, or tracks of positions. */
	readonly place?: Place
	/** What takes all of it out. The file keeps its length, and its pictures and sounds every bit. */
	readonly patches: readonly BytePatch[]
}

/** An image is read whole; one that is larger is none that a camera made. */
const MAX_IMAGE_BYTES = 128 * 1024 * 1024

/**
 * Finds what a picture or film tells of places: EXIF, XMP and IPTC in JPEG, PNG, WebP, HEIC, AVIF and TIFF; the user data,
 * keys and tracks of positions of MP4 and MOV; the tags of Matroska and WebM. Undefined when it tells nothing.
 */
export async function findLocation(file: Blob, mime: string): Promise<LocationFinding | undefined> {
	if (/^(?:video|audio)\/(?:mp4|quicktime|x-m4[av]|3gpp2?)$/.test(mime)) return await inMp4(file)
	if (/^(?:video|audio)\/(?:webm|matroska|x-matroska)$/.test(mime)) return await inMatroska(file)
	if (mime.startsWith('image/') && mime !== 'image/svg+xml' && file.size <= MAX_IMAGE_BYTES)
		return await inImage(file)
	return undefined
}

async function inImage(file: Blob): Promise<LocationFinding | undefined> {
	const before = new Uint8Array(await file.arrayBuffer())
	const after = before.slice()
	const places: Place[] = []
	blankTiffs(after, (place) => places.push(place))
	blankText(after)
	await mendPng(before, after)
	const patches = differences(before, after)
	// A phone may put a short film behind the picture.
	const film = filmIn(before)
	const inFilm = film === undefined ? undefined : await inMp4(file.slice(film))
	const all = [...patches, ...(inFilm?.patches ?? []).map(({ at, bytes }) => ({ at: at + (film ?? 0), bytes }))]
	if (all.length === 0) return undefined
	const place = places[0] ?? inFilm?.place
	return { patches: all, ...(place && { place }) }
}

/** Where an MP4 begins in a JPEG. */
function filmIn(bytes: Uint8Array): number | undefined {
	if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined
	for (let at = bytes.lastIndexOf(0x66); at > 4; at = bytes.lastIndexOf(0x66, at - 1)) {
		if (bytes[at + 1] !== 0x74 || bytes[at + 2] !== 0x79 || bytes[at + 3] !== 0x70) continue
		if (bytes[at - 4] === 0 && bytes[at - 3] === 0 && bytes[at - 2] === 0) return at - 4
	}
	return undefined
}
