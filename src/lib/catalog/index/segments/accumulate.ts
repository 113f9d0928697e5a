import { coverage, prefixQualityOf } from '../ranking'
import { Candidates, type Weighing } from './candidates'
import type { Gate } from './gate'
import { PUBLISHER, weightsOf, type MatchQuery, type Phrase, type Term } from './match-query'
import type { PageSet } from './page-cache'
import { visitLonger, visitWord, type Part } from './part-words'
import { PhraseFinder } from './phrase-finder'
import { LONG, PostingBatch } from './posting-batch'
import { MASK, MASK_BITS } from './postings'

/** What a document is asked before it counts. */
export interface Admission {
	readonly gate: Gate | undefined
	/** @param failed - bits of the gate */
	readonly accepts: (failed: number) => boolean
}

/**
 * Finds the documents of one part that match, and adds up what their words count for. Its arrays are used again: what
 * they hold counts until the next call.
 */
export class Accumulator {
	readonly found = new Candidates()
	/** Whether a word was asked for: without one nothing counts. */
	scored = false
	/** Whether there are filters that documents may fail. */
	gated = false
	readonly #phrases = new PhraseFinder()
	readonly #one = new Uint32Array(1)
	readonly #batch = new PostingBatch()

	match(part: Part, query: MatchQuery, pages: PageSet, { gate, accepts }: Admission): void {
		const { found } = this
		const { required, optional, enough = required.length } = query
		const some = enough < required.length
		found.begin(part.count)
		this.scored = required.length > 0
		this.gated = gate !== undefined
		if (required.length === 0) found.takeAll(part.shown, part.count)
		required.forEach((term, at) => {
			const takes = some || at === 0
			// Nothing is left to be met.
			if (!takes && found.count === 0) return
			found.start()
			this.#count(part, term, pages, takes)
			if (takes) found.endAny()
			else found.endAll()
		})
		if (some) found.keepWith(enough)
		if (gate !== undefined) {
			found.fail((locals, count, failed) => {
				gate.failedOf(locals, count, failed)
			}, accepts)
		}
		for (const term of query.not) {
			found.start()
			this.#count(part, term, pages, false)
			found.endHaving(false)
		}
		for (const phrase of query.phrases) this.#keepPhrase(part, phrase, pages, true)
		for (const phrase of query.notPhrases) this.#keepPhrase(part, phrase, pages, false)
		if (!this.scored) return
		for (const term of optional) {
			found.start()
			this.#count(part, term, pages, false)
			found.endOptional()
		}
	}

	/**
	 * Counts a word in every way in which it may stand.
	 * @param takes - documents that have it become candidates; otherwise only those that are
	 */
	#count(part: Part, term: Term, pages: PageSet, takes: boolean): void {
		const { found } = this
		const { shown } = part
		const count = (packed: Uint32Array, length: number, weighing: Weighing) => {
			if (takes) found.take(packed, length, weighing, shown)
			else found.meet(packed, length, weighing)
		}
		for (const reading of term.readings) {
			if ('prefix' in reading) {
				this.#countLonger(part, term, reading.prefix, pages, takes, count)
				continue
			}
			const { terms, quality } = reading
			const [only] = terms
			const weighed = weighing(term, quality)
			if (terms.length > 1) {
				const among = takes ? undefined : found.locals.subarray(0, found.count)
				this.#phrases.find(part, terms, term.fields, pages, among, (local, mask) => {
					this.#one[0] = (local << MASK_BITS) | mask
					count(this.#one, 1, weighed)
				})
			} else if (only !== undefined) {
				visitWord(part, only, pages, (packed, length) => {
					count(packed, length, weighed)
				})
			}
		}
		this.#countPublishers(part, term, takes)
	}

	/** Counts all longer words that begin so. */
	#countLonger(
		part: Part,
		term: Term,
		prefix: string,
		pages: PageSet,
		takes: boolean,
		count: (packed: Uint32Array, length: number, weighing: Weighing) => void
	): void {
		const byLetters: Weighing[] = []
		const batch = this.#batch
		const settle = () => {
			batch.sort()
			this.found.takeBatch(batch, byLetters, part.shown)
			batch.length = 0
		}
		visitLonger(part, prefix, pages, (packed, length, letters) => {
			const weighed = (byLetters[letters] ??= weighing(term, prefixQualityOf(prefix.length, letters)))
			if (!takes || length >= LONG) {
				count(packed, length, weighed)
				return
			}
			if (batch.fullFor(length)) settle()
			batch.add(packed, length, letters)
		})
		if (batch.length > 0) settle()
	}

	/** Counts it in the names of publishers. */
	#countPublishers({ columns, count, shown }: Part, term: Term, takes: boolean): void {
		if (term.publishers.size === 0 || (term.fields & PUBLISHER) === 0) return
		const qualities = Float32Array.from(columns.publisherNumbers, (number) => term.publishers.get(number) ?? 0)
		if (qualities.every((quality) => quality === 0)) return
		const { publishers } = columns
		const scale = term.rarity * (weightsOf(term.fields)[PUBLISHER] as number)
		const countsOf = qualities.map((quality) => scale * quality)
		if (takes) this.found.takeBy(publishers, countsOf, shown, count)
		else this.found.meetBy((local) => countsOf[publishers[local] as number] as number)
	}

	#keepPhrase(part: Part, { words, fields, publishers }: Phrase, pages: PageSet, having: boolean): void {
		const { found } = this
		found.start()
		this.#phrases.find(part, words, fields, pages, found.locals.subarray(0, found.count), (local) => {
			this.#one[0] = (local << MASK_BITS) | PUBLISHER
			found.meet(this.#one, 1, MARK)
		})
		const { columns } = part
		if ((fields & PUBLISHER) !== 0 && publishers.size > 0) {
			const named = Uint8Array.from(columns.publisherNumbers, (number) => (publishers.has(number) ? 1 : 0))
			found.meetBy((local) => named[columns.publishers[local] as number] as number)
		}
		found.endHaving(having)
	}
}

/** For what a document has or has not. */
const MARK: Weighing = { scale: 1, weights: new Float32Array(MASK + 1).fill(1), fields: 0, covered: 0 }

function weighing({ rarity, fields }: Term, quality: number): Weighing {
	return { scale: rarity * quality, weights: weightsOf(fields), fields, covered: coverage(quality) }
}
