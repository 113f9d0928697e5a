import { isUnspaced } from './text-folding'

/**
 * Letters to insert, delete, replace or swap with their neighbour to turn one word into the other: Damerau-Levenshtein in its
 * restricted form (optimal string alignment), as people mistype.
 * @returns the distance, or `most + 1` as soon as it is known to be greater than `most`
 */
export function editDistance(a: string, b: string, most: number): number {
	if (a === b) return 0
	if (Math.abs(a.length - b.length) > most) return most + 1
	let start = 0
	while (start < a.length && start < b.length && a.charCodeAt(start) === b.charCodeAt(start)) start++
	let endA = a.length
	let endB = b.length
	while (endA > start && endB > start && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
		endA--
		endB--
	}
	const width = endB - start
	let twoBack = new Uint8Array(width + 1)
	let oneBack = new Uint8Array(width + 1)
	let current = new Uint8Array(width + 1)
	for (let column = 0; column <= width; column++) oneBack[column] = column
	for (let row = 1; row <= endA - start; row++) {
		current[0] = row
		let least = row
		const letterA = a.charCodeAt(start + row - 1)
		for (let column = 1; column <= width; column++) {
			const letterB = b.charCodeAt(start + column - 1)
			let cost = Math.min(
				(oneBack[column] ?? 0) + 1,
				(current[column - 1] ?? 0) + 1,
				(oneBack[column - 1] ?? 0) + (letterA === letterB ? 0 : 1)
			)
			if (
				row > 1 &&
				column > 1 &&
				letterA === b.charCodeAt(start + column - 2) &&
				a.charCodeAt(start + row - 2) === letterB
			) {
				cost = Math.min(cost, (twoBack[column - 2] ?? 0) + 1)
			}
			current[column] = cost
			if (cost < least) least = cost
		}
		if (least > most) return most + 1
		;[twoBack, oneBack, current] = [oneBack, current, twoBack]
	}
	return Math.min(oneBack[width] ?? 0, most + 1)
}

/**
 * How many typos are mended in a word: none in short words, in numbers and in scripts where two letters are a word, one
 * from 4 letters, two from 8.
 */
export function mendableEdits(word: string): number {
	if (word.length < 4 || /^\p{N}+$/u.test(word) || isUnspaced(word)) return 0
	return word.length < 8 ? 1 : 2
}
