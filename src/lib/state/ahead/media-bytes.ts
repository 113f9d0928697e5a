import type { EntryRow } from '$lib/catalog/row'
import type { ByteRange } from './byte-ranges'

type Sized = Pick<EntryRow, 'sizeBytes' | 'mime' | 'durationMs' | 'bitrate' | 'clip'>

const KIB = 1024
/** Sound that is wanted at the start, and room for tags and a cover before it. */
const FIRST_S = 5
const TAGS_BYTES = 256 * KIB
const LEAST_FIRST_BYTES = 512 * KIB
const MOST_FIRST_BYTES = 2 * KIB * KIB
/** Where nothing is known of a file. */
const USUAL_BITRATE = 256_000
/** Around a place that is only known by proportion. */
const AROUND_SHARE = 0.01
const MOST_AROUND_BYTES = KIB * KIB

/**
 * Bytes at the end that a media element reads before it begins, by type: the index of an MP4 that was not made for
 * streaming, the last page of an Ogg, which tells its length, and what may stand behind the sound of a WAV.
 */
const TAIL_BYTES: Readonly<Record<string, number>> = {
	mp4: 256 * KIB,
	'x-m4a': 256 * KIB,
	m4a: 256 * KIB,
	quicktime: 256 * KIB,
	ogg: 64 * KIB,
	opus: 64 * KIB,
	wav: 64 * KIB,
	'x-wav': 64 * KIB
}

/** Of the whole file, bit/s; with a video that is both its tracks. */
export function bitrateOf(row: Sized): number {
	const { sizeBytes, durationMs } = row
	if (row.clip === undefined && sizeBytes > 0 && durationMs !== undefined && durationMs > 0) {
		return (sizeBytes * 8000) / durationMs
	}
	return row.bitrate ?? USUAL_BITRATE
}

/** What a media element asks for first of a file. Cut to the file where its size is known. */
export function firstRanges(row: Sized): readonly ByteRange[] {
	const wanted = TAGS_BYTES + (FIRST_S * bitrateOf(row)) / 8
	const head = Math.ceil(Math.min(MOST_FIRST_BYTES, Math.max(LEAST_FIRST_BYTES, wanted)))
	if (row.sizeBytes <= 0) return [{ from: 0, to: head - 1 }]
	if (row.sizeBytes <= head) return [{ from: 0, to: row.sizeBytes - 1 }]
	const tail = TAIL_BYTES[row.mime.split(';', 1)[0]?.split('/')[1]?.trim().toLowerCase() ?? ''] ?? 0
	const first = { from: 0, to: head - 1 }
	if (tail === 0) return [first]
	return [first, { from: Math.max(head, row.sizeBytes - tail), to: row.sizeBytes - 1 }]
}

/**
 * Where in the file a time is, by proportion: right for a constant bitrate, near for the others.
 * @param atMs - from the start of the file
 * @param durationMs - of the whole file
 */
export const byteAt = (sizeBytes: number, atMs: number, durationMs: number): number =>
	durationMs > 0 ? Math.floor(sizeBytes * Math.max(0, Math.min(1, atMs / durationMs))) : 0

/** What a seek to this time reads first. Undefined where size or length are not known. */
export function rangeAround(row: Sized, atMs: number, durationMs: number): ByteRange | undefined {
	if (row.sizeBytes <= 0 || durationMs <= 0) return undefined
	const middle = byteAt(row.sizeBytes, atMs, durationMs)
	const around = Math.min(MOST_AROUND_BYTES, row.sizeBytes * AROUND_SHARE)
	const first = Math.min(MOST_FIRST_BYTES, (FIRST_S * row.sizeBytes) / (durationMs / 1000))
	return {
		from: Math.max(0, Math.floor(middle - around)),
		to: Math.min(row.sizeBytes - 1, Math.ceil(middle + around + first))
	}
}
