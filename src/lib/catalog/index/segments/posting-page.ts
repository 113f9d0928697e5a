import { PostingsWriter } from './postings'
import { VarintReader, VarintWriter } from './varints'

/** A page is closed when its postings reach this. One word is never split: a frequent one makes a page larger. */
const PAGE_BYTES = 16 * 1024
/** Or when it has so many words. */
const PAGE_WORDS = 512
/** Words of a block of the directory: looking one up walks past those before it in its block. */
const BLOCK_WORDS = 16
/** Of a block in the table: where it begins in the directory, its postings and its positions, in four bytes each. */
const BLOCK_BYTES = 12

/**
 * Words with their postings. First a table of the directory's blocks, behind their number; then the directory, behind its
 * length: for each word, in order, how many bytes it shares with the one before (none at the beginning of a block), its
 * other bytes, its documents, and the lengths of its postings and positions. The postings follow in the same order;
 * positions are a page of their own, as only phrases need them.
 */
export interface PostingPage {
	readonly firstWord: string
	readonly postings: Uint8Array<ArrayBuffer>
	readonly positions: Uint8Array<ArrayBuffer>
}

export class PageWriter {
	readonly #onpage: (page: PostingPage) => void
	readonly #directory = new VarintWriter(PAGE_BYTES)
	readonly #body = new VarintWriter(PAGE_BYTES * 2)
	readonly #out = new VarintWriter(PAGE_BYTES * 2)
	readonly postings = new PostingsWriter(this.#body)
	readonly positions = new VarintWriter(PAGE_BYTES)
	#blocks: number[] = []
	#words = 0
	#firstWord = ''
	#lastBytes: Uint8Array = new Uint8Array(0)
	#bodyFrom = 0
	#positionsFrom = 0

	constructor(onpage: (page: PostingPage) => void) {
		this.#onpage = onpage
	}

	/** Begins a word, which must come after the one before; its postings and positions are written next. */
	start(): void {
		this.#bodyFrom = this.#body.length
		this.#positionsFrom = this.positions.length
		this.postings.start()
	}

	/**
	 * Ends the word. One without documents leaves no trace.
	 * @param bytes - {@link wordBytes} of the word
	 */
	end(word: string, bytes: Uint8Array): void {
		this.postings.end()
		if (this.postings.documents === 0) return
		if (this.#words === 0) this.#firstWord = word
		const directory = this.#directory
		const begins = this.#words % BLOCK_WORDS === 0
		if (begins) this.#blocks.push(directory.length, this.#bodyFrom, this.#positionsFrom)
		const shared = begins ? 0 : sharedBytes(this.#lastBytes, bytes)
		directory.number(shared)
		directory.number(bytes.length - shared)
		directory.raw(bytes, shared)
		directory.number(this.postings.documents)
		directory.number(this.#body.length - this.#bodyFrom)
		directory.number(this.positions.length - this.#positionsFrom)
		this.#lastBytes = bytes
		this.#words++
		if (this.#body.length >= PAGE_BYTES || this.#words >= PAGE_WORDS) this.finish()
	}

	/** Closes the present page, if anything is in it. */
	finish(): void {
		if (this.#words === 0) return
		const out = this.#out
		out.number(this.#blocks.length / 3)
		for (const place of this.#blocks) out.raw(Uint8Array.of(place, place >> 8, place >> 16, place >> 24))
		this.#blocks = []
		out.number(this.#directory.length)
		out.raw(this.#directory.bytes, 0, this.#directory.length)
		out.raw(this.#body.bytes, 0, this.#body.length)
		this.#directory.length = 0
		this.#body.length = 0
		this.#words = 0
		this.#onpage({ firstWord: this.#firstWord, postings: out.take(), positions: this.positions.take() })
	}
}

/** How many bytes both begin with. */
export function sharedBytes(a: Uint8Array, b: Uint8Array): number {
	const most = Math.min(a.length, b.length)
	let at = 0
	while (at < most && a[at] === b[at]) at++
	return at
}

/** Where a word stands in its pages. */
export interface WordPlace {
	readonly documents: number
	readonly from: number
	readonly to: number
	readonly positionsFrom: number
	readonly positionsTo: number
}

const encoder = new VarintWriter(256)
/** The bytes of a word as pages have them. */
export function wordBytes(word: string): Uint8Array {
	encoder.length = 0
	encoder.word(word)
	const reader = new VarintReader(encoder.bytes)
	reader.number()
	return encoder.bytes.slice(reader.at, encoder.length)
}

/** Where the very word stands in the page; undefined when it is not there. */
export function findWord(page: Uint8Array, word: string): WordPlace | undefined {
	const wanted = wordBytes(word)
	const layout = layoutOf(page)
	const block = lastBlock(layout, (order) => order <= 0, wanted)
	if (block === -1) return undefined
	const reader = new VarintReader(page, layout.directory + blockPlace(layout, block, 0))
	const end = block + 1 < layout.blocks ? layout.directory + blockPlace(layout, block + 1, 0) : layout.body
	let from = layout.body + blockPlace(layout, block, 1)
	let positionsFrom = blockPlace(layout, block, 2)
	/** Bytes that the present word and the wanted one begin with alike. */
	let alike = 0
	while (reader.at < end) {
		const shared = reader.number()
		const length = reader.number()
		const wordEnd = reader.at + length
		// Still as far before the wanted word as the one before, or past it.
		if (shared < alike) return undefined
		let found = false
		if (shared === alike) {
			let at = reader.at
			while (at < wordEnd && alike < wanted.length && page[at] === wanted[alike]) {
				at++
				alike++
			}
			if (at === wordEnd) found = alike === wanted.length
			else if (alike === wanted.length || (page[at] as number) > (wanted[alike] as number)) return undefined
		}
		reader.at = wordEnd
		const documents = reader.number()
		const to = from + reader.number()
		const positionsTo = positionsFrom + reader.number()
		if (found) return { documents, from, to, positionsFrom, positionsTo }
		from = to
		positionsFrom = positionsTo
	}
	return undefined
}

interface Layout {
	readonly page: Uint8Array
	readonly blocks: number
	readonly table: number
	readonly directory: number
	readonly body: number
}

function layoutOf(page: Uint8Array): Layout {
	const reader = new VarintReader(page)
	const blocks = reader.number()
	const table = reader.at
	reader.at += blocks * BLOCK_BYTES
	const length = reader.number()
	return { page, blocks, table, directory: reader.at, body: reader.at + length }
}

function blockPlace({ page, table }: Layout, block: number, which: number): number {
	const at = table + block * BLOCK_BYTES + which * 4
	const [low, second, third, high] = [page[at], page[at + 1], page[at + 2], page[at + 3]] as [number, number, number, number] // prettier-ignore
	return (low | (second << 8) | (third << 16) | (high << 24)) >>> 0
}

/** The last block whose first word is so placed; -1 when none is. */
function lastBlock(layout: Layout, placed: (order: number) => boolean, wanted: Uint8Array): number {
	const { page, blocks, directory } = layout
	let low = -1
	let high = blocks - 1
	while (low < high) {
		const middle = (low + high + 1) >> 1
		const reader = new VarintReader(page, directory + blockPlace(layout, middle, 0))
		reader.number()
		const length = reader.number()
		let order = 0
		for (let at = 0; order === 0 && at < length; at++) {
			order = at < wanted.length ? (page[reader.at + at] as number) - (wanted[at] as number) : 1
		}
		if (order === 0 && length < wanted.length) order = -1
		if (placed(order)) low = middle
		else high = middle - 1
	}
	return low
}

/** Walks through the words of a page in order. */
export class PageCursor implements WordPlace {
	readonly #reader: VarintReader
	readonly #end: number
	#letters: Uint8Array = new Uint8Array(256)
	#length = 0
	documents = 0
	from = 0
	to: number
	positionsFrom = 0
	positionsTo: number

	/** @param before - begins with a block that has words before this one, where there is one */
	constructor(page: Uint8Array, before?: Uint8Array) {
		const layout = layoutOf(page)
		const block =
			before === undefined
				? 0
				: Math.max(
						0,
						lastBlock(layout, (order) => order < 0, before)
					)
		this.#reader = new VarintReader(page, layout.directory + blockPlace(layout, block, 0))
		this.#end = layout.body
		this.to = layout.body + blockPlace(layout, block, 1)
		this.positionsTo = blockPlace(layout, block, 2)
	}

	/** UTF-16 code units of the word. */
	get letters(): number {
		let letters = 0
		for (let at = 0; at < this.#length; at++) if (((this.#letters[at] as number) & 0xc0) !== 0x80) letters++
		return letters
	}

	get word(): string {
		return wordOf(this.#letters, this.#length)
	}

	/** Less than, equal to or greater than 0 as the word comes before, begins with or comes after these bytes. */
	compare(wanted: Uint8Array): number {
		for (let at = 0; at < wanted.length; at++) {
			if (at >= this.#length) return -1
			const difference = (this.#letters[at] as number) - (wanted[at] as number)
			if (difference !== 0) return difference
		}
		return 0
	}

	/** Goes on to the next word; false when there is none. */
	step(): boolean {
		const reader = this.#reader
		if (reader.at >= this.#end) return false
		const shared = reader.number()
		const length = reader.number()
		if (shared + length > this.#letters.length) {
			const larger = new Uint8Array((shared + length) * 2)
			larger.set(this.#letters)
			this.#letters = larger
		}
		for (let at = 0; at < length; at++) this.#letters[shared + at] = reader.bytes[reader.at + at] as number
		reader.at += length
		this.#length = shared + length
		this.documents = reader.number()
		this.from = this.to
		this.to = this.from + reader.number()
		this.positionsFrom = this.positionsTo
		this.positionsTo = this.positionsFrom + reader.number()
		return true
	}
}

/** Visits the words of a page that begin so, in order. */
export function eachWord(page: Uint8Array, prefix: string, visit: (cursor: PageCursor) => void): void {
	const wanted = wordBytes(prefix)
	const cursor = new PageCursor(page, wanted)
	while (cursor.step()) {
		const order = cursor.compare(wanted)
		if (order > 0) return
		if (order === 0) visit(cursor)
	}
}

const decoder = new TextDecoder()
const ASCII_END = 0x80

/** The word that these bytes write. */
export function wordOf(letters: Uint8Array, length: number): string {
	let word = ''
	for (let at = 0; at < length; at++) {
		const byte = letters[at] as number
		if (byte >= ASCII_END) return wordOfUnits(letters, length)
		word += String.fromCharCode(byte)
	}
	return word
}

function wordOfUnits(letters: Uint8Array, length: number): string {
	const text = decoder.decode(letters.subarray(0, length))
	// Halves of a letter above U+FFFF are written apart, which no decoder takes.
	if (!text.includes('\ufffd')) return text
	const writer = new VarintWriter(length + 8)
	writer.number(length)
	writer.raw(letters, 0, length)
	return new VarintReader(writer.bytes).word()
}
