import type { LicenceClass } from '../../query/query'
import type { DocumentFacts, FieldWords } from '../search-index'
import { wordsToSay } from '../entry-words'

/** In `traits`, from the lowest bit: kind (3 bits), licence (2), lossless (2: 0 unknown, 1 no, 2 yes). */
export const KIND_MASK = 7
export const LICENCES: readonly LicenceClass[] = ['none', 'cc', 'free', 'other']
export const LICENCE_SHIFT = 3
export const LOSSLESS_SHIFT = 5
export const LOSSLESS = 2
export const LOSSY = 1

export const TITLE_KEY_BYTES = 16
/** Of words to say, in four bits each. */
const MOST_WORDS = 15
const MAX_FORMATS = 0xff
const MAX_NUMBERED = 0xffff

/** What stands beside the columns: texts and numbers that repeat. */
interface Dictionaries {
	/** By number; 0 is unknown. */
	readonly formatNames: string[]
	readonly publisherNumbers: number[]
	readonly genreNames: string[]
	/** Places in `genreNames`; set 0 is none. */
	readonly genreSets: number[][]
}

const NUMBERS = {
	/** Words of the title that are to say, and those of the artist above them. */
	said: Uint8Array,
	traits: Uint8Array,
	formats: Uint8Array,
	years: Uint16Array,
	publishers: Uint16Array,
	genres: Uint16Array,
	bitrates: Uint32Array,
	durations: Uint32Array,
	added: Uint32Array,
	/** Lower half of the file's fingerprint. */
	files: Uint32Array,
	/** Its other 21 bits, mixed with the clip: both are alike for copies only. */
	clips: Uint32Array
} as const
type NumberColumn = keyof typeof NUMBERS
const NAMES = Object.keys(NUMBERS) as NumberColumn[]

type Arrays = { [Name in NumberColumn]: InstanceType<(typeof NUMBERS)[Name]> }

/** Facts of the documents of one part of the index, in typed arrays by their numbers within it: 29 bytes a document. */
export interface Columns extends Readonly<Arrays>, Readonly<Dictionaries> {}

const TWO_TO_32 = 0x1_0000_0000
const UPPER_MASK = 0x1f_ffff

/** The two numbers that name what is played. */
function workNumbers(file: number, clip: number): { file: number; clip: number } {
	return {
		file: file >>> 0,
		clip: (Math.floor(file / TWO_TO_32) ^ Math.imul(clip >>> 0, 0x9e3779b1)) & UPPER_MASK
	}
}

/** What a document plays, as one number: the same for copies only. */
export function workOf(columns: Columns, local: number): number {
	return (columns.clips[local] as number) * TWO_TO_32 + (columns.files[local] as number)
}

export interface Renumbered {
	readonly formats: Uint16Array
	readonly publishers: Uint16Array
	readonly genreSets: Uint16Array
}

/** @param bytes - of {@link ColumnsBuilder.encode}; the columns are views of them where they can be */
export function decodeColumns(bytes: Uint8Array): Columns & { readonly count: number } {
	const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
	const headLength = new DataView(aligned.buffer, aligned.byteOffset).getUint32(0)
	const head = JSON.parse(new TextDecoder().decode(aligned.subarray(4, 4 + headLength))) as Dictionaries & {
		count: number
	}
	let at = aligned.byteOffset + align(4 + headLength)
	const arrays = Object.fromEntries(
		NAMES.map((name) => {
			const column = new NUMBERS[name](aligned.buffer as ArrayBuffer, at, head.count)
			at += align(column.byteLength)
			return [name, column]
		})
	) as Arrays
	return { ...arrays, ...head }
}

/** Collects the facts of documents. */
export class ColumnsBuilder {
	readonly #arrays: Arrays
	/** Title keys, one after the other. */
	titleKeys: Uint8Array<ArrayBuffer>
	#count = 0
	#capacity: number
	#columns: Columns | undefined
	readonly #dictionaries: Dictionaries = {
		formatNames: [''],
		publisherNumbers: [],
		genreNames: [],
		genreSets: [[]]
	}
	readonly #formats = new Map<string, number>([['', 0]])
	readonly #publishers = new Map<number, number>()
	readonly #genres = new Map<string, number>()
	readonly #genreSets = new Map<string, number>([['', 0]])

	constructor(capacity = 1024) {
		this.#capacity = capacity
		this.#arrays = Object.fromEntries(NAMES.map((name) => [name, new NUMBERS[name](capacity)])) as Arrays
		this.titleKeys = new Uint8Array(capacity * TITLE_KEY_BYTES)
	}

	get count(): number {
		return this.#count
	}

	/** True when a document of one more publisher could not be numbered. */
	get full(): boolean {
		return this.#publishers.size >= MAX_NUMBERED
	}

	/** Longer than the documents that are there. They change as documents are added. */
	get columns(): Columns {
		return (this.#columns ??= { ...this.#arrays, ...this.#dictionaries })
	}

	add(facts: DocumentFacts, words: FieldWords): void {
		this.#grow(this.#count + 1)
		const at = this.#count++
		const { file, clip } = workNumbers(facts.file, facts.clip)
		const to = this.#arrays
		const title = Math.min(MOST_WORDS, wordsToSay(words[0] ?? []))
		const artist = Math.min(MOST_WORDS, wordsToSay(words[1] ?? []))
		to.said[at] = title | (artist << 4)
		const lossless = facts.lossless === undefined ? 0 : facts.lossless ? LOSSLESS : LOSSY
		to.traits[at] =
			(facts.kind & KIND_MASK) |
			(Math.max(0, LICENCES.indexOf(facts.licence)) << LICENCE_SHIFT) |
			(lossless << LOSSLESS_SHIFT)
		to.formats[at] = this.#format(facts.format)
		to.years[at] = clamp(facts.year, 0xffff)
		to.publishers[at] = this.#publisher(facts.publisher)
		to.genres[at] = facts.genres.length === 0 ? 0 : this.#genreSet(facts.genres)
		to.bitrates[at] = clamp(facts.bitrate, 0xffffffff)
		to.durations[at] = clamp(facts.durationMs, 0xffffffff)
		to.added[at] = clamp(facts.addedS, 0xffffffff)
		to.files[at] = file
		to.clips[at] = clip
		writeTitleKey(facts.titleKey, this.titleKeys, at * TITLE_KEY_BYTES)
	}

	/** Adds documents `from` up to `to` of another part. */
	append(source: Columns, titleKeys: Uint8Array, renumbered: Renumbered, from: number, to: number): void {
		const first = this.#count
		this.#grow(first + to - from)
		this.#count += to - from
		const arrays = this.#arrays
		for (const name of NAMES) arrays[name].set(source[name].subarray(from, to), first)
		for (let at = first; at < this.#count; at++) {
			arrays.formats[at] = renumbered.formats[arrays.formats[at] ?? 0] ?? 0
			arrays.publishers[at] = renumbered.publishers[arrays.publishers[at] ?? 0] ?? 0
			arrays.genres[at] = renumbered.genreSets[arrays.genres[at] ?? 0] ?? 0
		}
		this.titleKeys.set(titleKeys.subarray(from * TITLE_KEY_BYTES, to * TITLE_KEY_BYTES), first * TITLE_KEY_BYTES)
	}

	/** Numbers here of what another part's columns name. Only of what its documents `marked` have. */
	renumber(source: Columns, marked: Uint8Array): Renumbered {
		const renumbered = {
			formats: new Uint16Array(source.formatNames.length),
			publishers: new Uint16Array(source.publisherNumbers.length),
			genreSets: new Uint16Array(source.genreSets.length)
		}
		const seen = new Uint8Array(source.publisherNumbers.length)
		const seenSets = new Uint8Array(source.genreSets.length)
		source.formatNames.forEach((format, number) => (renumbered.formats[number] = this.#format(format)))
		for (let at = 0; at < marked.length; at++) {
			if (marked[at] !== 1) continue
			seen[source.publishers[at] ?? 0] = 1
			seenSets[source.genres[at] ?? 0] = 1
		}
		source.publisherNumbers.forEach((publisher, number) => {
			if (seen[number] === 1) renumbered.publishers[number] = this.#publisher(publisher)
		})
		source.genreSets.forEach((places, number) => {
			if (seenSets[number] !== 1 || places.length === 0) return
			renumbered.genreSets[number] = this.#genreSet(places.map((place) => source.genreNames[place] ?? ''))
		})
		return renumbered
	}

	encode(): Uint8Array<ArrayBuffer> {
		const { formatNames, publisherNumbers, genreNames, genreSets } = this.#dictionaries
		const head = new TextEncoder().encode(
			JSON.stringify({ count: this.#count, formatNames, publisherNumbers, genreNames, genreSets })
		)
		const start = align(4 + head.length)
		const bytes = new Uint8Array(start + NAMES.reduce((sum, name) => sum + align(this.#count * widthOf(name)), 0))
		new DataView(bytes.buffer).setUint32(0, head.length)
		bytes.set(head, 4)
		let at = start
		for (const name of NAMES) {
			const column = this.#arrays[name].subarray(0, this.#count)
			bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at)
			at += align(column.byteLength)
		}
		return bytes
	}

	#format(format: string): number {
		return numbered(this.#formats, this.#dictionaries.formatNames, format, format, MAX_FORMATS) ?? 0
	}

	#publisher(publisher: number): number {
		return numbered(this.#publishers, this.#dictionaries.publisherNumbers, publisher, publisher, MAX_NUMBERED) ?? 0
	}

	#genreSet(names: readonly string[]): number {
		const sorted = [...new Set(names)].sort()
		const key = sorted.join('\u0000')
		const held = this.#genreSets.get(key)
		if (held !== undefined) return held
		const places: number[] = []
		for (const name of sorted) {
			const place = numbered(this.#genres, this.#dictionaries.genreNames, name, name, MAX_NUMBERED)
			if (place !== undefined) places.push(place)
		}
		return numbered(this.#genreSets, this.#dictionaries.genreSets, key, places, MAX_NUMBERED) ?? 0
	}

	#grow(needed: number): void {
		if (needed <= this.#capacity) return
		this.#capacity = Math.max(needed, this.#capacity * 2)
		this.#columns = undefined
		for (const name of NAMES) this.#arrays[name] = larger(this.#arrays[name], this.#capacity) as never
		this.titleKeys = larger(this.titleKeys, this.#capacity * TITLE_KEY_BYTES)
	}
}

const align = (bytes: number) => (bytes + 3) & ~3
const widthOf = (name: NumberColumn) => NUMBERS[name].BYTES_PER_ELEMENT
const clamp = (value: number, most: number) => Math.max(0, Math.min(most, Math.floor(value) || 0))

function larger<Column extends Arrays[NumberColumn]>(old: Column, length: number): Column {
	const column = new (old.constructor as new (length: number) => Column)(length)
	column.set(old)
	return column
}

/** The number of what goes by a key, a new one where there is room; undefined where there is none. */
function numbered<Key, Value>(
	numbers: Map<Key, number>,
	values: Value[],
	key: Key,
	value: Value,
	most: number
): number | undefined {
	const held = numbers.get(key)
	if (held !== undefined) return held
	if (values.length >= most) return undefined
	numbers.set(key, values.length)
	values.push(value)
	return values.length - 1
}

const encoder = new TextEncoder()
const utf8 = new Uint8Array(TITLE_KEY_BYTES * 4)

function writeTitleKey(key: string, to: Uint8Array, at: number): void {
	const { written } = encoder.encodeInto(key.slice(0, TITLE_KEY_BYTES), utf8)
	for (let byte = 0; byte < TITLE_KEY_BYTES; byte++) to[at + byte] = byte < written ? (utf8[byte] as number) : 0
}
