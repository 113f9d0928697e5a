/** What a request for a range of a file is answered with. `from` and `to` are byte positions, both included. */
export type RangeAnswer =
	| { readonly status: 200 }
	| { readonly status: 206; readonly from: number; readonly to: number }
	| { readonly status: 416 }

/** Longest partial answer: short enough that a worker which the browser stops has lost little. */
export const MAX_RANGE_BYTES = 8 * 1024 * 1024

/**
 * Reads a Range header (RFC 9110, section 14.2). What is not a single well-formed byte range is ignored, as the RFC allows:
 * the answer is then the whole file. A range that runs past the end is clamped, one longer than `maxBytes` is cut short,
 * and the client asks on from there.
 */
export function answerRange(header: string | null, sizeBytes: number, maxBytes = MAX_RANGE_BYTES): RangeAnswer {
	const match = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '')
	const [, first = '', last = ''] = match ?? []
	if (first === '' && last === '') return { status: 200 }
	if (first === '') return cut(Math.max(0, sizeBytes - Number(last)), sizeBytes - 1, sizeBytes, maxBytes)
	if (last !== '' && Number(last) < Number(first)) return { status: 200 }
	return cut(
		Number(first),
		last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1),
		sizeBytes,
		maxBytes
	)
}

function cut(from: number, to: number, sizeBytes: number, maxBytes: number): RangeAnswer {
	if (from >= sizeBytes) return { status: 416 }
	return { status: 206, from, to: Math.min(to, from + maxBytes - 1) }
}

/** False when an If-Range header names another version than `etag`: the range is then ignored (RFC 9110, section 13.1.5). */
export function ifRangeHolds(header: string | null, etag: string): boolean {
	return header === null || header.trim() === etag
}

/** True when an If-None-Match header names `etag`: the answer is then 304. */
export function ifNoneMatchHolds(header: string | null, etag: string): boolean {
	if (header === null) return false
	return header.split(',').some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === etag)
}
