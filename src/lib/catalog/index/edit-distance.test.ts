import { describe, expect, test } from 'vitest'
import { seededRandom } from '../seeded-random.fixture'
import { editDistance, mendableEdits } from './edit-distance'

/** The definition (optimal string alignment), without any shortcut. */
function plainDistance(a: string, b: string): number {
	const table = Array.from({ length: a.length + 1 }, (_, row) =>
		Array.from({ length: b.length + 1 }, (_, column) => (row === 0 ? column : column === 0 ? row : 0))
	)
	const at = (row: number, column: number) => table[row]?.[column] ?? Infinity
	for (let row = 1; row <= a.length; row++) {
		for (let column = 1; column <= b.length; column++) {
			const change = a[row - 1] === b[column - 1] ? 0 : 1
			let cost = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + change)
			if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
				cost = Math.min(cost, at(row - 2, column - 2) + 1)
			}
			;(table[row] as number[])[column] = cost
		}
	}
	return at(a.length, b.length)
}

const random = seededRandom(7)
const randomWord = (letters: string, longest: number) =>
	Array.from(
		{ length: 1 + Math.floor(random() * longest) },
		() => letters[Math.floor(random() * letters.length)]
	).join('')

describe('editDistance', () => {
	test.each([
		['neap', 'neap', 0],
		['neap', 'naep', 1],
		['neap', 'neaps', 1],
		['neap', 'eap', 1],
		['lighthouse', 'lihgthuose', 2]
	])('%s to %s is %i', (a, b, distance) => {
		expect(editDistance(a, b, 3)).toBe(distance)
	})

	test('agrees with the definition, up to its bound', () => {
		for (let round = 0; round < 5000; round++) {
			const [a, b] = [randomWord('abc', 7), randomWord('abc', 7)]
			for (const most of [1, 2])
				expect(editDistance(a, b, most), `${a} ${b}`).toBe(Math.min(plainDistance(a, b), most + 1))
		}
	})
})

test.each([
	['sea', 0],
	['neap', 1],
	['springs', 1],
	['lighthouse', 2],
	['2024', 0],
	['12345678', 0],
	['海の', 0]
])('%s may have %i typos', (word, edits) => {
	expect(mendableEdits(word)).toBe(edits)
})
