/**
 * Writes whole numbers and words into bytes that grow. Numbers are LEB128. Words are written by UTF-16 code unit (each as
 * UTF-8 would write it alone), so that bytes sort as the words do.
 */
export class VarintWriter {
	bytes: Uint8Array<ArrayBuffer>
	length = 0

	constructor(capacity = 1024) {
		this.bytes = new Uint8Array(capacity)
	}

	/** @param value - from 0 up to 2^32 - 1 */
	number(value: number): void {
		this.reserve(5)
		const { bytes } = this
		let rest = value
		while (rest > 0x7f) {
			bytes[this.length++] = (rest & 0x7f) | 0x80
			rest >>>= 7
		}
		bytes[this.length++] = rest
	}

	/** The code units of a word from a place on, behind the number of their bytes. */
	word(word: string, from = 0): void {
		const { length } = word
		this.reserve((length - from) * 3 + 5)
		let bytesNeeded = 0
		for (let at = from; at < length; at++) bytesNeeded += unitLength(word.charCodeAt(at))
		this.number(bytesNeeded)
		const { bytes } = this
		for (let at = from; at < length; at++) {
			const unit = word.charCodeAt(at)
			if (unit < 0x80) bytes[this.length++] = unit
			else if (unit < 0x800) {
				bytes[this.length++] = 0xc0 | (unit >> 6)
				bytes[this.length++] = 0x80 | (unit & 0x3f)
			} else {
				bytes[this.length++] = 0xe0 | (unit >> 12)
				bytes[this.length++] = 0x80 | ((unit >> 6) & 0x3f)
				bytes[this.length++] = 0x80 | (unit & 0x3f)
			}
		}
	}

	raw(source: Uint8Array, from = 0, to = source.length): void {
		this.reserve(to - from)
		if (to - from < 16) for (let at = from; at < to; at++) this.bytes[this.length++] = source[at] as number
		else {
			this.bytes.set(source.subarray(from, to), this.length)
			this.length += to - from
		}
	}

	/** What has been written so far; begins anew. */
	take(): Uint8Array<ArrayBuffer> {
		const taken = this.bytes.slice(0, this.length)
		this.length = 0
		return taken
	}

	reserve(more: number): void {
		if (this.length + more <= this.bytes.length) return
		const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more))
		larger.set(this.bytes)
		this.bytes = larger
	}
}

const unitLength = (unit: number) => (unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3)

/** Reads what {@link VarintWriter} wrote. */
export class VarintReader {
	readonly bytes: Uint8Array
	at: number

	constructor(bytes: Uint8Array, at = 0) {
		this.bytes = bytes
		this.at = at
	}

	number(): number {
		const { bytes } = this
		let byte = bytes[this.at++] as number
		if (byte < 0x80) return byte
		let value = byte & 0x7f
		let shift = 7
		do {
			byte = bytes[this.at++] as number
			value |= (byte & 0x7f) << shift
			shift += 7
		} while (byte > 0x7f)
		return value >>> 0
	}

	/** @param start - what the word begins with, from elsewhere */
	word(start = ''): string {
		const length = this.number()
		const end = this.at + length
		let word = start
		while (this.at < end) {
			word += String.fromCharCode(readUnit(this.bytes, this.at))
			this.at += byteLength(this.bytes[this.at] as number)
		}
		return word
	}
}

const byteLength = (first: number) => (first < 0x80 ? 1 : first < 0xe0 ? 2 : 3)

function readUnit(bytes: Uint8Array, at: number): number {
	const first = bytes[at] as number
	if (first < 0x80) return first
	const second = (bytes[at + 1] as number) & 0x3f
	if (first < 0xe0) return ((first & 0x1f) << 6) | second
	return ((first & 0x0f) << 12) | (second << 6) | ((bytes[at + 2] as number) & 0x3f)
}
