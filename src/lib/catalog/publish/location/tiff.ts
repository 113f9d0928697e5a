import type { Place } from './index'

const GPS_POINTER = 0x8825
const LATITUDE_REF = 1
const LATITUDE = 2
const LONGITUDE_REF = 3
const LONGITUDE = 4
const ENTRY_BYTES = 12
const MAX_ENTRIES = 1000
const MAX_FOLDERS = 8
/** Bytes of one value, by TIFF type. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8]

/**
 * Takes the GPS directory out of every TIFF structure in some bytes: EXIF is one, whatever holds it. What it held is
 * zeroed, and nothing points to it any more.
 * @see https://www.cipa.jp/std/documents/e/DC-008-Translation-2019-E.pdf sections 4.6.3 and 4.6.6
 */
export function blankTiffs(bytes: Uint8Array, onplace: (place: Place) => void): void {
	for (let at = 0; at + 8 <= bytes.length; at++) {
		const isLittle = bytes[at] === 0x49 && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x2a && bytes[at + 3] === 0
		const isBig = bytes[at] === 0x4d && bytes[at + 1] === 0x4d && bytes[at + 2] === 0 && bytes[at + 3] === 0x2a
		if (isLittle || isBig) blankTiff(bytes.subarray(at), isLittle, onplace)
	}
}

function blankTiff(bytes: Uint8Array, isLittle: boolean, onplace: (place: Place) => void): void {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
	const seen = new Set<number>()
	let folder = view.getUint32(4, isLittle)
	while (folder >= 8 && !seen.has(folder) && seen.size < MAX_FOLDERS) {
		seen.add(folder)
		const count = countAt(view, folder, isLittle)
		if (count === undefined) return
		const after = folder + 2 + count * ENTRY_BYTES
		for (let n = 0; n < count; n++) {
			const entry = folder + 2 + n * ENTRY_BYTES
			if (view.getUint16(entry, isLittle) !== GPS_POINTER) continue
			const gps = view.getUint32(entry + 8, isLittle)
			const place = blankGps(bytes, view, gps, isLittle)
			if (place !== undefined) onplace(place)
			// The entries behind it, and the link to the next directory, move up.
			bytes.copyWithin(entry, entry + ENTRY_BYTES, after + 4)
			bytes.fill(0, after + 4 - ENTRY_BYTES, after + 4)
			view.setUint16(folder, count - 1, isLittle)
			blankTiff(bytes, isLittle, onplace)
			return
		}
		folder = view.getUint32(after, isLittle)
	}
}

/** Entries of the directory at `at`; undefined when there is none that is whole. */
function countAt(view: DataView, at: number, isLittle: boolean): number | undefined {
	if (at + 6 > view.byteLength) return undefined
	const count = view.getUint16(at, isLittle)
	return count <= MAX_ENTRIES && at + 6 + count * ENTRY_BYTES <= view.byteLength ? count : undefined
}

function blankGps(bytes: Uint8Array, view: DataView, at: number, isLittle: boolean): Place | undefined {
	const count = at < 8 ? undefined : countAt(view, at, isLittle)
	if (count === undefined) return undefined
	let latitude: number | undefined
	let longitude: number | undefined
	let south = false
	let west = false
	const values: (readonly [from: number, to: number])[] = []
	for (let n = 0; n < count; n++) {
		const entry = at + 2 + n * ENTRY_BYTES
		const tag = view.getUint16(entry, isLittle)
		const length = (TYPE_BYTES[view.getUint16(entry + 2, isLittle)] ?? 0) * view.getUint32(entry + 4, isLittle)
		const value = length <= 4 ? entry + 8 : view.getUint32(entry + 8, isLittle)
		if (value + length > view.byteLength) continue
		values.push([value, value + length])
		const sign = () => view.getUint8(value) | 0x20
		if (tag === LATITUDE_REF) south = sign() === 's'.charCodeAt(0)
		if (tag === LONGITUDE_REF) west = sign() === 'w'.charCodeAt(0)
		if (length !== 24) continue
		if (tag === LATITUDE) latitude = degrees(view, value, isLittle)
		if (tag === LONGITUDE) longitude = degrees(view, value, isLittle)
	}
	for (const [from, to] of values) bytes.fill(0, from, to)
	bytes.fill(0, at, at + 2 + count * ENTRY_BYTES + 4)
	if (latitude === undefined || longitude === undefined) return undefined
	return { latitude: south ? -latitude : latitude, longitude: west ? -longitude : longitude }
}

/** Degrees, minutes and seconds, each a fraction. */
function degrees(view: DataView, at: number, isLittle: boolean): number | undefined {
	let sum = 0
	for (let n = 0; n < 3; n++) {
		const below = view.getUint32(at + n * 8 + 4, isLittle)
		if (below !== 0) sum += view.getUint32(at + n * 8, isLittle) / below / 60 ** n
	}
	return sum <= 180 ? sum : undefined
}
