/** Names in XMP that tell of places: GPS of EXIF, and the words of Photoshop and IPTC. */
const NAMES =
	'(?:[\\w-]+:GPS\\w+|photoshop:(?:City|State|Country)|Iptc4xmpCore:(?:Location|CountryCode)|Iptc4xmpExt:Location\\w+|dc:coverage)'
const ATTRIBUTE = new RegExp(`${NAMES}\\s*=\\s*(?:"[^"]*"|'[^']*')`, 'g')
const ELEMENT = new RegExp(`<(${NAMES})\\b[^>]*?(?:/>|>[^]*?</\\1\\s*>)`, 'g')
const PACKET = /<(?:x:xmpmeta|rdf:RDF)\b[^]*?<\/(?:x:xmpmeta|rdf:RDF)>/g
/** Longer than any packet; what follows is the picture. */
const MAX_PACKET_BYTES = 4 * 1024 * 1024
/** City, part of it, province, country code and country. @see https://www.iptc.org/std/IIM/4.2/specification/IIMV4.2.pdf */
const IPTC_PLACES = new Set([90, 92, 95, 100, 101])
const IPTC_RECORD = 2
const IPTC_NAMES = ['8BIM\u0004\u0004'] as const

/** Blanks what XMP and IPTC say of places, wherever they lie in the bytes. */
export function blankText(bytes: Uint8Array): void {
	for (let at = find(bytes, '<x:xmpmeta', 0); at !== -1; at = find(bytes, '<x:xmpmeta', at + 1)) {
		blankPacket(bytes.subarray(at, at + MAX_PACKET_BYTES))
	}
	for (const name of IPTC_NAMES) {
		for (let at = find(bytes, name, 0); at !== -1; at = find(bytes, name, at + 1))
			blankIptc(bytes, at + name.length)
	}
}

/** @param bytes - that begin with a packet of XMP */
export function blankPacket(bytes: Uint8Array): void {
	// One byte one character, so that places in the text are places in the bytes.
	const [packet] = latin1(bytes).match(PACKET) ?? []
	if (packet === undefined) return
	for (const pattern of [ELEMENT, ATTRIBUTE]) {
		for (const { index, 0: found } of packet.matchAll(pattern)) bytes.fill(0x20, index, index + found.length)
	}
}

/** @param at - behind the name of an image resource: its own name, then the length of the data sets */
function blankIptc(bytes: Uint8Array, at: number): void {
	const name = bytes[at] ?? 0
	const start = at + 2 + name - (name % 2) + 4
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
	if (start > bytes.length) return
	const end = Math.min(bytes.length, start + view.getUint32(start - 4))
	for (let set = start; set + 5 <= end && bytes[set] === 0x1c;) {
		const length = view.getUint16(set + 3)
		if (bytes[set + 1] === IPTC_RECORD && IPTC_PLACES.has(bytes[set + 2] ?? 0)) {
			bytes.fill(0x20, set + 5, Math.min(end, set + 5 + length))
		}
		set += 5 + length
	}
}

function find(bytes: Uint8Array, text: string, from: number): number {
	const first = text.charCodeAt(0)
	for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1)) {
		let n = 1
		while (n < text.length && bytes[at + n] === text.charCodeAt(n)) n++
		if (n === text.length) return at
	}
	return -1
}

/** Not `TextDecoder('latin1')`, which is windows-1252: equal in length all the same. */
const latin1 = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes)
