import { TEXT_FIELDS } from '../../query/query'
import { coverage, FIELD_WEIGHTS, prefixQualityOf } from '../ranking'
import type { Gate } from './gate'
import type { PageSet } from './page-cache'
import { visitLonger, visitWord, type Part } from './part-words'
import { SHOWN } from './part'
import { PhraseFinder } from './phrase-finder'
import { MASK, MASK_BITS } from './postings'

export const ALL_FIELDS = MASK
const TITLE = 1 << TEXT_FIELDS.indexOf('title')
const ARTISTS = 1 << TEXT_FIELDS.indexOf('artists')
export const PUBLISHER = 1 << TEXT_FIELDS.indexOf('publisher')

/** Weight of the best field of a mask. */
export const WEIGHT_OF_MASK = Float32Array.from({ length: MASK + 1 }, (_, mask) =>
	FIELD_WEIGHTS.reduce((best, weight, field) => ((mask >> field) & 1 ? Math.max(best, weight) : best), 0)
)

/** What an exact word adds to {@link Accumulator.cover}. */
const COVER_OF_MASK = Uint8Array.from(
	{ length: MASK + 1 },
	(_, mask) => ((mask & TITLE) === 0 ? 0 : 1) + ((mask & ARTISTS) === 0 ? 0 : 16)
)
/** When a word has this part of all documents, the filters are settled for all. */
const GATE_SHARE = 20
/** More words could not be told apart in {@link Accumulator.cover}. */
const MAX_PLAIN_WORDS = 15

/** One way in which a word of a query may stand in a document. */
export type TermReading =
	/** One word of the index, or several that stand side by side. */
	| { readonly terms: readonly string[]; readonly quality: number }
	/** All longer words that begin so. */
	| { readonly prefix: string }

/** A word of a query with all that it may mean. */
export interface Term {
	/** Best first. */
	readonly readings: readonly TermReading[]
	/** Fields in which it may stand, as bits. */
	readonly fields: number
	/** Publishers whose names have it, with the quality of that. */
	readonly publishers: ReadonlyMap<number, number>
	/** Weight of the word: see `rarity`. */
	readonly rarity: number
}

export interface Phrase {
	readonly words: readonly string[]
	readonly fields: number
	/** Publishers whose names have it. */
	readonly publishers: ReadonlySet<number>
}

export interface MatchQuery {
	/** Rarest first. */
	readonly required: readonly Term[]
	readonly optional: readonly Term[]
	readonly not: readonly Term[]
	readonly phrases: readonly Phrase[]
	readonly notPhrases: readonly Phrase[]
	/** So many of the required words suffice, when it is not all of them. */
	readonly enough?: number
}

/** What a document is asked before it counts. */
export interface Admission {
	readonly gate: Gate | undefined
	/** @param failed - bits of the gate */
	readonly accepts: (failed: number) => boolean
}

/** The n-th word is looked for in documents that have all before it, in any document, or only where all matches already. */
type Mode = 'first' | 'next' | 'any' | 'optional'

/**
 * Finds the documents of one part that match, and adds up what their words count for. Its arrays are used again: what
 * they hold counts until the next call.
 */
export class Accumulator {
	/** By document that matched: Σ rarity · field · quality. */
	weighted = new Float32Array(0)
	/** Σ coverage over the words that the title has, and the artists. */
	inTitle = new Float32Array(0)
	inArtists = new Float32Array(0)
	/**
	 * When all words stood as they were typed, in place of `inTitle` and `inArtists`: how many the title has, and above
	 * that the artists, in four bits each.
	 */
	cover = new Uint8Array(0)
	plain = false
	/** Groups of filters that the document fails; of no meaning when there is no gate. */
	failed = new Uint16Array(0)
	gated = false
	/** Documents that match, `count` of them. */
	matched = new Uint32Array(1024)
	count = 0
	/** How many of the words the document has; 0 for those not among `#touched`. */
	#stage = new Uint8Array(0)
	/** The last word that was counted for it, from 1, also in its title and artists; and what that counted for. */
	#word = new Uint8Array(0)
	#current = new Float32Array(0)
	#titleWord = new Uint8Array(0)
	#artistWord = new Uint8Array(0)
	#inTitleNow = new Float32Array(0)
	#inArtistsNow = new Float32Array(0)
	#touched = new Uint32Array(1024)
	#touchedCount = 0
	/** How many documents the gate was asked for one by one, and whether all are settled. */
	#gateAsked = 0
	#gateSettled = false
	readonly #phrases = new PhraseFinder()

	/** How many of the required words the document of the last call has. */
	wordsOf(local: number): number {
		return this.#stage[local] as number
	}

	match(part: Part, query: MatchQuery, pages: PageSet, admission: Admission): void {
		this.#begin(part.count)
		this.gated = admission.gate !== undefined
		const { required, optional, enough = required.length } = query
		const some = enough < required.length
		this.plain =
			!some &&
			required.length > 0 &&
			required.length <= MAX_PLAIN_WORDS &&
			required.every((term) => isPlain(term, part))
		if (required.length === 0) this.#everything(part, admission)
		else if (this.plain) this.#takePlain(part, required, pages, admission)
		else {
			required.forEach((term, at) => {
				this.#take(part, term, at + 1, some ? 'any' : at === 0 ? 'first' : 'next', pages, admission, at)
			})
		}
		this.#collect(enough)
		if (optional.length > 0) {
			if (this.plain) this.#unfoldCover()
			optional.forEach((term, at) => {
				this.#take(part, term, required.length + at + 1, 'optional', pages, admission, enough)
			})
		}
		for (const term of query.not) this.#exclude(part, term, pages)
		for (const phrase of query.phrases) this.#keepPhrase(part, phrase, pages, true)
		for (const phrase of query.notPhrases) this.#keepPhrase(part, phrase, pages, false)
	}

	#begin(documents: number): void {
		for (let at = 0; at < this.#touchedCount; at++) this.#stage[this.#touched[at] as number] = 0
		this.#touchedCount = 0
		this.count = 0
		this.#gateAsked = 0
		this.#gateSettled = false
		if (documents <= this.#stage.length) return
		this.weighted = new Float32Array(documents)
		this.inTitle = new Float32Array(documents)
		this.inArtists = new Float32Array(documents)
		this.cover = new Uint8Array(documents)
		this.failed = new Uint16Array(documents)
		this.#stage = new Uint8Array(documents)
		this.#word = new Uint8Array(documents)
		this.#current = new Float32Array(documents)
		this.#titleWord = new Uint8Array(documents)
		this.#artistWord = new Uint8Array(documents)
		this.#inTitleNow = new Float32Array(documents)
		this.#inArtistsNow = new Float32Array(documents)
	}

	#everything(part: Part, admission: Admission): void {
		this.#makeRoom(part.count)
		const { shown } = part
		const { gate, accepts } = admission
		if (gate !== undefined) gate.failedOfAll(this.failed, part.count)
		let count = 0
		for (let local = 0; local < part.count; local++) {
			if (shown[local] !== SHOWN) continue
			const fails = gate === undefined ? 0 : (this.failed[local] as number)
			if (fails === 0 || accepts(fails)) this.#touched[count++] = local
		}
		this.#touchedCount = count
		this.weighted.fill(0)
		this.inTitle.fill(0)
		this.inArtists.fill(0)
	}

	/** For words that can stand in one way only, which is most of the work of most queries. */
	#takePlain(part: Part, required: readonly Term[], pages: PageSet, { gate, accepts }: Admission): void {
		const { shown } = part
		const { weighted, cover, failed } = this
		const stageOf = this.#stage
		const points = new Float32Array(MASK + 1)
		required.forEach((term, before) => {
			const { fields, rarity } = term
			for (let mask = 0; mask <= MASK; mask++) points[mask] = rarity * (WEIGHT_OF_MASK[mask & fields] as number)
			const [reading] = term.readings
			if (reading === undefined || 'prefix' in reading) return
			const stage = before + 1
			let gateSettled = false
			visitWord(part, reading.terms[0] ?? '', pages, (packed, length) => {
				this.#makeRoom(length)
				const touched = this.#touched
				let touchedCount = this.#touchedCount
				// Of a frequent word it is cheaper to ask for all documents, column by column.
				if (
					gate !== undefined &&
					before === 0 &&
					!gateSettled &&
					(touchedCount + length) * GATE_SHARE > part.count
				) {
					gateSettled = true
					gate.failedOfAll(failed, part.count)
				}
				for (let at = 0; at < length; at++) {
					const value = packed[at] as number
					const mask = value & fields
					if (mask === 0) continue
					const local = value >>> MASK_BITS
					if (before > 0) {
						if (stageOf[local] !== before) continue
						weighted[local] = (weighted[local] as number) + (points[mask] as number)
						cover[local] = (cover[local] as number) + (COVER_OF_MASK[mask] as number)
					} else {
						if (shown[local] !== SHOWN) continue
						if (gate !== undefined) {
							if (!gateSettled) failed[local] = gate.failed(local)
							const fails = failed[local] as number
							if (fails !== 0 && !accepts(fails)) continue
						}
						touched[touchedCount++] = local
						weighted[local] = points[mask] as number
						cover[local] = COVER_OF_MASK[mask] as number
					}
					stageOf[local] = stage
				}
				this.#touchedCount = touchedCount
			})
		})
	}

	/** For what comes after plain words, and is not plain. */
	#unfoldCover(): void {
		this.plain = false
		for (let at = 0; at < this.count; at++) {
			const local = this.matched[at] as number
			const cover = this.cover[local] as number
			this.inTitle[local] = cover & 15
			this.inArtists[local] = cover >> 4
			this.#word[local] = 0
			this.#titleWord[local] = 0
			this.#artistWord[local] = 0
		}
	}

	#makeRoom(documents: number): void {
		if (this.#touchedCount + documents <= this.#touched.length) return
		const larger = new Uint32Array((this.#touchedCount + documents) * 2)
		larger.set(this.#touched.subarray(0, this.#touchedCount))
		this.#touched = larger
	}

	/** Takes a document up, if it is shown and passes the gate. */
	#admit(part: Part, local: number, { gate, accepts }: Admission): boolean {
		if (part.shown[local] !== SHOWN) return false
		if (gate !== undefined) {
			if (!this.#gateSettled) this.#askGate(part, local, gate)
			const failed = this.failed[local] as number
			if (failed !== 0 && !accepts(failed)) return false
		}
		this.weighted[local] = 0
		this.inTitle[local] = 0
		this.inArtists[local] = 0
		this.#word[local] = 0
		this.#titleWord[local] = 0
		this.#artistWord[local] = 0
		if (this.#touchedCount === this.#touched.length) this.#makeRoom(1)
		this.#touched[this.#touchedCount++] = local
		return true
	}

	/** Of one document; from so many on it is cheaper to ask for all, column by column. */
	#askGate(part: Part, local: number, gate: Gate): void {
		if (++this.#gateAsked * GATE_SHARE > part.count) {
			this.#gateSettled = true
			gate.failedOfAll(this.failed, part.count)
		} else this.failed[local] = gate.failed(local)
	}

	#take(
		part: Part,
		term: Term,
		word: number,
		mode: Mode,
		pages: PageSet,
		admission: Admission,
		before: number
	): void {
		const { fields, rarity } = term
		const { weighted, inTitle, inArtists } = this
		const [stageOf, wordOf, currentOf] = [this.#stage, this.#word, this.#current]
		const [titleWord, artistWord] = [this.#titleWord, this.#artistWord]
		const [inTitleNow, inArtistsNow] = [this.#inTitleNow, this.#inArtistsNow]
		/** Counts one word of one document. */
		const count = (local: number, mask: number, quality: number, covered: number) => {
			const stage = stageOf[local] as number
			const value = rarity * quality * (WEIGHT_OF_MASK[mask] as number)
			if (stage > 0 && wordOf[local] === word) {
				const current = currentOf[local] as number
				if (value > current) {
					weighted[local] = (weighted[local] as number) + value - current
					currentOf[local] = value
				}
			} else {
				if (mode === 'next') {
					if (stage !== before) return
				} else if (mode === 'optional') {
					if (stage < before || stage === 0) return
				} else if (stage === 0) {
					if (!this.#admit(part, local, admission)) return
				}
				if (mode !== 'optional') stageOf[local] = stage + 1
				wordOf[local] = word
				currentOf[local] = value
				weighted[local] = (weighted[local] as number) + value
			}
			// What need not be said does not help to say a name.
			if (mode === 'optional') return
			if ((mask & TITLE) !== 0) {
				const counted = titleWord[local] === word ? (inTitleNow[local] as number) : 0
				if (covered > counted) {
					titleWord[local] = word
					inTitleNow[local] = covered
					inTitle[local] = (inTitle[local] as number) + covered - counted
				}
			}
			if ((mask & ARTISTS) !== 0) {
				const counted = artistWord[local] === word ? (inArtistsNow[local] as number) : 0
				if (covered > counted) {
					artistWord[local] = word
					inArtistsNow[local] = covered
					inArtists[local] = (inArtists[local] as number) + covered - counted
				}
			}
		}
		const countAll = (packed: Uint32Array, length: number, quality: number, covered: number) => {
			for (let at = 0; at < length; at++) {
				const value = packed[at] as number
				const mask = value & fields
				if (mask !== 0) count(value >>> MASK_BITS, mask, quality, covered)
			}
		}
		for (const reading of term.readings) {
			if ('prefix' in reading) {
				const { prefix } = reading
				visitLonger(part, prefix, pages, (packed, length, letters) => {
					const quality = prefixQualityOf(prefix.length, letters)
					countAll(packed, length, quality, coverage(quality))
				})
				continue
			}
			const { terms, quality } = reading
			const covered = coverage(quality)
			const [only] = terms
			if (terms.length > 1) {
				this.#phrases.find(part, terms, fields, pages, undefined, (local, mask) => {
					count(local, mask, quality, covered)
				})
			} else if (only !== undefined) {
				visitWord(part, only, pages, (packed, length) => {
					countAll(packed, length, quality, covered)
				})
			}
		}
		if (term.publishers.size > 0 && (fields & PUBLISHER) !== 0) {
			const qualities = Float32Array.from(
				part.columns.publisherNumbers,
				(number) => term.publishers.get(number) ?? 0
			)
			if (qualities.every((quality) => quality === 0)) return
			const { publishers } = part.columns
			const consider = (local: number) => {
				const quality = qualities[publishers[local] as number] as number
				if (quality > 0) count(local, PUBLISHER, quality, 0)
			}
			if (mode === 'first' || mode === 'any') for (let local = 0; local < part.count; local++) consider(local)
			else for (let at = 0; at < this.#touchedCount; at++) consider(this.#touched[at] as number)
		}
	}

	/** Those that have enough words. */
	#collect(enough: number): void {
		if (this.matched.length < this.#touchedCount) this.matched = new Uint32Array(this.#touchedCount * 2)
		let count = 0
		for (let at = 0; at < this.#touchedCount; at++) {
			const local = this.#touched[at] as number
			if ((this.#stage[local] as number) >= enough) this.matched[count++] = local
		}
		this.count = count
	}

	#keep(wanted: (local: number) => boolean): void {
		let count = 0
		for (let at = 0; at < this.count; at++) {
			const local = this.matched[at] as number
			if (wanted(local)) this.matched[count++] = local
		}
		this.count = count
	}

	#exclude(part: Part, { readings, fields, publishers }: Term, pages: PageSet): void {
		const out = new Set<number>()
		const bitmap = new Uint8Array(part.count)
		const mark = (packed: Uint32Array, length: number) => {
			for (let at = 0; at < length; at++) {
				const value = packed[at] as number
				if ((value & fields) !== 0) bitmap[value >>> MASK_BITS] = 1
			}
		}
		for (const reading of readings) {
			if ('prefix' in reading) {
				visitLonger(part, reading.prefix, pages, mark)
			} else {
				for (const term of reading.terms) visitWord(part, term, pages, mark)
			}
		}
		const { columns } = part
		if ((fields & PUBLISHER) !== 0) {
			columns.publisherNumbers.forEach((number, place) => {
				if (publishers.has(number)) out.add(place)
			})
		}
		this.#keep((local) => bitmap[local] === 0 && !(out.size > 0 && out.has(columns.publishers[local] as number)))
	}

	#keepPhrase(part: Part, { words, fields, publishers }: Phrase, pages: PageSet, having: boolean): void {
		const found = new Uint8Array(part.count)
		this.#phrases.find(
			part,
			words,
			fields,
			pages,
			this.matched.subarray(0, this.count),
			(local) => (found[local] = 1)
		)
		const { columns } = part
		if ((fields & PUBLISHER) !== 0 && publishers.size > 0) {
			const named = Uint8Array.from(columns.publisherNumbers, (number) => (publishers.has(number) ? 1 : 0))
			for (let at = 0; at < this.count; at++) {
				const local = this.matched[at] as number
				if (named[columns.publishers[local] as number] === 1) found[local] = 1
			}
		}
		this.#keep((local) => (found[local] === 1) === having)
	}
}

/** True when the word can stand in the part in one way only, as it was typed. */
function isPlain({ readings, publishers, fields }: Term, { columns }: Part): boolean {
	const [reading] = readings
	if (readings.length > 1 || (reading !== undefined && ('prefix' in reading || reading.terms.length > 1)))
		return false
	if (reading !== undefined && reading.quality !== 1) return false
	if (publishers.size === 0 || (fields & PUBLISHER) === 0) return true
	return !columns.publisherNumbers.some((number) => publishers.has(number))
}
