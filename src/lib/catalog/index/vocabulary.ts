import { editDistance } from './edit-distance'
import { isUnspaced } from './text-folding'

/** New words wait unsorted until there are this many, or a question comes. */
const MERGE_AT = 4096

export interface NearWord {
	readonly word: string
	readonly edits: number
}

/** Every word of the index, sorted, so that words can be found by their beginning and in spite of typos. */
export class Vocabulary {
	#sorted: string[]
	/** Which letters each sorted word has, as bits: two words `d` edits apart differ in at most `2 d` of them. */
	#letters: Uint32Array
	readonly #known: Set<string>
	/** Not in `#sorted` yet. */
	#fresh: string[] = []
	#freshSorted = true

	constructor(words: Iterable<string> = []) {
		this.#known = new Set(words)
		this.#sorted = [...this.#known].sort(byCodeUnits)
		this.#letters = Uint32Array.from(this.#sorted, lettersOf)
	}

	get size(): number {
		return this.#known.size
	}

	has(word: string): boolean {
		return this.#known.has(word)
	}

	add(word: string): void {
		if (this.#known.has(word)) return
		this.#known.add(word)
		this.#fresh.push(word)
		this.#freshSorted = false
		if (this.#fresh.length >= MERGE_AT) this.#merge()
	}

	/** Words that begin with `prefix`, itself among them when it is a word; sorted. */
	withPrefix(prefix: string): string[] {
		this.#sortFresh()
		const found: string[] = []
		for (const words of [this.#sorted, this.#fresh]) {
			for (let at = lowerBound(words, prefix); at < words.length; at++) {
				const word = words[at]
				if (!word?.startsWith(prefix)) break
				found.push(word)
			}
		}
		return this.#fresh.length === 0 ? found : found.sort(byCodeUnits)
	}

	/** Words at most `most` edits away and not the same, nearest first. */
	near(word: string, most: number): NearWord[] {
		const letters = lettersOf(word)
		const found: NearWord[] = []
		const consider = (candidate: string) => {
			if (Math.abs(candidate.length - word.length) > most) return
			const edits = editDistance(word, candidate, most)
			if (edits > 0 && edits <= most) found.push({ word: candidate, edits })
		}
		for (let at = 0; at < this.#sorted.length; at++) {
			if (bitsSet((this.#letters[at] ?? 0) ^ letters) <= 2 * most) consider(this.#sorted[at] ?? '')
		}
		for (const candidate of this.#fresh) consider(candidate)
		return found.sort((a, b) => a.edits - b.edits || byCodeUnits(a.word, b.word))
	}

	#sortFresh(): void {
		if (this.#freshSorted) return
		this.#fresh.sort(byCodeUnits)
		this.#freshSorted = true
	}

	#merge(): void {
		this.#sortFresh()
		const merged: string[] = []
		let fresh = 0
		for (const word of this.#sorted) {
			for (let next = this.#fresh[fresh]; next !== undefined && next < word; next = this.#fresh[++fresh])
				merged.push(next)
			merged.push(word)
		}
		for (; fresh < this.#fresh.length; fresh++) merged.push(this.#fresh[fresh] ?? '')
		this.#sorted = merged
		this.#letters = Uint32Array.from(merged, lettersOf)
		this.#fresh = []
	}
}

/**
 * How many typos are mended in a word: none in short words, in numbers and in scripts where two letters are a word, one
 * from 4 letters, two from 8.
 */
export function mendableEdits(word: string): number {
	if (word.length < 4 || /^\p{N}+$/u.test(word) || isUnspaced(word)) return 0
	return word.length < 8 ? 1 : 2
}

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function lowerBound(words: readonly string[], word: string): number {
	let low = 0
	let high = words.length
	while (low < high) {
		const middle = (low + high) >>> 1
		if ((words[middle] ?? '') < word) low = middle + 1
		else high = middle
	}
	return low
}

function lettersOf(word: string): number {
	let bits = 0
	for (let at = 0; at < word.length; at++) bits |= 1 << (word.charCodeAt(at) & 31)
	return bits
}

function bitsSet(bits: number): number {
	bits -= (bits >>> 1) & 0x55555555
	bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
	return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
