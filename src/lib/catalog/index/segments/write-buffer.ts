import type { TimeSlices } from '../time-slices'
import type { IndexDocument } from '../search-index'
import { ColumnsBuilder, type Columns } from './columns'
import { CommittedIndex } from './flexsearch-adapter'
import { ID_MARK } from './id-mark'
import type { PartDocuments, Visit } from './part'
import { MASK_BITS } from './postings'
import { MAX_PLACE, PLACE_BITS, writePlaces } from './positions'
import { Runs, RunsBuilder } from './runs'
import type { SegmentWriter } from './segment-writer'
import { lettersOf } from './word-letters'

/** A buffer is full when it has so many words, repeated ones too, or so many documents. */
const MAX_TOKENS = 1 << 19
const MAX_DOCUMENTS = 1 << 15

/** Documents between two looks at the clock. */
const SLICE_DOCUMENTS = 1024

/** FlexSearch gets so many new words at once. */
const BATCH_WORDS = 1 << 12

/** Where MusicBrainz ids stand: in no field. */
const ID_PLACE = 0xffff
const maskOf = (place: number) => (place === ID_PLACE ? 0 : 1 << (place >> PLACE_BITS))

/** Documents that are in memory only: searched there, and written as one segment. */
export class WriteBuffer implements PartDocuments {
	readonly #index: CommittedIndex
	readonly #columns = new ColumnsBuilder()
	readonly #runs = new RunsBuilder()
	#madeRuns: Runs | undefined
	#shown = new Uint8Array(1024)
	readonly #numbers = new Map<string, number>()
	readonly #words: string[] = []
	/** By number of the word: the document that had it last, how many had it and its last token. */
	#lastSeen = new Int32Array(4096)
	#frequencies = new Uint32Array(4096)
	#lastToken = new Int32Array(4096)
	/** Letters of the words, see {@link lettersOf}. */
	#letters = new Int32Array(4096)
	/** New words, which FlexSearch gets next. */
	#batch: string[] = []
	#batchNumber = 0
	/** Every word of every document: its number, the place where it stands, and the first one of each document. */
	#tokens = new Uint32Array(1 << 14)
	#places = new Uint16Array(1 << 14)
	/** The token before of the same word; -1 for none. */
	#before = new Int32Array(1 << 14)
	#tokenCount = 0
	#starts = new Uint32Array(1024)
	#flushing: { readonly writer: SegmentWriter; readonly slices: TimeSlices } | undefined

	constructor() {
		this.#index = new CommittedIndex((map) => this.#write(map.keys()))
	}

	get count(): number {
		return this.#columns.count
	}

	get full(): boolean {
		return this.#tokenCount >= MAX_TOKENS || this.count >= MAX_DOCUMENTS || this.#columns.full
	}

	get runs(): Runs {
		return (this.#madeRuns ??= new Runs(this.#runs.pairs))
	}

	get shown(): Uint8Array {
		return this.#shown
	}

	get columns(): Columns {
		return this.#columns.columns
	}

	get titleKeys(): Uint8Array {
		return this.#columns.titleKeys
	}

	get facts(): ColumnsBuilder {
		return this.#columns
	}

	get words(): readonly string[] {
		return this.#words
	}

	get letters(): Int32Array {
		return this.#letters
	}

	add(document: number, { words, facts }: IndexDocument): void {
		const local = this.#columns.count
		this.#columns.add(facts, words)
		this.#runs.add(document)
		this.#madeRuns = undefined
		this.#growDocuments(local + 1)
		this.#starts[local] = this.#tokenCount
		for (let field = 0; field < words.length; field++) {
			const inField = words[field] as readonly string[]
			for (let place = 0; place < inField.length; place++) {
				const word = inField[place] as string
				if (word !== '') this.#token(word, local, (field << PLACE_BITS) | Math.min(place, MAX_PLACE))
			}
		}
		for (const id of new Set(facts.mbids)) this.#token(ID_MARK + id, local, ID_PLACE)
		this.#starts[local + 1] = this.#tokenCount
		if (this.#batch.length >= BATCH_WORDS) this.#giveBatch()
	}

	/** How many documents have the word. */
	frequency(word: string): number {
		const number = this.#numbers.get(word)
		return number === undefined ? 0 : (this.#frequencies[number] as number)
	}

	/** Visits the postings of a word, in no order. */
	visit(word: string, visit: Visit): void {
		const number = this.#numbers.get(word)
		if (number === undefined) return
		const packed = new Uint32Array(this.#frequencies[number] as number)
		let to = 0
		let local = -1
		let mask = 0
		for (let token = this.#lastToken[number] as number; token !== -1; token = this.#before[token] as number) {
			if (local === -1 || token < (this.#starts[local] as number)) {
				if (local !== -1) packed[to++] = (local << MASK_BITS) | mask
				local = this.#documentOf(token)
				mask = 0
			}
			mask |= maskOf(this.#places[token] as number)
		}
		if (local !== -1) packed[to++] = (local << MASK_BITS) | mask
		visit(packed, to)
	}

	/** Visits the places of the word in one document. */
	places(word: string, local: number, visit: (place: number) => void): void {
		const number = this.#numbers.get(word)
		const end = this.#starts[local + 1] as number
		for (let at = this.#starts[local] as number; at < end; at++) {
			if (this.#tokens[at] === number) visit(this.#places[at] as number)
		}
	}

	/** Writes the words of what was added. Once; nothing may be added any more. */
	async flush(writer: SegmentWriter, slices: TimeSlices): Promise<void> {
		this.#giveBatch()
		this.#flushing = { writer, slices }
		await this.#index.commit()
	}

	async #write(all: Iterable<string>): Promise<void> {
		if (this.#flushing === undefined) return
		const { writer, slices } = this.#flushing
		const { locals, places, firsts } = await this.#tokensByWord(slices)
		let packed = new Uint32Array(1024)
		for (const words of groupedByStart(all)) {
			words.sort(byCodeUnits)
			for (const word of words) {
				const number = this.#numbers.get(word) as number
				const frequency = this.#frequencies[number] as number
				if (packed.length < frequency) packed = new Uint32Array(frequency * 2)
				writer.startWord()
				const end = firsts[number + 1] as number
				let count = 0
				for (let at = firsts[number] as number; at < end;) {
					const local = locals[at] as number
					const from = at
					let mask = 0
					while (at < end && locals[at] === local) mask |= maskOf(places[at++] as number)
					packed[count++] = (local << MASK_BITS) | mask
					if (mask !== 0) writePlaces(writer.positions, places, from, at)
				}
				writer.postings.add(packed, count)
				writer.endWord(word)
			}
			await writer.drain()
			await slices.rest()
		}
	}

	/** The tokens by number of their word: those of word `n` from `firsts[n]` up to `firsts[n + 1]`, in their order. */
	async #tokensByWord(
		slices: TimeSlices
	): Promise<{ locals: Uint32Array; places: Uint16Array; firsts: Uint32Array }> {
		const tokens = this.#tokens
		const tokenCount = this.#tokenCount
		const firsts = new Uint32Array(this.#words.length + 2)
		for (let at = 0; at < tokenCount; at++) {
			const after = (tokens[at] as number) + 2
			firsts[after] = (firsts[after] as number) + 1
		}
		for (let word = 2; word < firsts.length; word++) {
			firsts[word] = (firsts[word] as number) + (firsts[word - 1] as number)
		}
		await slices.rest()
		const locals = new Uint32Array(tokenCount)
		const places = new Uint16Array(tokenCount)
		for (let local = 0; local < this.count; local++) {
			const end = this.#starts[local + 1] as number
			for (let at = this.#starts[local] as number; at < end; at++) {
				const next = (tokens[at] as number) + 1
				const to = firsts[next] as number
				firsts[next] = to + 1
				locals[to] = local
				places[to] = this.#places[at] as number
			}
			if (local % SLICE_DOCUMENTS === 0) await slices.rest()
		}
		return { locals, places, firsts }
	}

	#number(word: string): number {
		let number = this.#numbers.get(word)
		if (number !== undefined) return number
		number = this.#words.length
		this.#numbers.set(word, number)
		this.#words.push(word)
		this.#batch.push(word)
		if (number >= this.#lastSeen.length) {
			const length = number * 2
			this.#lastSeen = copied(this.#lastSeen, new Int32Array(length))
			this.#frequencies = copied(this.#frequencies, new Uint32Array(length))
			this.#lastToken = copied(this.#lastToken, new Int32Array(length))
			this.#letters = copied(this.#letters, new Int32Array(length))
		}
		this.#lastSeen[number] = -1
		this.#lastToken[number] = -1
		this.#letters[number] = lettersOf(word)
		return number
	}

	#token(word: string, local: number, place: number): void {
		const number = this.#number(word)
		const token = this.#tokenCount++
		if (token === this.#tokens.length) {
			this.#tokens = copied(this.#tokens, new Uint32Array(token * 2))
			this.#places = copied(this.#places, new Uint16Array(token * 2))
			this.#before = copied(this.#before, new Int32Array(token * 2))
		}
		this.#tokens[token] = number
		this.#places[token] = place
		this.#before[token] = this.#lastToken[number] as number
		this.#lastToken[number] = token
		if (this.#lastSeen[number] === local) return
		this.#lastSeen[number] = local
		this.#frequencies[number] = (this.#frequencies[number] as number) + 1
	}

	#giveBatch(): void {
		if (this.#batch.length > 0) this.#index.add(this.#batchNumber++, this.#batch)
		this.#batch = []
	}

	#documentOf(token: number): number {
		let low = 0
		let high = this.count - 1
		while (low < high) {
			const middle = (low + high + 1) >> 1
			if ((this.#starts[middle] as number) <= token) low = middle
			else high = middle - 1
		}
		return low
	}

	#growDocuments(needed: number): void {
		if (needed + 1 <= this.#starts.length) return
		this.#starts = copied(this.#starts, new Uint32Array(needed * 2))
		this.#shown = copied(this.#shown, new Uint8Array(needed * 2))
	}
}

function copied<Column extends Uint8Array | Uint16Array | Uint32Array | Int32Array>(
	old: Column,
	empty: Column
): Column {
	empty.set(old)
	return empty
}

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Groups of words that begin alike, in order, so that each can be sorted within a slice of time. */
function* groupedByStart(words: Iterable<string>): Generator<string[]> {
	const groups = new Map<string, string[]>()
	for (const word of words) {
		const start = word.slice(0, 2)
		const group = groups.get(start)
		if (group === undefined) groups.set(start, [word])
		else group.push(word)
	}
	for (const start of [...groups.keys()].sort(byCodeUnits)) yield groups.get(start) ?? []
}
