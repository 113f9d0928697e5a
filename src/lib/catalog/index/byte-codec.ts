const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Writes numbers and text one after the other into bytes that grow. */
export class ByteWriter {
	#bytes = new Uint8Array(1024)
	#at = 0

	get length(): number {
		return this.#at
	}

	/** LEB128, for whole numbers from 0 up to 2^53. */
	number(value: number): void {
		this.#reserve(8)
		let rest = value
		while (rest > 0x7f) {
			this.#bytes[this.#at++] = (rest % 0x80) | 0x80
			rest = Math.floor(rest / 0x80)
		}
		this.#bytes[this.#at++] = rest
	}

	/** Text in UTF-8 behind its length. */
	text(text: string): void {
		const { length } = text
		if (length < 0x80) {
			this.#reserve(length + 1)
			const start = this.#at
			this.#bytes[this.#at++] = length
			for (let at = 0; at < length; at++) {
				const unit = text.charCodeAt(at)
				if (unit > 0x7f) {
					this.#at = start
					this.bytes(encoder.encode(text))
					return
				}
				this.#bytes[this.#at++] = unit
			}
			return
		}
		this.bytes(encoder.encode(text))
	}

	/** Bytes behind their length. */
	bytes(bytes: Uint8Array): void {
		this.number(bytes.byteLength)
		this.raw(bytes)
	}

	raw(bytes: Uint8Array): void {
		this.#reserve(bytes.byteLength)
		this.#bytes.set(bytes, this.#at)
		this.#at += bytes.byteLength
	}

	/** A copy of what has been written. */
	finish(): Uint8Array<ArrayBuffer> {
		return this.#bytes.slice(0, this.#at)
	}

	#reserve(more: number): void {
		if (this.#at + more <= this.#bytes.length) return
		const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + more))
		larger.set(this.#bytes)
		this.#bytes = larger
	}
}

/** Reads what {@link ByteWriter} wrote, from a place on. */
export class ByteReader {
	readonly #bytes: Uint8Array
	#at: number

	constructor(bytes: Uint8Array, at = 0) {
		this.#bytes = bytes
		this.#at = at
	}

	number(): number {
		let value = 0
		let weight = 1
		for (;;) {
			const byte = this.#bytes[this.#at++] ?? 0
			value += (byte & 0x7f) * weight
			if (byte < 0x80) return value
			weight *= 0x80
		}
	}

	text(): string {
		return decoder.decode(this.bytes())
	}

	bytes(): Uint8Array {
		return this.raw(this.number())
	}

	/** A view of the next bytes, not a copy. */
	raw(count: number): Uint8Array {
		const start = this.#at
		this.#at += count
		return this.#bytes.subarray(start, this.#at)
	}
}
