import { isUnspaced } from './text-folding'

/** Words are cut at 64 letters. */
const MAX_LETTERS = 256

/** UTF-16 code units of two words, and three rows of the table; used by one call at a time. */
const unitsA = new Uint16Array(MAX_LETTERS)
const unitsB = new Uint16Array(MAX_LETTERS)
let twoBack = new Uint8Array(MAX_LETTERS + 1)
let oneBack = new Uint8Array(MAX_LETTERS + 1)
let current = new Uint8Array(MAX_LETTERS + 1)

/**
 * Letters to insert, delete, replace or swap with their neighbour to turn one word into the other: Damerau-Levenshtein in its
 * restricted form (optimal string alignment), as people mistype.
 * @returns the distance, or `most + 1` as soon as it is known to be greater than `most`
 */
export function editDistance(a: string, b: string, most: number): number {
	if (a === b) return 0
	if (Math.abs(a.length - b.length) > most) return most + 1
	if (a.length > MAX_LETTERS || b.length > MAX_LETTERS) return most + 1
	for (let at = 0; at < a.length; at++) unitsA[at] = a.charCodeAt(at)
	for (let at = 0; at < b.length; at++) unitsB[at] = b.charCodeAt(at)
	return unitDistance(unitsA, a.length, unitsB, b.length, most)
}

/** {@link editDistance} of words given as their code units. */
export function unitDistance(
	a: Uint8Array | Uint16Array,
	lengthA: number,
	b: Uint8Array | Uint16Array,
	lengthB: number,
	most: number
): number {
	let start = 0
	while (start < lengthA && start < lengthB && a[start] === b[start]) start++
	let endA = lengthA
	let endB = lengthB
	while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
		endA--
		endB--
	}
	const width = endB - start
	if (endA === start || width === 0) return Math.min(endA - start + width, most + 1)
	for (let column = 0; column <= width; column++) oneBack[column] = column
	for (let row = 1; row <= endA - start; row++) {
		current[0] = row
		let least = row
		const letterA = a[start + row - 1]
		for (let column = 1; column <= width; column++) {
			const letterB = b[start + column - 1]
			let cost = (oneBack[column - 1] as number) + (letterA === letterB ? 0 : 1)
			const missing = (oneBack[column] as number) + 1
			if (missing < cost) cost = missing
			const added = (current[column - 1] as number) + 1
			if (added < cost) cost = added
			if (row > 1 && column > 1 && letterA === b[start + column - 2] && a[start + row - 2] === letterB) {
				const swapped = (twoBack[column - 2] as number) + 1
				if (swapped < cost) cost = swapped
			}
			current[column] = cost
			if (cost < least) least = cost
		}
		if (least > most) return most + 1
		;[twoBack, oneBack, current] = [oneBack, current, twoBack]
	}
	return Math.min(oneBack[width] as number, most + 1)
}

/**
 * How many typos are mended in a word: none in short words, in numbers and in scripts where two letters are a word, one
 * from 4 letters, two from 8.
 */
export function mendableEdits(word: string): number {
	if (word.length < 4 || /^\p{N}+$/u.test(word) || isUnspaced(word)) return 0
	return word.length < 8 ? 1 : 2
}
