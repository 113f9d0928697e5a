import { VarintReader, VarintWriter } from './varints'

/*
 * Which documents have a word, and in which fields. In memory one number a document, `document << MASK_BITS | mask`, rising;
 * the mask has bit `1 << place` for each field of `TEXT_FIELDS`. Documents are numbered within their part of the index.
 *
 * In bytes, chunks: how many documents; the first one less the last of the chunk before; for more than one the last
 * less the first and how many bytes follow; the mask that most have, as {@link CODE_OF_MASK} has it, doubled, plus 1 if the first document's is
 * another, which follows; then for each further document its distance, doubled, plus 1 if its mask is
 * another, which follows. Chunks can be strung together as they are, which is how merging does most of its work.
 */

export const MASK_BITS = 9
export const MASK = (1 << MASK_BITS) - 1

/** Path and description come so often beside other fields that they take the lowest bits: one byte holds most masks. */
const CODE_OF_MASK = Uint16Array.from({ length: MASK + 1 }, (_, mask) => (mask >> 7) | ((mask << 2) & MASK))
const MASK_OF_CODE = Uint16Array.from({ length: MASK + 1 }, (_, code) => (code >> 2) | ((code << 7) & MASK))

/** Chunks shorter than this are joined when they meet. */
const SHORT = 128

const counts = new Uint32Array(MASK + 1)

/** The mask of most of them. */
function commonMask(packed: Uint32Array, from: number, to: number): number {
	if (to - from === 1) return (packed[from] as number) & MASK
	let best = (packed[from] as number) & MASK
	let most = 0
	for (let at = from; at < to; at++) {
		const mask = (packed[at] as number) & MASK
		const count = (counts[mask] as number) + 1
		counts[mask] = count
		if (count > most) {
			most = count
			best = mask
		}
	}
	for (let at = from; at < to; at++) counts[(packed[at] as number) & MASK] = 0
	return best
}

/** Writes the postings of one word after the other. */
export class PostingsWriter {
	readonly #out: VarintWriter
	readonly #body = new VarintWriter(4096)
	/** Short chunks that wait for the next one. */
	readonly #waiting = new Uint32Array(SHORT * 2)
	#waitingCount = 0
	#last = 0
	#documents = 0

	constructor(out: VarintWriter) {
		this.#out = out
	}

	/** Of the present word. */
	get documents(): number {
		return this.#documents
	}

	/** Begins a word. */
	start(): void {
		this.#last = 0
		this.#documents = 0
		this.#waitingCount = 0
	}

	/** Adds documents, which rise, and come after those before. */
	add(packed: Uint32Array, count: number): void {
		this.#documents += count
		if (this.#waitingCount + count > this.#waiting.length) this.#flush()
		if (count > this.#waiting.length) this.#chunk(packed, count)
		else for (let at = 0; at < count; at++) this.#waiting[this.#waitingCount++] = packed[at] as number
	}

	/** Adds chunks as they stand in the bytes of another part, whose documents are renumbered by adding `shift`. */
	append(bytes: Uint8Array, from: number, to: number, shift: number): void {
		const reader = new VarintReader(bytes, from)
		let last = 0
		while (reader.at < to) {
			const start = reader.at
			const count = reader.number()
			const first = last + reader.number()
			if (count < SHORT) {
				reader.at = start
				const packed = scratchOf(count)
				last = readChunk(reader, last, packed)
				if (shift !== 0)
					for (let at = 0; at < count; at++) packed[at] = (packed[at] as number) + (shift << MASK_BITS)
				this.add(packed, count)
				continue
			}
			this.#flush()
			const span = reader.number()
			const length = reader.number()
			this.#out.number(count)
			this.#out.number(first + shift - this.#last)
			this.#out.number(span)
			this.#out.number(length)
			this.#out.raw(bytes, reader.at, reader.at + length)
			reader.at += length
			last = first + span
			this.#last = last + shift
			this.#documents += count
		}
	}

	/** Ends the word: all of it is written. */
	end(): void {
		this.#flush()
	}

	#flush(): void {
		if (this.#waitingCount === 0) return
		const count = this.#waitingCount
		this.#waitingCount = 0
		this.#chunk(this.#waiting, count)
	}

	#chunk(packed: Uint32Array, count: number): void {
		const out = this.#out
		const first = (packed[0] as number) >>> MASK_BITS
		const final = (packed[count - 1] as number) >>> MASK_BITS
		const common = commonMask(packed, 0, count)
		const firstMask = (packed[0] as number) & MASK
		out.number(count)
		out.number(first - this.#last)
		this.#last = final
		if (count === 1) {
			out.number((CODE_OF_MASK[common] as number) << 1)
			return
		}
		const body = this.#body
		body.length = 0
		const code = CODE_OF_MASK[common] as number
		if (firstMask === common) body.number(code << 1)
		else {
			body.number((code << 1) | 1)
			body.number(CODE_OF_MASK[firstMask] as number)
		}
		let last = first
		for (let at = 1; at < count; at++) {
			const value = packed[at] as number
			const document = value >>> MASK_BITS
			const mask = value & MASK
			if (mask === common) body.number((document - last) << 1)
			else {
				body.number(((document - last) << 1) | 1)
				body.number(CODE_OF_MASK[mask] as number)
			}
			last = document
		}
		out.number(final - first)
		out.number(body.length)
		out.raw(body.bytes, 0, body.length)
	}
}

let scratch = new Uint32Array(1024)
function scratchOf(count: number): Uint32Array {
	if (scratch.length < count) scratch = new Uint32Array(count * 2)
	return scratch
}

/** Reads one chunk whole. Returns its last document. */
function readChunk(reader: VarintReader, before: number, packed: Uint32Array): number {
	const count = reader.number()
	const first = before + reader.number()
	if (count > 1) {
		reader.number()
		reader.number()
	}
	const head = reader.number()
	const common = MASK_OF_CODE[head >>> 1] as number
	packed[0] = (first << MASK_BITS) | ((head & 1) === 1 ? (MASK_OF_CODE[reader.number()] as number) : common)
	let document = first
	const { bytes } = reader
	let from = reader.at
	for (let at = 1; at < count; at++) {
		let byte = bytes[from++] as number
		let value = byte & 0x7f
		for (let shift = 7; byte > 0x7f; shift += 7) {
			byte = bytes[from++] as number
			value |= (byte & 0x7f) << shift
		}
		document += value >>> 1
		let mask = common
		if ((value & 1) === 1) {
			byte = bytes[from++] as number
			mask = byte & 0x7f
			if (byte > 0x7f) mask |= (bytes[from++] as number) << 7
			mask = MASK_OF_CODE[mask] as number
		}
		packed[at] = (document << MASK_BITS) | mask
	}
	reader.at = from
	return document
}

/** Reads the postings of a word chunk by chunk. `packed` is used again for the next one. */
export function readPostings(
	bytes: Uint8Array,
	from: number,
	to: number,
	visit: (packed: Uint32Array, count: number) => void
): void {
	const reader = new VarintReader(bytes, from)
	let last = 0
	while (reader.at < to) {
		const start = reader.at
		const count = reader.number()
		reader.at = start
		// Visitors may read other postings meanwhile.
		let packed = spare ?? new Uint32Array(4096)
		spare = undefined
		if (packed.length < count) packed = new Uint32Array(count * 2)
		last = readChunk(reader, last, packed)
		visit(packed, count)
		spare = packed
	}
}
let spare: Uint32Array | undefined
