import { ARTISTS, TITLE } from './match-query'
import { SHOWN } from './part'
import type { PostingBatch } from './posting-batch'
import { MASK, MASK_BITS } from './postings'

/** What a word counts for where it stands in one way: `scale` · the weight of the best field that is asked for. */
export interface Weighing {
	readonly scale: number
	/** By mask of fields; 0 where it does not count at all. */
	readonly weights: Float32Array
	/** Fields that are asked for, as bits. */
	readonly fields: number
	/** What it says of a name that has it: `coverage` of ranking.ts. */
	readonly covered: number
}

/** Documents of a part for which room is made in advance. */
const AT_A_TIME = 8192

/**
 * Documents of one part that come into question, and what their words count for. All arrays go by the place of the
 * document among them, so that they are as short as the answer and read in order; they grow, and are used again.
 *
 * One word after the other: {@link start}, then {@link take} and {@link meet} for each way in which it may stand, which
 * keep the best for each document, then one of those that end it.
 */
export class Candidates {
	count = 0
	locals = new Uint32Array(1024)
	/** Σ rarity · field · quality. Like the next three of no meaning as long as no word has ended. */
	weighted = new Float32Array(1024)
	/** Σ coverage over the words that the title has, and the artists. */
	inTitle = new Float32Array(1024)
	inArtists = new Float32Array(1024)
	/** Words that it has, where {@link endAny} ended them all. */
	words = new Uint8Array(1024)
	/** Groups of filters that the document fails; only after {@link fail}. */
	failed = new Uint16Array(1024)
	/** The same of the present word; 0 in the first for documents that have not got it. */
	#now = new Float32Array(1024)
	#nowInTitle = new Float32Array(1024)
	#nowInArtists = new Float32Array(1024)
	/** By document: its place among the candidates, plus 1. */
	#places = new Uint32Array(0)
	/** How many there were when the word before ended. */
	#settled = 0

	/** Forgets all, for a part with so many documents. */
	begin(documents: number): void {
		const { locals, count } = this
		if (documents > this.#places.length) this.#places = new Uint32Array(documents)
		else for (let at = 0; at < count; at++) this.#places[locals[at] as number] = 0
		this.count = 0
		this.#settled = 0
	}

	/** Takes up all documents that are shown. */
	takeAll(shown: Uint8Array, documents: number): void {
		const locals = (this.locals = roomFor(this.locals, documents, 0))
		let count = 0
		for (let local = 0; local < documents; local++) {
			if (shown[local] !== SHOWN) continue
			locals[count++] = local
			this.#places[local] = count
		}
		this.count = count
	}

	/** Begins a word. */
	start(): void {
		this.#now.fill(0, 0, this.count)
		this.#nowInTitle.fill(0, 0, this.count)
		this.#nowInArtists.fill(0, 0, this.count)
	}

	/** Counts a word in these postings; documents that are shown become candidates. */
	take(
		packed: Uint32Array,
		length: number,
		{ scale, weights, fields, covered }: Weighing,
		shown: Uint8Array
	): void {
		this.#reserve(length)
		const places = this.#places
		const { locals } = this
		const [now, inTitle, inArtists] = [this.#now, this.#nowInTitle, this.#nowInArtists]
		let { count } = this
		for (let at = 0; at < length; at++) {
			const value = packed[at] as number
			const counts = scale * (weights[value & MASK] as number)
			if (counts === 0) continue
			const local = value >>> MASK_BITS
			let place = (places[local] as number) - 1
			if (place === -1) {
				if (shown[local] !== SHOWN) continue
				place = count++
				places[local] = count
				locals[place] = local
				now[place] = counts
				inTitle[place] = 0
				inArtists[place] = 0
			} else if (counts > (now[place] as number)) now[place] = counts
			const names = value & fields & (TITLE | ARTISTS)
			if (names === 0) continue
			if ((names & TITLE) !== 0 && covered > (inTitle[place] as number)) inTitle[place] = covered
			if ((names & ARTISTS) !== 0 && covered > (inArtists[place] as number)) inArtists[place] = covered
		}
		this.count = count
	}

	/** {@link take} of postings that count by the letters of their words. */
	takeBatch({ packed, letters, length }: PostingBatch, byLetters: readonly Weighing[], shown: Uint8Array): void {
		const [first] = byLetters.filter((weighing) => weighing !== undefined)
		if (first === undefined) return
		this.#reserve(length)
		const { weights, fields } = first
		const scales = Float64Array.from({ length: byLetters.length }, (_, at) => byLetters[at]?.scale ?? 0)
		const covers = Float64Array.from({ length: byLetters.length }, (_, at) => byLetters[at]?.covered ?? 0)
		const places = this.#places
		const { locals } = this
		const [now, inTitle, inArtists] = [this.#now, this.#nowInTitle, this.#nowInArtists]
		let { count } = this
		for (let at = 0; at < length; at++) {
			const value = packed[at] as number
			const weight = weights[value & MASK] as number
			if (weight === 0) continue
			const local = value >>> MASK_BITS
			const counts = (scales[letters[at] as number] as number) * weight
			let place = (places[local] as number) - 1
			if (place === -1) {
				if (shown[local] !== SHOWN) continue
				place = count++
				places[local] = count
				locals[place] = local
				now[place] = counts
				inTitle[place] = 0
				inArtists[place] = 0
			} else if (counts > (now[place] as number)) now[place] = counts
			const names = value & fields & (TITLE | ARTISTS)
			if (names === 0) continue
			const covered = covers[letters[at] as number] as number
			if ((names & TITLE) !== 0 && covered > (inTitle[place] as number)) inTitle[place] = covered
			if ((names & ARTISTS) !== 0 && covered > (inArtists[place] as number)) inArtists[place] = covered
		}
		this.count = count
	}

	/**
	 * Counts a word by what a column says; documents that are shown become candidates.
	 * @param countsOf - by value of the column; 0 where they have not got it
	 */
	takeBy(column: Uint16Array, countsOf: Float32Array, shown: Uint8Array, documents: number): void {
		for (let from = 0; from < documents; from += AT_A_TIME) {
			this.#reserve(AT_A_TIME)
			const places = this.#places
			const now = this.#now
			const end = Math.min(documents, from + AT_A_TIME)
			for (let local = from; local < end; local++) {
				const counts = countsOf[column[local] as number] as number
				if (counts === 0 || shown[local] !== SHOWN) continue
				let place = (places[local] as number) - 1
				if (place === -1) {
					place = this.count++
					places[local] = this.count
					this.locals[place] = local
					now[place] = counts
					this.#nowInTitle[place] = 0
					this.#nowInArtists[place] = 0
				} else if (counts > (now[place] as number)) now[place] = counts
			}
		}
	}

	/** Counts a word in these postings, for documents that are candidates already. */
	meet(packed: Uint32Array, length: number, { scale, weights, fields, covered }: Weighing): void {
		const places = this.#places
		const [now, inTitle, inArtists] = [this.#now, this.#nowInTitle, this.#nowInArtists]
		for (let at = 0; at < length; at++) {
			const value = packed[at] as number
			const place = (places[value >>> MASK_BITS] as number) - 1
			if (place === -1) continue
			const counts = scale * (weights[value & MASK] as number)
			if (counts > (now[place] as number)) now[place] = counts
			const names = value & fields & (TITLE | ARTISTS)
			if (names === 0) continue
			if ((names & TITLE) !== 0 && covered > (inTitle[place] as number)) inTitle[place] = covered
			if ((names & ARTISTS) !== 0 && covered > (inArtists[place] as number)) inArtists[place] = covered
		}
	}

	/** Counts a word for candidates by what is said of each of them; 0 where it has not got it. */
	meetBy(countsOf: (local: number) => number): void {
		const now = this.#now
		for (let at = 0; at < this.count; at++) {
			const counts = countsOf(this.locals[at] as number)
			if (counts > (now[at] as number)) now[at] = counts
		}
	}

	/** Ends a word that candidates need not have. */
	endAny(): void {
		const settled = this.#settled
		const [now, inTitle, inArtists] = [this.#now, this.#nowInTitle, this.#nowInArtists]
		if (settled === 0) {
			// The first: what it counts for is the sum.
			;[this.#now, this.weighted] = [this.weighted, now]
			;[this.#nowInTitle, this.inTitle] = [this.inTitle, inTitle]
			;[this.#nowInArtists, this.inArtists] = [this.inArtists, inArtists]
			this.words.fill(1, 0, this.count)
		} else {
			for (let at = 0; at < settled; at++) {
				if (now[at] === 0) continue
				this.#add(at)
				this.words[at] = (this.words[at] as number) + 1
			}
			for (let at = settled; at < this.count; at++) {
				this.weighted[at] = now[at] as number
				this.inTitle[at] = inTitle[at] as number
				this.inArtists[at] = inArtists[at] as number
				this.words[at] = 1
			}
		}
		this.#settled = this.count
	}

	/** Ends a word that all must have. */
	endAll(): void {
		const { locals, weighted, inTitle, inArtists } = this
		const places = this.#places
		const [now, nowInTitle, nowInArtists] = [this.#now, this.#nowInTitle, this.#nowInArtists]
		let count = 0
		for (let at = 0; at < this.count; at++) {
			const local = locals[at] as number
			const counts = now[at] as number
			if (counts === 0) {
				places[local] = 0
				continue
			}
			locals[count] = local
			weighted[count] = (weighted[at] as number) + counts
			inTitle[count] = (inTitle[at] as number) + (nowInTitle[at] as number)
			inArtists[count] = (inArtists[at] as number) + (nowInArtists[at] as number)
			places[local] = ++count
		}
		this.count = count
		this.#settled = count
	}

	/** Ends a word that need not be there, and does not help to say a name. */
	endOptional(): void {
		const { weighted } = this
		for (let at = 0; at < this.count; at++) {
			weighted[at] = (weighted[at] as number) + (this.#now[at] as number)
		}
	}

	/** Ends a word that counts for nothing: keeps the documents that have it, or those that have not. */
	endHaving(having: boolean): void {
		this.#keep((at) => (this.#now[at] !== 0) === having)
	}

	/** Keeps those with so many words. */
	keepWith(words: number): void {
		this.#keep((at) => (this.words[at] as number) >= words)
	}

	/** Asks which filters they fail, and keeps those that are accepted. */
	fail(
		ask: (locals: Uint32Array, count: number, failed: Uint16Array) => void,
		accepts: (failed: number) => boolean
	): void {
		this.failed = roomFor(this.failed, this.count, 0)
		const { failed } = this
		ask(this.locals, this.count, failed)
		this.#keep((at) => failed[at] === 0 || accepts(failed[at] as number))
	}

	#add(at: number): void {
		this.weighted[at] = (this.weighted[at] as number) + (this.#now[at] as number)
		this.inTitle[at] = (this.inTitle[at] as number) + (this.#nowInTitle[at] as number)
		this.inArtists[at] = (this.inArtists[at] as number) + (this.#nowInArtists[at] as number)
	}

	/** @param wanted - asked for each place, in order */
	#keep(wanted: (at: number) => boolean): void {
		const { locals, weighted, inTitle, inArtists, words, failed } = this
		const places = this.#places
		let count = 0
		for (let at = 0; at < this.count; at++) {
			const local = locals[at] as number
			if (!wanted(at)) {
				places[local] = 0
				continue
			}
			if (count !== at) {
				places[local] = count + 1
				locals[count] = local
				weighted[count] = weighted[at] as number
				inTitle[count] = inTitle[at] as number
				inArtists[count] = inArtists[at] as number
				words[count] = words[at] as number
				failed[count] = failed[at] as number
			}
			count++
		}
		this.count = count
		this.#settled = count
	}

	/** Makes room for so many more. */
	#reserve(more: number): void {
		const needed = this.count + more
		const kept = this.count
		if (needed <= this.locals.length && needed <= this.weighted.length) return
		this.locals = roomFor(this.locals, needed, kept)
		this.weighted = roomFor(this.weighted, needed, kept)
		this.inTitle = roomFor(this.inTitle, needed, kept)
		this.inArtists = roomFor(this.inArtists, needed, kept)
		this.words = roomFor(this.words, needed, kept)
		this.#now = roomFor(this.#now, needed, kept)
		this.#nowInTitle = roomFor(this.#nowInTitle, needed, kept)
		this.#nowInArtists = roomFor(this.#nowInArtists, needed, kept)
	}
}

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float32Array

/** With what it holds up to `kept`. */
function roomFor<Column extends Numbers>(column: Column, length: number, kept: number): Column {
	if (length <= column.length) return column
	const longer = new (column.constructor as new (length: number) => Column)(Math.ceil(length * 1.25))
	longer.set(column.subarray(0, kept))
	return longer
}
