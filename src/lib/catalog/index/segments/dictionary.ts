import { editDistance, unitDistance } from '../edit-distance'
import { sharedBytes, wordBytes, wordOf } from './posting-page'
import { VarintReader, VarintWriter } from './varints'
import { letterBit, lettersOf, mayBeNear, withLength } from './word-letters'

const MAX_STARTING = 200
const MAX_PREFIXES = 64

/** So many words stand behind each other, each without what it shares with the one before. */
const BLOCK_WORDS = 16

/** Writes all words of a segment, in order, with the number of their documents. */
export class DictionaryWriter {
	readonly #out = new VarintWriter(1 << 16)
	#words = 0
	#last: Uint8Array = new Uint8Array(0)

	get words(): number {
		return this.#words
	}

	/** @param bytes - `wordBytes` of the word */
	add(bytes: Uint8Array, documents: number): void {
		const shared = this.#words % BLOCK_WORDS === 0 ? 0 : sharedBytes(this.#last, bytes)
		this.#out.number(shared)
		this.#out.number(bytes.length - shared)
		this.#out.raw(bytes, shared)
		this.#out.number(documents)
		this.#last = bytes
		this.#words++
	}

	finish(): Uint8Array<ArrayBuffer> {
		return this.#out.take()
	}
}

export interface DictionaryWord {
	readonly word: string
	readonly documents: number
}

/** The words of one segment, in order: found by their beginning, and in spite of typos. */
export class Dictionary {
	readonly #bytes: Uint8Array
	/** Where each block begins. */
	readonly #blocks: Uint32Array
	/** Of each word, see {@link lettersOf}. */
	readonly #letters: Uint32Array

	/** What was asked for last: while one types the same comes again and again. */
	readonly #starting = new Map<string, readonly DictionaryWord[]>()

	constructor(bytes: Uint8Array, words: number) {
		this.#bytes = bytes
		this.#blocks = new Uint32Array(Math.ceil(words / BLOCK_WORDS))
		this.#letters = new Uint32Array(words)
		const reader = new VarintReader(bytes)
		const word = new Uint8Array(1024)
		for (let at = 0; at < words; at++) {
			if (at % BLOCK_WORDS === 0) this.#blocks[at / BLOCK_WORDS] = reader.at
			const length = readInto(reader, word)
			reader.number()
			this.#letters[at] = lettersOfBytes(word, length)
		}
	}

	get sizeBytes(): number {
		return this.#bytes.byteLength + this.#blocks.byteLength + this.#letters.byteLength
	}

	/** Words at most `most` edits away and not the same. */
	near(wanted: string, most: number, visit: (word: string, documents: number, edits: number) => void): void {
		const letters = lettersOf(wanted)
		const units = Uint16Array.from({ length: wanted.length }, (_, at) => wanted.charCodeAt(at))
		const all = this.#letters
		let inBlock = -1
		let reader: VarintReader | undefined
		let read = 0
		let length = 0
		for (let at = 0; at < all.length; at++) {
			if (!mayBeNear(all[at] as number, letters, most)) continue
			const block = (at / BLOCK_WORDS) | 0
			if (block !== inBlock || reader === undefined) {
				inBlock = block
				reader = new VarintReader(this.#bytes, this.#blocks[block])
				read = block * BLOCK_WORDS
			}
			let documents = 0
			for (; read <= at; read++) {
				length = readInto(reader, scratch)
				documents = reader.number()
			}
			// Letters of more than one byte have to be put together first.
			const edits = isAscii(scratch, length)
				? unitDistance(units, units.length, scratch, length, most)
				: editDistance(wanted, wordOf(scratch, length), most)
			if (edits > 0 && edits <= most) visit(wordOf(scratch, length), documents, edits)
		}
	}

	/** Documents with the very word. */
	frequency(wanted: string): number {
		let frequency = 0
		this.#from(wanted, (word, documents) => {
			if (word === wanted) frequency = documents
			return false
		})
		return frequency
	}

	/** The most frequent of the words that begin like `prefix`. */
	startingWith(prefix: string): readonly DictionaryWord[] {
		const known = this.#starting.get(prefix)
		if (known !== undefined) return known
		const found: DictionaryWord[] = []
		this.#from(prefix, (word, documents) => {
			found.push({ word, documents })
			return true
		})
		const most = found.sort((a, b) => b.documents - a.documents).slice(0, MAX_STARTING)
		if (this.#starting.size >= MAX_PREFIXES) this.#starting.clear()
		this.#starting.set(prefix, most)
		return most
	}

	/** Visits words that begin so as long as `visit` returns true. */
	#from(prefix: string, visit: (word: string, documents: number) => boolean): void {
		if (this.#blocks.length === 0) return
		const wanted = wordBytes(prefix)
		let low = 0
		let high = this.#blocks.length - 1
		while (low < high) {
			const middle = (low + high + 1) >>> 1
			const reader = new VarintReader(this.#bytes, this.#blocks[middle])
			if (compare(scratch, readInto(reader, scratch), wanted) < 0) low = middle
			else high = middle - 1
		}
		const reader = new VarintReader(this.#bytes, this.#blocks[low])
		for (let at = low * BLOCK_WORDS; at < this.#letters.length; at++) {
			const length = readInto(reader, scratch)
			const documents = reader.number()
			const order = compare(scratch, length, wanted)
			if (order > 0) return
			if (order === 0 && !visit(wordOf(scratch, length), documents)) return
		}
	}
}

const scratch = new Uint8Array(1024)

function isAscii(word: Uint8Array, length: number): boolean {
	let all = 0
	for (let at = 0; at < length; at++) all |= word[at] as number
	return all < 0x80
}

function readInto(reader: VarintReader, word: Uint8Array): number {
	const shared = reader.number()
	const length = reader.number()
	for (let at = 0; at < length; at++) word[shared + at] = reader.bytes[reader.at + at] as number
	reader.at += length
	return shared + length
}

/** 0 when the word begins with what is wanted. */
function compare(word: Uint8Array, length: number, wanted: Uint8Array): number {
	for (let at = 0; at < wanted.length; at++) {
		if (at >= length) return -1
		const difference = (word[at] as number) - (wanted[at] as number)
		if (difference !== 0) return difference
	}
	return 0
}

/** {@link lettersOf} of the word that these bytes write: the last byte of a letter has its lowest bits. */
function lettersOfBytes(word: Uint8Array, length: number): number {
	let bits = 0
	let letters = 0
	for (let at = 0; at < length; at++) {
		if (at + 1 < length && ((word[at + 1] as number) & 0xc0) === 0x80) continue
		bits |= letterBit(word[at] as number)
		letters++
	}
	return withLength(bits, letters)
}
