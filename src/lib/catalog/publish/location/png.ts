import { blankPacket } from './text-metadata'
import { blankTiffs } from './tiff'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Of metadata that is packed. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024

/**
 * Makes the check sums of a PNG's chunks right again; and blanks chunks of packed EXIF or XMP that tell of places, which
 * cannot be changed in their place.
 * @param before - the file as it was
 * @see https://www.w3.org/TR/png-3/#5Chunk-layout
 */
export async function mendPng(before: Uint8Array, after: Uint8Array): Promise<void> {
	if (!SIGNATURE.every((byte, at) => before[at] === byte)) return
	const view = new DataView(after.buffer, after.byteOffset, after.byteLength)
	for (let at = SIGNATURE.length; at + 12 <= after.length;) {
		const length = view.getUint32(at)
		const end = at + 8 + length
		if (end + 4 > after.length) return
		const data = after.subarray(at + 8, end)
		const type = String.fromCharCode(...after.subarray(at + 4, at + 8))
		if ((type === 'zTXt' || type === 'iTXt') && (await tellsPlace(type, data))) {
			after.set(new TextEncoder().encode('tEXt'), at + 4)
			data.fill(0x20)
			data.set(new TextEncoder().encode('Comment\0').subarray(0, data.length))
		}
		const isChanged = after.subarray(at + 4, end).some((byte, n) => byte !== before[at + 4 + n])
		if (isChanged) view.setUint32(end, crc32(after.subarray(at + 4, end)))
		at = end + 4
	}
}

/** True for packed text that holds places. */
async function tellsPlace(type: 'zTXt' | 'iTXt', data: Uint8Array): Promise<boolean> {
	const keyword = String.fromCharCode(...data.subarray(0, Math.max(0, data.indexOf(0))))
	if (!/^(?:Raw profile type |XML:com\.adobe\.xmp)/.test(keyword)) return false
	let start = keyword.length + 2
	if (type === 'iTXt') {
		const [isPacked, language] = [data[keyword.length + 1] === 1, data.indexOf(0, keyword.length + 3)]
		// What is not packed was blanked in its place.
		if (!isPacked || language === -1) return false
		start = data.indexOf(0, language + 1) + 1
	}
	const text = await unpacked(data.slice(start))
	if (text === undefined) return false
	const isHex = keyword.startsWith('Raw')
	const before = isHex ? fromHex(text) : text
	const after = before.slice()
	blankTiffs(after, () => undefined)
	const xmp = new TextDecoder('latin1').decode(after).indexOf('<x:xmpmeta')
	if (xmp !== -1) blankPacket(after.subarray(xmp))
	return after.some((byte, at) => byte !== before[at])
}

async function unpacked(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined> {
	try {
		const parts: Uint8Array<ArrayBuffer>[] = []
		let length = 0
		const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate')).getReader()
		for (;;) {
			const { value, done } = await reader.read()
			if (done) return new Uint8Array(await new Blob(parts).arrayBuffer())
			parts.push(value)
			length += value.byteLength
			if (length > MAX_UNPACKED_BYTES) return undefined
		}
	} catch {
		// Not packed as it should be: no reader gets a place out of it either.
		return undefined
	}
}

/** As ImageMagick writes it: a name, a length, then digits. */
function fromHex(text: Uint8Array): Uint8Array {
	const digits = new TextDecoder('latin1')
		.decode(text)
		.replace(/^\s*\w+\s+\d+\s/, '')
		.replace(/\s/g, '')
	return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
	let value = n
	for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
	return value
})

function crc32(bytes: Uint8Array): number {
	let crc = 0xffffffff
	for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0)
	return (crc ^ 0xffffffff) >>> 0
}
