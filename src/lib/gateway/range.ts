import type { WantedRange } from './file-reader'

/** What a request for a range of a file is answered with. `from` and `to` are byte positions, both included. */
export type RangeAnswer =
	| { readonly status: 200 }
	| { readonly status: 206; readonly from: number; readonly to: number }
	| { readonly status: 416 }

/** One byte range as a client wrote it. Numbers too large to be exact are still larger than any file. */
export type AskedRange =
	| { readonly first: number; readonly last?: number }
	/** So many bytes from the end. */
	| { readonly suffix: number }

/** Longest partial answer: short enough that a worker which the browser stops has lost little. */
export const MAX_RANGE_BYTES = 8 * 1024 * 1024

/**
 * Reads a Range header (RFC 9110, section 14.2); undefined for what is answered by the whole file. That is what is malformed
 * or has another unit, which must be ignored, and what names several ranges, which may be: no media element asks so.
 */
export function parseRange(header: string | null): AskedRange | undefined {
	// A list may have empty elements (section 5.6.1.2).
	const [, first = '', last = ''] = /^bytes=[ \t,]*(\d*)-(\d*)[ \t,]*$/i.exec(header?.trim() ?? '') ?? []
	if (first === '') return last === '' ? undefined : { suffix: Number(last) }
	if (last === '') return { first: Number(first) }
	// Compared as written: both may be too large to be told apart as numbers.
	return isBelow(last, first) ? undefined : { first: Number(first), last: Number(last) }
}

function isBelow(a: string, b: string): boolean {
	const [short, long] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')]
	return short.length === long.length ? short < long : short.length < long.length
}

/** The bytes to ask for before the size of the file is known. */
export function wantedRange(asked: AskedRange | undefined): WantedRange {
	if (asked === undefined) return { from: 0 }
	if ('suffix' in asked) {
		// No file has so many bytes: all of it is meant. And `-0` names none, but the root is read to say so.
		if (!Number.isSafeInteger(asked.suffix)) return { from: 0 }
		return asked.suffix === 0 ? { from: 0, to: 0 } : { from: -asked.suffix }
	}
	const from = Math.min(asked.first, Number.MAX_SAFE_INTEGER)
	return asked.last === undefined || !Number.isSafeInteger(asked.last) ? { from } : { from, to: asked.last }
}

/** Clamps a range to a file; one longer than `maxBytes` is cut short, and the client asks on from there. */
export function answerRange(
	asked: AskedRange | undefined,
	sizeBytes: number,
	maxBytes = MAX_RANGE_BYTES
): RangeAnswer {
	if (asked === undefined) return { status: 200 }
	const from = 'suffix' in asked ? Math.max(0, sizeBytes - asked.suffix) : asked.first
	const last = 'suffix' in asked ? undefined : asked.last
	if (from >= sizeBytes) return { status: 416 }
	return { status: 206, from, to: Math.min(last ?? sizeBytes - 1, sizeBytes - 1, from + maxBytes - 1) }
}

/**
 * False when an If-Range header names another version than `etag`: the range is then ignored (RFC 9110, section 13.1.5).
 * Only a strong tag can match, and a date never does: content that is named by its hash has none.
 */
export function ifRangeHolds(header: string | null, etag: string): boolean {
	return header === null || header.trim() === etag
}

/**
 * True when an If-None-Match header names `etag`, either of them weak or not: the answer is then 304 (RFC 9110, section
 * 13.1.2), whatever range is asked for.
 */
export function ifNoneMatchHolds(header: string | null, etag: string): boolean {
	if (header === null) return false
	return header.trim() === '*' || (header.match(/"[^"]*"/g)?.includes(etag.replace(/^W\//, '')) ?? false)
}
