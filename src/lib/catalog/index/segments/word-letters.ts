/** Lengths from here on are told apart no longer. */
const MAX_LENGTH = 31
const LENGTH_SHIFT = 27
const LETTERS = 27
const LETTER_BITS = 2 ** LETTERS - 1

/**
 * Which letters a word has, as bits, and above them its length: of two words `d` edits apart each has at most `d` letters
 * that the other has not, and they differ by at most `d` in length.
 */
export function lettersOf(word: string): number {
	let bits = 0
	for (let at = 0; at < word.length; at++) bits |= 1 << ((word.charCodeAt(at) & 31) % LETTERS)
	return (bits & LETTER_BITS) | (Math.min(word.length, MAX_LENGTH) << LENGTH_SHIFT)
}

/** Whether words with these letters may be so near to each other. */
export function mayBeNear(a: number, b: number, edits: number): boolean {
	const longer = (a >>> LENGTH_SHIFT) - (b >>> LENGTH_SHIFT)
	if (longer > edits || longer < -edits) return false
	return countOf(a & ~b & LETTER_BITS) <= edits && countOf(b & ~a & LETTER_BITS) <= edits
}

/** Letters that all of some words have, letters that any of them has, and the lengths of the shortest and the longest. */
export interface LettersOfSome {
	readonly all: Int32Array
	readonly any: Int32Array
	readonly shortest: Uint8Array
	readonly longest: Uint8Array
}

/** What is known of words in blocks of `size` together. */
export function lettersOfBlocks(letters: Int32Array, size: number): LettersOfSome {
	const blocks = Math.ceil(letters.length / size)
	const all = new Int32Array(blocks).fill(LETTER_BITS)
	const any = new Int32Array(blocks)
	const shortest = new Uint8Array(blocks).fill(MAX_LENGTH)
	const longest = new Uint8Array(blocks)
	for (let at = 0; at < letters.length; at++) {
		const block = (at / size) | 0
		const bits = letters[at] as number
		const length = bits >>> LENGTH_SHIFT
		all[block] = (all[block] as number) & bits
		any[block] = (any[block] as number) | (bits & LETTER_BITS)
		if (length < (shortest[block] as number)) shortest[block] = length
		if (length > (longest[block] as number)) longest[block] = length
	}
	return { all, any, shortest, longest }
}

/** Whether any word of the block may be so near to one with these letters. In a sorted list most blocks are ruled out. */
export function mayHaveNear(
	{ all, any, shortest, longest }: LettersOfSome,
	block: number,
	letters: number,
	edits: number
): boolean {
	const length = letters >>> LENGTH_SHIFT
	return (
		countOf((all[block] as number) & ~letters) <= edits &&
		countOf(letters & ~(any[block] as number) & LETTER_BITS) <= edits &&
		length + edits >= (shortest[block] as number) &&
		length - edits <= (longest[block] as number)
	)
}

function countOf(bits: number): number {
	let rest = bits - ((bits >>> 1) & 0x55555555)
	rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333)
	return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
