import { Index } from 'flexsearch'
import type { DocumentRange, DocumentTable } from './document-table'
import { coverage, FIELD_WEIGHTS, prefixQuality, rarity, scoreOf, typoQuality } from './ranking'
import { FIELDS, type FieldWords, type IndexPart, type IndexQuery, type Matches, type QueryWord, type Reading, type SearchIndex } from './search-index' // prettier-ignore
import type { TimeSlices } from './time-slices'
import { mendableEdits, Vocabulary } from './vocabulary'

/** Posting lists of one word by score slot; a slot that no document has is missing or null. */
type Postings = readonly (readonly number[] | null | undefined)[]

/**
 * Inside of an `Index` of FlexSearch 0.8: the types leave it out, `export()` writes it. Its `search` gives one list cut at a
 * limit and knows no prefixes beside exact words, so the lists are read here. The version is pinned, and
 * `flexsearch-index.test.ts` fails when this no longer holds.
 */
interface Inside {
	readonly map: ReadonlyMap<string, Postings>
	/** Typed as if it could not wait for its handler; it does. An empty part comes as undefined. */
	export(handler: (key: string, data: string | undefined) => Promise<void>): Promise<void>
}

const OTHERS = FIELDS.length - 1

/**
 * {@link SearchIndex} in memory: FlexSearch keeps the words (one combined text a document, its score slots hold the field),
 * reading, matching and ranking are done here. Removal is left to the document table's `alive`: `Index.remove` walks
 * every word (120 ms a document at a million); {@link compacted} clears away what is gone.
 */
export class FlexsearchIndex implements SearchIndex {
	readonly #index: Index
	readonly #documents: DocumentTable
	#vocabulary = new Vocabulary()
	readonly #named = new Map<string, Map<number, () => readonly DocumentRange[]>>()
	/** Field of each word of the document being added. */
	readonly #fieldOf: number[] = []
	/** Scratch of a search by document number, all zero in between. */
	#matched = new Uint8Array(0)
	#weighted = new Float32Array(0)
	#covered = new Float32Array(0)

	constructor(documents: DocumentTable) {
		this.#documents = documents
		this.#index = new Index({
			tokenize: 'strict',
			resolution: FIELDS.length,
			encode: (words) => words.split(' '),
			// Must stay below the resolution: the slot of a higher score is found by single words only.
			score: (_words, _word, at) => this.#fieldOf[at] ?? OTHERS
		})
	}

	get wordCount(): number {
		return this.#vocabulary.size
	}

	add(document: number, fields: FieldWords): void {
		const words: string[] = []
		fields.forEach((field, number) => {
			for (const word of field) {
				this.#fieldOf[words.length] = number
				words.push(word)
				this.#vocabulary.add(word)
			}
		})
		// Of a word that comes twice FlexSearch keeps the first, which is the one in the better field.
		if (words.length > 0) this.#index.add(document, words.join(' '))
	}

	namePublisher(publisher: number, words: readonly string[], documents: () => readonly DocumentRange[]): void {
		for (const publishers of this.#named.values()) publishers.delete(publisher)
		for (const word of words) {
			this.#vocabulary.add(word)
			let publishers = this.#named.get(word)
			if (publishers === undefined)
				this.#named.set(word, (publishers = new Map<number, () => readonly DocumentRange[]>()))
			publishers.set(publisher, documents)
		}
	}

	search({ words, forgiving, publisher }: IndexQuery): Matches {
		const readings = words.map((word) => this.#read(word, forgiving))
		let documents = this.#withAll(readings, publisher)
		if (documents.length === 0 && forgiving && words.length > 0) {
			const wider = words.map((word, at) => this.#readWidely(word, readings[at] ?? []))
			documents = this.#withAll(wider, publisher)
			if (documents.length > 0) return this.#ranked(documents, wider)
			return this.#ranked(this.#withMost(readings, publisher), readings)
		}
		return this.#ranked(documents, readings)
	}

	async save(slices: TimeSlices): Promise<readonly IndexPart[]> {
		const parts: IndexPart[] = []
		await this.#inside.export(async (key, data) => {
			if (data !== undefined) parts.push({ key, data })
			await slices.rest()
		})
		return parts
	}

	/** @throws SyntaxError when a part is not what {@link save} gave */
	static async restore(
		documents: DocumentTable,
		parts: readonly IndexPart[],
		slices: TimeSlices
	): Promise<FlexsearchIndex> {
		const restored = new FlexsearchIndex(documents)
		for (const { key, data } of parts) {
			restored.#index.import(key, data)
			await slices.rest()
		}
		restored.#vocabulary = new Vocabulary(restored.#map.keys())
		return restored
	}

	/**
	 * The same index without the documents that are gone. Publishers must be named again.
	 * @param renumbered - new number of each document, -1 for one that is gone; must rise with the old numbers
	 */
	async compacted(documents: DocumentTable, renumbered: Int32Array, slices: TimeSlices): Promise<FlexsearchIndex> {
		const kept: [string, number[][]][] = []
		const register: number[] = []
		for (const number of renumbered) if (number >= 0) register.push(number)
		for (const [word, fields] of this.#map) {
			let any = false
			const lists = Array.from(fields, (list) => {
				const numbers: number[] = []
				for (const old of list ?? []) {
					const number = renumbered[old] ?? -1
					if (number >= 0) numbers.push(number)
				}
				any ||= numbers.length > 0
				return numbers
			})
			if (any) kept.push([word, lists])
			await slices.rest()
		}
		const compacted = new FlexsearchIndex(documents)
		// At run time `import` takes what the JSON would parse to.
		compacted.#index.import('reg', register as unknown as string)
		compacted.#index.import('map', kept as unknown as string)
		compacted.#vocabulary = new Vocabulary(compacted.#map.keys())
		return compacted
	}

	get #inside(): Inside {
		return this.#index as unknown as Inside
	}

	get #map(): ReadonlyMap<string, Postings> {
		return this.#inside.map
	}

	#read({ word, open }: QueryWord, forgiving: boolean): Reading[] {
		const readings = this.#alive(word, 0, 1)
		if (open) readings.push(...this.#longerThan(word))
		if (readings.length > 0 || !forgiving) return readings
		const longer = open ? [] : this.#longerThan(word)
		return longer.length > 0 ? longer : this.#mended(word)
	}

	/** For a word that is known but leads nowhere: it may be the start of another, or mistyped into a real word. */
	#readWidely({ word }: QueryWord, readings: readonly Reading[]): Reading[] {
		const taken = new Set(readings.map((reading) => reading.word))
		const more = [...this.#longerThan(word), ...this.#mended(word)]
		return [...readings, ...more.filter((reading) => !taken.has(reading.word))]
	}

	#longerThan(word: string): Reading[] {
		return this.#vocabulary
			.withPrefix(word)
			.flatMap((longer) => (longer === word ? [] : this.#alive(longer, 0, prefixQuality(word, longer))))
			.sort((a, b) => b.quality - a.quality)
	}

	#mended(word: string): Reading[] {
		const most = mendableEdits(word)
		if (most === 0) return []
		return this.#vocabulary
			.near(word, most)
			.flatMap(({ word: near, edits }) => this.#alive(near, edits, typoQuality(edits)))
	}

	/** The reading, if a document that is alive has the word. */
	#alive(word: string, edits: number, quality: number): Reading[] {
		const { alive } = this.#documents
		let frequency = 0
		let any = false
		for (const list of this.#map.get(word) ?? []) {
			if (!list) continue
			frequency += list.length
			for (let at = 0; !any && at < list.length; at++) any = alive[list[at] ?? 0] === 1
		}
		for (const ranges of this.#named.get(word)?.values() ?? []) {
			for (const { first, count } of ranges()) {
				frequency += count
				any ||= count > 0 && alive[first] === 1
			}
		}
		return any ? [{ word, edits, quality, frequency }] : []
	}

	#visit(word: string, visitor: (document: number, field: number) => void): void {
		this.#map.get(word)?.forEach((list, field) => {
			if (list) for (const document of list) visitor(document, field)
		})
		for (const ranges of this.#named.get(word)?.values() ?? []) {
			for (const { first, count } of ranges()) {
				for (let document = first; document < first + count; document++) visitor(document, OTHERS)
			}
		}
	}

	/** Documents with every word; their sums are left in the scratch arrays. */
	#withAll(readings: readonly (readonly Reading[])[], publisher: number | undefined): number[] {
		if (readings.some((word) => word.length === 0)) return []
		this.#growScratch()
		const { alive, publishers, count } = this.#documents
		const touched: number[] = []
		const byFrequency = readings
			.map((word) => ({ word, frequency: frequencyOf(word) }))
			.sort((a, b) => a.frequency - b.frequency)
		byFrequency.forEach(({ word, frequency }, step) => {
			const weight = rarity(frequency, count)
			for (const { word: found, quality } of word) {
				this.#visit(found, (document, field) => {
					// Equal to the step: has all words before this one, and this one not yet by a better reading.
					if (this.#matched[document] !== step) return
					if (step === 0) {
						if (alive[document] !== 1) return
						if (publisher !== undefined && publishers[document] !== publisher) return
						touched.push(document)
					}
					this.#matched[document] = step + 1
					this.#count(document, field, weight, quality)
				})
			}
		})
		return this.#keep(touched, readings.length)
	}

	/** Documents with as many of the words as any document has. */
	#withMost(readings: readonly (readonly Reading[])[], publisher: number | undefined): number[] {
		this.#growScratch()
		const { alive, publishers, count } = this.#documents
		const touched: number[] = []
		let most = 0
		for (const word of readings) {
			const weight = rarity(frequencyOf(word), count)
			const seen = new Set<number>()
			for (const { word: found, quality } of word) {
				this.#visit(found, (document, field) => {
					if (alive[document] !== 1 || seen.has(document)) return
					if (publisher !== undefined && publishers[document] !== publisher) return
					seen.add(document)
					const matched = (this.#matched[document] ?? 0) + 1
					if (matched === 1) touched.push(document)
					if (matched > most) most = matched
					this.#matched[document] = matched
					this.#count(document, field, weight, quality)
				})
			}
		}
		return this.#keep(touched, Math.max(1, most))
	}

	#count(document: number, field: number, weight: number, quality: number): void {
		this.#weighted[document] = (this.#weighted[document] ?? 0) + weight * quality * (FIELD_WEIGHTS[field] ?? 0)
		if (field === 0) this.#covered[document] = (this.#covered[document] ?? 0) + coverage(quality)
	}

	/** Keeps those that matched so many words and clears the scratch of the others. */
	#keep(touched: readonly number[], words: number): number[] {
		const kept: number[] = []
		for (const document of touched) {
			if (this.#matched[document] === words) kept.push(document)
			else this.#clearScratch(document)
		}
		return kept
	}

	#ranked(kept: readonly number[], readings: readonly (readonly Reading[])[]): Matches {
		const { count, titleWords } = this.#documents
		const documents = Uint32Array.from(kept)
		const scores = new Float64Array(documents.length)
		let rarities = 0
		for (const word of readings) if (word.length > 0) rarities += rarity(frequencyOf(word), count)
		documents.forEach((document, at) => {
			scores[at] = scoreOf(
				this.#weighted[document] ?? 0,
				this.#covered[document] ?? 0,
				titleWords[document] ?? 0,
				rarities
			)
			this.#clearScratch(document)
		})
		return { documents, scores, readings }
	}

	#growScratch(): void {
		if (this.#matched.length >= this.#documents.alive.length) return
		const capacity = this.#documents.alive.length
		this.#matched = new Uint8Array(capacity)
		this.#weighted = new Float32Array(capacity)
		this.#covered = new Float32Array(capacity)
	}

	#clearScratch(document: number): void {
		this.#matched[document] = 0
		this.#weighted[document] = 0
		this.#covered[document] = 0
	}
}

/** Counts a document once for each of its words. */
const frequencyOf = (readings: readonly Reading[]) => readings.reduce((sum, { frequency }) => sum + frequency, 0)
