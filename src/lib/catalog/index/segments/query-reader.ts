import { TEXT_FIELDS, type QueryPhrase, type QueryWord, type TextField } from '../../query/query'
import { editDistance, mendableEdits } from '../edit-distance'
import { OPTIONAL_RARITY, prefixQuality, rarity, SPACE_QUALITY, typoQuality } from '../ranking'
import type { IndexQuery, Reading, WordReadings } from '../search-index'
import type { TimeSlices } from '../time-slices'

import { ALL_FIELDS, PUBLISHER, type MatchQuery, type Phrase, type Term, type TermReading } from './match-query'
import type { Dictionaries, NearWord } from './dictionaries'
import { ID_MARK } from './id-mark'
import type { PageCache, PageSet, WantedPage } from './page-cache'
import { frequencyIn, longerWords, pagesForPrefix, pagesForWord, type Part } from './part-words'
import type { PublisherNames } from './publisher-names'
import { Segment } from './segment'

/** Pages that the words of a prefix may lie in; of one that has more only the most frequent words are followed. */
const MAX_PREFIX_PAGES = 192
const MAX_PREFIX_WORDS = 48
/** Spellings that a mistyped word is taken for, at most. */
const MAX_MENDED = 32
/** Places where a word is taken apart, at most. */
const MAX_SPLITS = 3
/** So many documents with a word that is one edit off are taken for what was meant, as long as they have the other words too. */
const ENOUGH_NEAR = 32
/** A word that no more documents have may be meant for one that so many times more have. */
const RARE = 3
/** Edits between the two: with more of them hardly anyone hits upon a word that there is. */
const MOST_BETTER = 1
const MUCH_MORE = 20
/** Readings that are named in the answer, at most. */
const MAX_NAMED = 32

export interface Index {
	readonly parts: readonly Part[]
	readonly cache: PageCache
	readonly dictionaries: Dictionaries
	readonly names: PublisherNames
	/** Documents of a publisher. */
	readonly documentsOf: (publisher: number) => number
	/** Of all parts. */
	readonly documents: number
}

/** What one word of the query is taken for. */
export interface ReadWord {
	readonly typed: string
	readonly field?: TextField
	readonly optional: boolean
	readonly term: Term
	readonly readings: readonly Reading[]
	/** Documents, those that have it in several readings more than once. */
	readonly frequency: number
}

export interface ReadQuery {
	readonly words: readonly ReadWord[]
	readonly match: MatchQuery
	/** Sum over the words that count. */
	readonly rarities: number
	readonly cut: boolean
}

interface Draft {
	readonly word: QueryWord
	/** Taken as it is: part of a phrase. */
	readonly fixed: boolean
	readonly fields: number
	readonly readings: Reading[]
	readonly terms: TermReading[]
	readonly publishers: Map<number, number>
	/** Documents of all longer words; those of `readings` among them. */
	longer: number
}

/** Finds out what the words of a query may mean, and reads the pages that are needed to look for that. */
export class QueryReader {
	readonly #index: Index
	readonly #pages: PageSet
	readonly #query: IndexQuery
	readonly #drafts: Draft[]
	readonly #not: Draft[]
	#cut = false

	constructor(index: Index, pages: PageSet, query: IndexQuery) {
		this.#index = index
		this.#pages = pages
		this.#query = query
		this.#drafts = query.words.map((word) => draftOf(word, false))
		for (const { words, field } of query.phrases ?? []) {
			for (const word of new Set(words)) {
				this.#drafts.push(draftOf({ word, open: false, ...(field === undefined ? {} : { field }) }, true))
			}
		}
		this.#not = (query.notWords ?? []).map((word) => draftOf(word, true))
	}

	/** Words as they are typed, and where the last is open longer ones; others only in place of words that nobody has. */
	async read(slices: TimeSlices): Promise<ReadQuery> {
		const { parts, dictionaries } = this.#index
		const { phrases = [], notPhrases = [], filters, notFilters, forgiving = false } = this.#query
		const all = [...this.#drafts, ...this.#not]
		const wanted: WantedPage[] = all.flatMap(({ word }) =>
			pagesForWord(dictionaries.mayHave(parts, word.word), word.word)
		)
		for (const { words } of [...phrases, ...notPhrases]) {
			for (const word of words)
				wanted.push(...pagesForWord(dictionaries.mayHave(parts, word), word, words.length > 1))
		}
		for (const id of [...(filters?.mbids ?? []), ...(notFilters?.mbids ?? [])]) {
			wanted.push(...pagesForWord(parts, ID_MARK + id))
		}
		const joined = forgiving ? this.#joined() : []
		for (const { word } of joined) wanted.push(...pagesForWord(dictionaries.mayHave(parts, word), word))
		const prefixes = all.filter(({ word }) => word.open)
		const whole: Draft[] = []
		for (const draft of prefixes) {
			const pages = pagesForPrefix(parts, draft.word.word)
			if (pages.length > MAX_PREFIX_PAGES) continue
			whole.push(draft)
			wanted.push(...pages)
		}
		await this.#index.cache.load(wanted, this.#pages)
		for (const draft of all) this.#addWord(draft, draft.word.word, 'exact', 0, 1)
		for (const draft of whole) this.#addPrefix(draft)
		for (const draft of prefixes) if (!whole.includes(draft)) await this.#addFrequentLonger(draft, slices)
		for (const { word, drafts } of joined) {
			for (const draft of drafts) this.#addWord(draft, word, 'joined', 0, SPACE_QUALITY)
		}
		if (forgiving) {
			for (const draft of this.#drafts)
				if (this.#mendable(draft) && draft.readings.length === 0) await this.#mend(draft, slices, ENOUGH_NEAR)
		}
		return this.#result()
	}

	/** For words that hardly any document has, others that are nearly the same and that many have. */
	async better(slices: TimeSlices): Promise<(string | undefined)[]> {
		const { parts, dictionaries } = this.#index
		const better: (string | undefined)[] = []
		for (const draft of this.#drafts) {
			const { word } = draft.word
			const most = mendableEdits(word)
			const frequency = draft.readings.reduce((sum, reading) => sum + reading.frequency, 0)
			if (!this.#mendable(draft) || most === 0 || frequency > RARE) {
				better.push(undefined)
				continue
			}
			await dictionaries.load(parts, slices)
			const near = dictionaries.near(parts, word, MOST_BETTER)
			better.push(near.find(({ documents }) => documents >= MUCH_MORE * Math.max(1, frequency))?.word)
			await slices.rest()
		}
		return better
	}

	/** Takes all words for others too. */
	async widen(slices: TimeSlices): Promise<ReadQuery> {
		for (const draft of this.#drafts) if (this.#mendable(draft)) await this.#mend(draft, slices)
		return this.#result()
	}

	#mendable({ fixed, word }: Draft): boolean {
		return !fixed && word.optional !== true
	}

	/** Neighbours typed with a space that may be one word. */
	#joined(): { word: string; drafts: readonly Draft[] }[] {
		const words = this.#drafts.filter(({ fixed }) => !fixed)
		return words.flatMap((draft, at) => {
			const next = words[at + 1]
			if (next?.fields !== draft.fields || next.word.optional === true || draft.word.optional === true) return []
			return [{ word: draft.word.word + next.word.word, drafts: [draft, next] }]
		})
	}

	#addWord(draft: Draft, word: string, how: Reading['how'], edits: number, quality: number): void {
		if (draft.readings.some((reading) => reading.word === word)) return
		const { parts, names, documentsOf } = this.#index
		let frequency = 0
		for (const part of parts) frequency += frequencyIn(part, word, this.#pages)
		if (frequency > 0) draft.terms.push({ terms: [word], quality })
		if ((draft.fields & PUBLISHER) !== 0) {
			for (const publisher of names.having(word)) {
				frequency += documentsOf(publisher)
				this.#addPublisher(draft, publisher, quality)
			}
		}
		if (frequency > 0) draft.readings.push({ word, how, edits, quality, frequency })
	}

	#addPublisher({ publishers }: Draft, publisher: number, quality: number): void {
		if ((publishers.get(publisher) ?? 0) < quality) publishers.set(publisher, quality)
	}

	/** All longer words, whose pages have been read. */
	#addPrefix(draft: Draft): void {
		const { word } = draft.word
		const longer = new Map<string, number>()
		for (const part of this.#index.parts) {
			const { documents, frequent } = longerWords(part, word, this.#pages, MAX_NAMED)
			draft.longer += documents
			for (const [found, times] of frequent) longer.set(found, (longer.get(found) ?? 0) + times)
		}
		if (draft.longer > 0) draft.terms.push({ prefix: word })
		const names = new Map<string, number>()
		this.#addLongerNames(draft, names)
		this.#nameLonger(draft, longer)
		this.#nameLonger(draft, names)
	}

	/** Names the most frequent ones. */
	#nameLonger(draft: Draft, longer: ReadonlyMap<string, number>): void {
		const { word } = draft.word
		const frequent = [...longer].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MAX_NAMED)
		for (const [found, frequency] of frequent) {
			if (draft.readings.some((reading) => reading.word === found)) continue
			draft.readings.push({ word: found, how: 'prefix', edits: 0, quality: prefixQuality(word, found), frequency })
		}
	}

	/** Publishers whose names have a longer word. */
	#addLongerNames(draft: Draft, longer: Map<string, number>): void {
		if ((draft.fields & PUBLISHER) === 0) return
		const { word } = draft.word
		for (const found of this.#index.names.words) {
			if (found === word || !found.startsWith(word)) continue
			for (const publisher of this.#index.names.having(found)) {
				this.#addPublisher(draft, publisher, prefixQuality(word, found))
				const documents = this.#index.documentsOf(publisher)
				longer.set(found, (longer.get(found) ?? 0) + documents)
				draft.longer += documents
			}
		}
	}

	/** The most frequent longer words, where there are too many. */
	async #addFrequentLonger(draft: Draft, slices: TimeSlices): Promise<void> {
		const { parts, dictionaries, cache } = this.#index
		await dictionaries.load(parts, slices)
		const { word } = draft.word
		const longer = dictionaries.startingWith(parts, word, MAX_PREFIX_WORDS)
		this.#cut = true
		await cache.load(
			longer.flatMap((found) => pagesForWord(parts, found.word)),
			this.#pages
		)
		for (const found of longer) {
			draft.longer += found.documents
			this.#addWord(draft, found.word, 'prefix', 0, prefixQuality(word, found.word))
		}
		const names = new Map<string, number>()
		this.#addLongerNames(draft, names)
		this.#nameLonger(draft, names)
	}

	/** Longer words, other spellings, and two words in place of one. */
	/** Looking for two edits takes five times as long as for one. */
	#near(word: string, most: number, enough: number): NearWord[] {
		const { parts, dictionaries } = this.#index
		if (most === 0) return []
		if (most > 1 && enough < Infinity) {
			const nearest = dictionaries.near(parts, word, 1)
			if (nearest.reduce((sum, { documents }) => sum + documents, 0) >= enough) return nearest
		}
		return dictionaries.near(parts, word, most)
	}

	/** @param enough - with so many documents that are one edit off, those two edits off are left aside */
	async #mend(draft: Draft, slices: TimeSlices, enough = Infinity): Promise<void> {
		const { parts, dictionaries, cache, names } = this.#index
		const { word, open } = draft.word
		await dictionaries.load(parts, slices)
		if (!open && word.length > 2 && draft.longer === 0) {
			const pages = pagesForPrefix(parts, word)
			if (pages.length <= MAX_PREFIX_PAGES) {
				await cache.load(pages, this.#pages)
				this.#addPrefix(draft)
			}
		}
		const most = mendableEdits(word)
		const near = this.#near(word, most, enough)
		if (most > 0) {
			for (const name of names.words) {
				const edits = editDistance(word, name, most)
				if (edits > 0 && edits <= most && !near.some((found) => found.word === name)) {
					near.push({ word: name, edits, documents: 0, parts: [] })
				}
			}
		}
		const splits = this.#splits(word)
		await slices.rest()
		const chosen = near.slice(0, MAX_MENDED)
		await cache.load(
			[
				// Pages of parts that do not have it would be read in vain.
				...chosen.flatMap((found) => pagesForWord(found.parts, found.word)),
				...splits.flatMap(({ terms }) => {
					const having = dictionaries.partsWith(parts, terms)
					return terms.flatMap((term) => pagesForWord(having, term, true))
				})
			],
			this.#pages
		)
		for (const { terms, frequency } of splits) {
			draft.terms.push({ terms, quality: SPACE_QUALITY })
			draft.readings.push({ word: terms.join(' '), how: 'split', edits: 0, quality: SPACE_QUALITY, frequency })
		}
		for (const { word: found, edits } of chosen) this.#addWord(draft, found, 'typo', edits, typoQuality(edits))
	}

	/** Two words of the index that make up this one, the likeliest first. */
	#splits(word: string): { terms: readonly [string, string]; frequency: number }[] {
		if (word.length < 4) return []
		const { parts, dictionaries } = this.#index
		const found: { terms: readonly [string, string]; frequency: number }[] = []
		for (let at = 1; at < word.length; at++) {
			if (/[\udc00-\udfff]/.test(word.charAt(at))) continue
			const terms = [word.slice(0, at), word.slice(at)] as const
			const first = dictionaries.frequency(parts, terms[0])
			const frequency = first === 0 ? 0 : Math.min(first, dictionaries.frequency(parts, terms[1]))
			if (frequency > 0) found.push({ terms, frequency })
		}
		return found.sort((a, b) => b.frequency - a.frequency).slice(0, MAX_SPLITS)
	}

	#result(): ReadQuery {
		const { documents, names } = this.#index
		const finished = this.#drafts.map((draft) => finish(draft, documents))
		const not = this.#not.map((draft) => finish(draft, documents).term)
		const required = finished.filter(({ optional }) => !optional)
		const phrase = ({ words, field }: QueryPhrase): Phrase => ({
			words,
			fields: fieldBits(field),
			publishers: names.havingPhrase(words)
		})
		const { phrases = [], notPhrases = [] } = this.#query
		return {
			words: finished,
			match: {
				required: required.toSorted((a, b) => a.frequency - b.frequency).map(({ term }) => term),
				optional: finished.filter(({ optional }) => optional).map(({ term }) => term),
				not,
				phrases: phrases.filter(({ words }) => words.length > 1).map(phrase),
				notPhrases: notPhrases.map(phrase)
			},
			rarities: finished.reduce((sum, { term }) => sum + term.rarity, 0),
			cut: this.#cut
		}
	}
}

function draftOf(word: QueryWord, fixed: boolean): Draft {
	return { word, fixed, fields: fieldBits(word.field), readings: [], terms: [], publishers: new Map(), longer: 0 }
}

function fieldBits(field: TextField | undefined): number {
	return field === undefined ? ALL_FIELDS : 1 << TEXT_FIELDS.indexOf(field)
}

function finish({ word, fields, readings, terms, publishers, longer }: Draft, documents: number): ReadWord {
	const frequency = readings.reduce(
		(sum, reading) => sum + (reading.how === 'prefix' && longer > 0 ? 0 : reading.frequency),
		longer
	)
	const best = readings.toSorted((a, b) => b.quality - a.quality || b.frequency - a.frequency)
	return {
		typed: word.word,
		...(word.field === undefined ? {} : { field: word.field }),
		optional: word.optional === true,
		term: {
			readings: terms,
			fields,
			publishers,
			rarity: rarity(frequency, documents) * (word.optional ? OPTIONAL_RARITY : 1)
		},
		readings: best,
		frequency
	}
}

export function namedReadings({ typed, field, term, readings }: ReadWord): WordReadings {
	return {
		typed,
		...(field === undefined ? {} : { field }),
		rarity: term.rarity,
		readings: readings.slice(0, MAX_NAMED)
	}
}

/** Documents of each publisher in a segment; remembered, as they never change. */
const counted = new WeakMap<Part, ReadonlyMap<number, number>>()

export function publishersIn(part: Part): ReadonlyMap<number, number> {
	let counts = counted.get(part)
	if (counts !== undefined) return counts
	const { publishers, publisherNumbers } = part.columns
	const found = new Uint32Array(publisherNumbers.length)
	for (let local = 0; local < part.count; local++) {
		const publisher = publishers[local] as number
		found[publisher] = (found[publisher] as number) + 1
	}
	counts = new Map(publisherNumbers.map((number, place) => [number, found[place] ?? 0]))
	if (part instanceof Segment) counted.set(part, counts)
	return counts
}
