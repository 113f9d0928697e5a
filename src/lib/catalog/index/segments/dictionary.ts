import { editDistance, unitDistance } from '../edit-distance'
import { DeadBeginnings } from './dead-beginnings'
import { sharedBytes, wordBytes, wordOf } from './posting-page'
import { VarintReader, VarintWriter } from './varints'
import { lettersOf, lettersOfBlocks, mayBeNear, mayHaveNear, type LettersOfSome } from './word-letters'

const MAX_STARTING = 200
const MAX_PREFIXES = 64
const MAX_NEAR = 64
const MAX_SHARED = 255

/** So many words stand behind each other, each without what it shares with the one before. */
const BLOCK_WORDS = 16

/**
 * Writes all words of a segment, in order, with the number of their documents: how many words and bytes, four bytes each;
 * for each block where it begins, and for each word its {@link lettersOf}, so that nothing has to be
 * worked out when it is read; then the words.
 */
export class DictionaryWriter {
	readonly #out = new VarintWriter(1 << 16)
	readonly #blocks: number[] = []
	readonly #letters: number[] = []
	#last: Uint8Array = new Uint8Array(0)

	get words(): number {
		return this.#letters.length
	}

	/** @param bytes - `wordBytes` of the word */
	add(word: string, bytes: Uint8Array, documents: number): void {
		const begins = this.words % BLOCK_WORDS === 0
		if (begins) this.#blocks.push(this.#out.length)
		const shared = begins ? 0 : sharedBytes(this.#last, bytes)
		this.#out.number(shared)
		this.#out.number(bytes.length - shared)
		this.#out.raw(bytes, shared)
		this.#out.number(documents)
		this.#last = bytes
		this.#letters.push(lettersOf(word))
	}

	finish(): Uint8Array<ArrayBuffer> {
		const words = this.#out.take()
		const tables = [
			Uint32Array.of(this.words, words.byteLength),
			Uint32Array.from(this.#blocks),
			Int32Array.from(this.#letters)
		]
		const bytes = new Uint8Array(tables.reduce((sum, { byteLength }) => sum + byteLength, words.byteLength))
		let at = 0
		for (const table of [...tables, words]) {
			bytes.set(new Uint8Array(table.buffer, table.byteOffset, table.byteLength), at)
			at += table.byteLength
		}
		return bytes
	}
}

export interface DictionaryWord {
	readonly word: string
	readonly documents: number
}

export interface NearInDictionary extends DictionaryWord {
	readonly edits: number
}

/** The words of one segment, in order: found by their beginning, and in spite of typos. */
export class Dictionary {
	readonly #bytes: Uint8Array
	/** Where each block begins. */
	readonly #blocks: Uint32Array
	readonly #letters: Int32Array
	/** Made when a word is first mended. */
	#lettersOfBlocks: LettersOfSome | undefined
	/** Bytes that the first word of each block shares with that of the block before. */
	#sharedByBlocks: Uint8Array | undefined
	/** What was asked for last: while one types the same comes again and again. */
	readonly #starting = new Map<string, readonly DictionaryWord[]>()
	readonly #near = new Map<string, readonly NearInDictionary[]>()

	/** @param written - by a {@link DictionaryWriter} */
	constructor(written: Uint8Array) {
		const { buffer, byteOffset } = written.byteOffset % 4 === 0 ? written : written.slice()
		const [words = 0, byteLength = 0] = new Uint32Array(buffer, byteOffset, 2)
		let at = byteOffset + 8
		this.#blocks = new Uint32Array(buffer, at, Math.ceil(words / BLOCK_WORDS))
		at += this.#blocks.byteLength
		this.#letters = new Int32Array(buffer, at, words)
		at += this.#letters.byteLength
		this.#bytes = new Uint8Array(buffer, at, byteLength)
	}

	get sizeBytes(): number {
		return this.#bytes.byteLength + this.#blocks.byteLength + this.#letters.byteLength
	}

	/** Words at most `most` edits away and not the same, in order. */
	near(wanted: string, most: number): readonly NearInDictionary[] {
		const name = `${most} ${wanted}`
		const known = this.#near.get(name)
		if (known !== undefined) return known
		const found: NearInDictionary[] = []
		this.#eachNear(wanted, most, (word, documents, edits) => found.push({ word, documents, edits }))
		if (this.#near.size >= MAX_NEAR) this.#near.clear()
		this.#near.set(name, found)
		return found
	}

	#eachNear(wanted: string, most: number, visit: (word: string, documents: number, edits: number) => void): void {
		const letters = lettersOf(wanted)
		const units = Uint16Array.from({ length: wanted.length }, (_, at) => wanted.charCodeAt(at))
		const all = this.#letters
		const some = (this.#lettersOfBlocks ??= lettersOfBlocks(all, BLOCK_WORDS))
		const shared = (this.#sharedByBlocks ??= this.#sharedOfBlocks())
		const beginnings = new DeadBeginnings(units, most)
		/** Letters of the present block's first word that `beginnings` has seen, and how many of them are dead. */
		let known = 0
		let dead = 0
		for (let block = 0; block < this.#blocks.length; block++) {
			const sharedBefore = shared[block] as number
			// All words of the block begin with what its first word shares with that of the next.
			const sharedAfter = shared[block + 1] ?? 0
			if (known > sharedBefore) known = sharedBefore
			if (dead > sharedBefore) dead = 0
			if (dead > 0 && dead <= sharedAfter) continue
			if (sharedAfter > known) {
				const head = new VarintReader(this.#bytes, this.#blocks[block])
				head.number()
				head.number()
				dead = beginnings.dead(this.#bytes, head.at, sharedAfter, known)
				known = beginnings.depth
				if (dead > 0) continue
			}
			if (!mayHaveNear(some, block, letters, most)) continue
			let reader: VarintReader | undefined
			let read = block * BLOCK_WORDS
			let length = 0
			const end = Math.min(all.length, read + BLOCK_WORDS)
			for (let at = read; at < end; at++) {
				if (!mayBeNear(all[at] as number, letters, most)) continue
				reader ??= new VarintReader(this.#bytes, this.#blocks[block])
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
	}

	#sharedOfBlocks(): Uint8Array {
		const shared = new Uint8Array(this.#blocks.length)
		let [from, end] = [0, 0]
		this.#blocks.forEach((at, block) => {
			const reader = new VarintReader(this.#bytes, at)
			reader.number()
			const length = reader.number()
			let same = 0
			while (same < length && from + same < end && this.#bytes[reader.at + same] === this.#bytes[from + same])
				same++
			shared[block] = Math.min(same, MAX_SHARED)
			from = reader.at
			end = from + length
		})
		return shared
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
