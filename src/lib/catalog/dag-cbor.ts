import * as dagCbor from '@ipld/dag-cbor'
import { AppError, type AppErrorCode } from '../errors'
import { MAX_DEPTH } from './limits'

/**
 * Decodes strict DAG-CBOR (https://ipld.io/specs/codecs/dag-cbor/spec/). `@ipld/dag-cbor` is lenient on the order of
 * keys, short floats, `undefined` and bad UTF-8, and recurses as deep as the bytes say, so these are checked before.
 * @param code - of the error for bytes that do not decode
 * @throws AppError `too-large` past `maxBytes`, before anything is read; `code` for all else
 */
export function decodeStrict(bytes: Uint8Array, maxBytes: number, code: AppErrorCode): unknown {
	if (bytes.byteLength > maxBytes) {
		throw new AppError('too-large', `${bytes.byteLength} bytes, at most ${maxBytes} are read`)
	}
	try {
		new StrictScan(bytes).run()
		return dagCbor.decode<unknown>(bytes)
	} catch (cause) {
		const detail = cause instanceof Error ? cause.message : String(cause)
		throw new AppError(code, `not strict DAG-CBOR: ${detail}`, { cause, detail })
	}
}

/** @throws Error for what DAG-CBOR cannot hold: `undefined`, NaN, infinities, functions */
export function encodeStrict(value: unknown): Uint8Array {
	return dagCbor.encode(value)
}

/** Major types of CBOR (RFC 8949, 3.1); 0 and 1 are integers. */
const BYTES = 2
const TEXT = 3
const LIST = 4
const MAP = 5
const TAG = 6
const SIMPLE = 7

/** One pass over the bytes that builds nothing. */
class StrictScan {
	readonly #bytes: Uint8Array
	readonly #view: DataView
	#at = 0

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
	}

	run(): void {
		this.#item(MAX_DEPTH)
		if (this.#at !== this.#bytes.byteLength) throw new Error('bytes after the end')
	}

	#item(depth: number): void {
		const head = this.#view.getUint8(this.#at++)
		const major = head >> 5
		if (major === SIMPLE) {
			this.#simple(head & 31)
			return
		}
		const count = this.#argument(head & 31)
		switch (major) {
			case BYTES:
				this.#skip(count)
				return
			case TEXT:
				this.#text(count)
				return
			case LIST:
				if (depth === 0) throw new Error('too deep')
				for (let i = 0; i < count; i++) this.#item(depth - 1)
				return
			case MAP:
				if (depth === 0) throw new Error('too deep')
				this.#map(count, depth - 1)
				return
			case TAG:
				if (count !== 42) throw new Error('a tag other than 42')
				if (this.#view.getUint8(this.#at) >> 5 !== BYTES) throw new Error('a CID that is not bytes')
				this.#item(depth)
		}
	}

	#argument(info: number): number {
		const at = this.#at
		let value = info
		let least = 0
		if (info === 24) {
			value = this.#view.getUint8(at)
			least = 24
			this.#at += 1
		} else if (info === 25) {
			value = this.#view.getUint16(at)
			least = 0x100
			this.#at += 2
		} else if (info === 26) {
			value = this.#view.getUint32(at)
			least = 0x1_0000
			this.#at += 4
		} else if (info === 27) {
			value = this.#view.getUint32(at) * 2 ** 32 + this.#view.getUint32(at + 4)
			least = 2 ** 32
			this.#at += 8
		} else if (info > 27) throw new Error('an indefinite or reserved length')
		if (value < least) throw new Error('a number that is not in its shortest form')
		return value
	}

	#simple(info: number): void {
		if (info === 20 || info === 21 || info === 22) return
		if (info !== 27) throw new Error('a simple value or short float')
		if (!Number.isFinite(this.#view.getFloat64(this.#at))) throw new Error('NaN or infinity')
		this.#at += 8
	}

	#map(count: number, depth: number): void {
		let before: Uint8Array | undefined
		for (let i = 0; i < count; i++) {
			const head = this.#view.getUint8(this.#at++)
			if (head >> 5 !== TEXT) throw new Error('a key that is not text')
			const length = this.#argument(head & 31)
			const start = this.#at
			this.#text(length)
			const key = this.#bytes.subarray(start, this.#at)
			if (before !== undefined && !comesBefore(before, key)) throw new Error('keys out of order or repeated')
			before = key
			this.#item(depth)
		}
	}

	#skip(count: number): void {
		if (count > this.#bytes.byteLength - this.#at) throw new Error('cut off')
		this.#at += count
	}

	#text(count: number): void {
		const start = this.#at
		this.#skip(count)
		for (let at = start; at < this.#at; at++) {
			if ((this.#bytes[at] ?? 0) < 0x80) continue
			utf8.decode(this.#bytes.subarray(start, this.#at))
			return
		}
	}
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Order of keys in DAG-CBOR: shorter first, then by bytes. */
function comesBefore(one: Uint8Array, other: Uint8Array): boolean {
	if (one.byteLength !== other.byteLength) return one.byteLength < other.byteLength
	for (let i = 0; i < one.byteLength; i++) {
		const difference = (one[i] ?? 0) - (other[i] ?? 0)
		if (difference !== 0) return difference < 0
	}
	return false
}
