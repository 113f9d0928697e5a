import { MASK_BITS } from './postings'

const CAPACITY = 1 << 16
/** Documents of a bucket, as a power of two: what is known of them fits into the nearest cache of a processor. */
const BUCKET_BITS = 13
const BUCKETS = 1 << (32 - MASK_BITS - BUCKET_BITS)
/** Postings of a word that has so many need no batch: they rise by themselves. */
export const LONG = 4096

/**
 * Postings of many words, put into the order of their documents, roughly: of the words that a short beginning has, each
 * has documents all over the part, and going there and back for each of them takes several times as long.
 */
export class PostingBatch {
	/** As `take` of {@link Candidates} has them, and by their places the letters of their words. */
	packed = new Uint32Array(CAPACITY)
	letters = new Uint8Array(CAPACITY)
	length = 0
	#sortedPacked = new Uint32Array(CAPACITY)
	#sortedLetters = new Uint8Array(CAPACITY)
	readonly #ends = new Uint32Array(BUCKETS + 1)

	/** Whether there is no room for so many more. */
	fullFor(more: number): boolean {
		return this.length + more > CAPACITY
	}

	/** @param count - less than {@link LONG} */
	add(packed: Uint32Array, count: number, letters: number): void {
		const { length } = this
		for (let at = 0; at < count; at++) this.packed[length + at] = packed[at] as number
		this.letters.fill(letters, length, length + count)
		this.length += count
	}

	sort(): void {
		const { packed, letters, length } = this
		const ends = this.#ends.fill(0)
		for (let at = 0; at < length; at++) {
			const after = ((packed[at] as number) >>> (MASK_BITS + BUCKET_BITS)) + 1
			ends[after] = (ends[after] as number) + 1
		}
		for (let bucket = 1; bucket <= BUCKETS; bucket++)
			ends[bucket] = (ends[bucket] as number) + (ends[bucket - 1] as number)
		const [sortedPacked, sortedLetters] = [this.#sortedPacked, this.#sortedLetters]
		for (let at = 0; at < length; at++) {
			const value = packed[at] as number
			const bucket = value >>> (MASK_BITS + BUCKET_BITS)
			const place = ends[bucket] as number
			ends[bucket] = place + 1
			sortedPacked[place] = value
			sortedLetters[place] = letters[at] as number
		}
		;[this.packed, this.#sortedPacked] = [sortedPacked, packed]
		;[this.letters, this.#sortedLetters] = [sortedLetters, letters]
	}
}
