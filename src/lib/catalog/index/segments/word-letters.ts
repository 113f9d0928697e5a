/** Lengths from here on are told apart no longer. */
const MAX_LENGTH = 31
const LENGTH_SHIFT = 27
const LETTERS = 27
const LETTER_BITS = 2 ** LETTERS - 1

/**
 * Which letters a word has, as bits, and above them its length: two words `d` edits apart differ in at most `2 d` of the
 * letters, and by `d` in length.
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
	let bits = (a ^ b) & LETTER_BITS
	bits -= (bits >>> 1) & 0x55555555
	bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
	return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24 <= 2 * edits
}
