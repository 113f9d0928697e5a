import type { BytePatch } from '../byte-patch'
import { boxes, type Box } from './boxes'
import { differences } from './differences'
import type { LocationFinding, Place } from './index'
import { iso6709 } from './iso-6709'
import { samplesOf } from './samples'
import { blankText } from './text-metadata'

/** The index of a film; of hours it has some megabytes. */
const MAX_MOOV_BYTES = 64 * 1024 * 1024
const MAX_XMP_BYTES = 4 * 1024 * 1024
const MAX_TOP_BOXES = 10_000
/** Boxes that hold boxes. */
const HOLDERS = new Set(['moov', 'trak', 'udta', 'mdia', 'minf', 'stbl'])
/** Adobe's mark of XMP. */
const XMP_UUID = 'be7acfcb97a942e89c71999491e3afac'
const KEY = /location|GPS/i
/** Samples that are positions: of GoPro, of Google's camera motion, of Sony. */
const POSITION_FORMATS = new Set(['gpmd', 'camm', 'rtmd'])

/**
 * What an MP4 or MOV tells of places: `©xyz` and `loci` in its user data, Apple's keys, XMP, and tracks of positions.
 * @see https://developer.apple.com/documentation/quicktime-file-format and 3GPP TS 26.244, 8.9
 */
export async function inMp4(file: Blob): Promise<LocationFinding | undefined> {
	const patches: BytePatch[] = []
	let place: Place | undefined
	let at = 0
	for (let n = 0; n < MAX_TOP_BOXES && at + 8 <= file.size; n++) {
		const [head] = boxes(new Uint8Array(await file.slice(at, at + 32).arrayBuffer()), file.size - at)
		if (head === undefined) break
		const size = head.size
		if (head.type === 'moov' && size <= MAX_MOOV_BYTES) {
			const found = await inMoov(await bytesOf(file, at, size), file.size)
			place ??= found.place
			patches.push(...found.inside.map(({ at: from, bytes }) => ({ at: at + from, bytes })), ...found.samples)
		} else if (head.type === 'uuid' && size <= MAX_XMP_BYTES) {
			const before = await bytesOf(file, at, size)
			const after = before.slice()
			if (hex(before.subarray(8, 24)) === XMP_UUID) blankText(after)
			patches.push(...differences(before, after).map(({ at: from, bytes }) => ({ at: at + from, bytes })))
		}
		at += size
	}
	if (patches.length === 0) return undefined
	return { patches, ...(place && { place }) }
}

const bytesOf = async (file: Blob, at: number, size: number) =>
	new Uint8Array(await file.slice(at, at + size).arrayBuffer())

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

async function inMoov(before: Uint8Array, fileBytes: number) {
	const after = before.slice()
	const samples: BytePatch[] = []
	let place: Place | undefined

	const blank = (box: Box) => {
		after.set(new TextEncoder().encode('free'), box.at + 4)
		after.fill(0, box.content, box.end)
	}
	const visit = (from: number, to: number, depth: number) => {
		for (const box of boxes(before.subarray(from, to), to - from)) {
			const moved: Box = { ...box, at: box.at + from, content: box.content + from, end: box.end + from }
			const { type, content, end } = moved
			if (type === '\u00a9xyz' || type === 'loci') {
				place ??= placeOf(before.subarray(content, end), type)
				blank(moved)
			} else if (type === 'meta') {
				place ??= inMeta(before, moved, blank)
			} else if (type === 'XMP_' || type === 'uuid') {
				blankText(after.subarray(content, end))
			} else if (type === 'stbl' && POSITION_FORMATS.has(formatOf(before, moved))) {
				for (const { at, size } of samplesOf(before, moved)) {
					if (at + size <= fileBytes) samples.push({ at, bytes: new Uint8Array(size) })
				}
			} else if (HOLDERS.has(type) && depth < 8) {
				visit(content, end, depth + 1)
			}
		}
	}
	visit(0, before.byteLength, 0)
	return { inside: differences(before, after), samples, place }
}

/** Keys by number, and their values. QuickTime's `meta` is a plain box, that of ISO has a version before its content. */
function inMeta(bytes: Uint8Array, meta: Box, blank: (box: Box) => void): Place | undefined {
	const isPlain = String.fromCharCode(...bytes.subarray(meta.content + 4, meta.content + 8)) === 'hdlr'
	const from = meta.content + (isPlain ? 0 : 4)
	const inside = [...boxes(bytes.subarray(from, meta.end), meta.end - from)].map((box) => ({
		...box,
		at: box.at + from,
		content: box.content + from,
		end: box.end + from
	}))
	const keys = inside.find(({ type }) => type === 'keys')
	const list = inside.find(({ type }) => type === 'ilst')
	if (keys === undefined || list === undefined) return undefined
	const names = [...boxes(bytes.subarray(keys.content + 8, keys.end), keys.end - keys.content - 8)].map((box) =>
		text(bytes.subarray(keys.content + 8 + box.content, keys.content + 8 + box.end))
	)
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
	let place: Place | undefined
	for (const box of boxes(bytes.subarray(list.content, list.end), list.end - list.content)) {
		const at = list.content + box.at
		if (!KEY.test(names[view.getUint32(at + 4) - 1] ?? '')) continue
		const item = { ...box, at, content: list.content + box.content, end: list.content + box.end }
		place ??= iso6709(text(bytes.subarray(item.content, item.end)))
		blank(item)
	}
	return place
}

function placeOf(content: Uint8Array, type: string): Place | undefined {
	if (type !== 'loci') return iso6709(text(content))
	// Version and flags, language, a name that ends with a zero, a role, then longitude and latitude as 16.16.
	const view = new DataView(content.buffer, content.byteOffset, content.byteLength)
	const at = content.indexOf(0, 6) + 2
	if (at < 8 || at + 8 > content.byteLength) return undefined
	return { longitude: view.getInt32(at) / 65_536, latitude: view.getInt32(at + 4) / 65_536 }
}

function formatOf(bytes: Uint8Array, stbl: Box): string {
	for (const box of boxes(bytes.subarray(stbl.content, stbl.end), stbl.end - stbl.content)) {
		if (box.type === 'stsd')
			return text(bytes.subarray(stbl.content + box.content + 12, stbl.content + box.content + 16))
	}
	return ''
}

const text = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes)
