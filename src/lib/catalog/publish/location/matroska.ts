import { differences } from './differences'
import type { LocationFinding } from './index'
import { iso6709 } from './iso-6709'

const SEGMENT = 0x18538067
const TAGS = 0x1254c367
const TAG = 0x7373
const SIMPLE_TAG = 0x67c8
const TAG_NAME = 0x45a3
const TAG_STRING = 0x4487
const CRC_32 = 0xbf
const VOID = 0xec
const NAME = /location|gps|geo/i
const MAX_TAGS_BYTES = 16 * 1024 * 1024
/** Clusters of a film of hours. */
const MAX_ELEMENTS = 5000
const HEAD_BYTES = 12

interface Element {
	readonly id: number
	readonly at: number
	readonly content: number
	readonly end: number
}

/**
 * What the tags of a Matroska or WebM file tell of places. Its own check sums of what is changed become empty space.
 * @see https://www.rfc-editor.org/rfc/rfc9559 and https://www.matroska.org/technical/tagging.html
 */
export async function inMatroska(file: Blob): Promise<LocationFinding | undefined> {
	let at = 0
	for (let n = 0; n < MAX_ELEMENTS && at < file.size; n++) {
		const head = new Uint8Array(await file.slice(at, at + HEAD_BYTES).arrayBuffer())
		const element = elementAt(head, 0, file.size - at)
		if (element === undefined) return undefined
		if (element.id === TAGS && element.end <= MAX_TAGS_BYTES) {
			const found = inTags(new Uint8Array(await file.slice(at, at + element.end).arrayBuffer()), element)
			if (found === undefined) return undefined
			return { ...found, patches: found.patches.map(({ at: from, bytes }) => ({ at: at + from, bytes })) }
		}
		// The segment is looked into, everything else is passed over.
		at += element.id === SEGMENT ? element.content : element.end
	}
	return undefined
}

function inTags(before: Uint8Array, tags: Element): LocationFinding | undefined {
	const after = before.slice()
	let place: LocationFinding['place']
	const visit = ({ content, end }: Element) => {
		let name = ''
		for (const element of elements(before, content, end)) {
			const bytes = before.subarray(element.content, element.end)
			if (element.id === TAG || element.id === SIMPLE_TAG) visit(element)
			else if (element.id === TAG_NAME) name = new TextDecoder().decode(bytes)
			else if (element.id === TAG_STRING && NAME.test(name)) {
				place ??= iso6709(new TextDecoder().decode(bytes))
				after.fill(0x20, element.content, element.end)
			}
		}
	}
	visit(tags)
	if (differences(before, after).length === 0) return undefined
	for (const element of elements(before, tags.content, tags.end))
		if (element.id === CRC_32) after[element.at] = VOID
	return { patches: differences(before, after), ...(place && { place }) }
}

function* elements(bytes: Uint8Array, from: number, to: number): Generator<Element> {
	for (let at = from; at < to;) {
		const element = elementAt(bytes, at, to)
		if (element === undefined || element.end > to) return
		yield element
		at = element.end
	}
}

/** @param room - where it must end, and does when its length is not known */
function elementAt(bytes: Uint8Array, at: number, room: number): Element | undefined {
	const idLength = Math.clz32(bytes[at] ?? 0) - 23
	const sizeAt = at + idLength
	const sizeLength = Math.clz32(bytes[sizeAt] ?? 0) - 23
	if (idLength > 4 || sizeLength > 8 || sizeAt + sizeLength > bytes.length) return undefined
	let id = 0
	for (let n = at; n < sizeAt; n++) id = id * 256 + (bytes[n] ?? 0)
	let size = (bytes[sizeAt] ?? 0) & (0xff >> sizeLength)
	let isUnknown = size === 0xff >> sizeLength
	for (let n = 1; n < sizeLength; n++) {
		const byte = bytes[sizeAt + n] ?? 0
		size = size * 256 + byte
		isUnknown &&= byte === 0xff
	}
	const content = sizeAt + sizeLength
	return { id, at, content, end: isUnknown ? room : content + size }
}
