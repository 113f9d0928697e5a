import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../../bench/catalog-generator'
import { editDistance } from './edit-distance'
import { mendableEdits, Vocabulary } from './vocabulary'

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

describe('Vocabulary', () => {
	const words = [...new Set(Array.from({ length: 9000 }, () => randomWord('abcdefghij', 9)))]
	const half = words.length >> 1
	const vocabulary = new Vocabulary(words.slice(0, half))
	for (const word of words.slice(half)) vocabulary.add(word)

	test('counts each word once', () => {
		vocabulary.add(words[0] ?? '')
		expect(vocabulary.size).toBe(words.length)
	})

	test('finds by beginning what is found by looking at every word', () => {
		for (let round = 0; round < 300; round++) {
			const prefix = randomWord('abcdefghij', 4)
			expect(vocabulary.withPrefix(prefix)).toEqual(words.filter((word) => word.startsWith(prefix)).sort())
		}
	})

	test('finds in spite of typos what is found by looking at every word', () => {
		for (let round = 0; round < 12; round++) {
			const word = randomWord('abcdefghij', 9)
			for (const most of [1, 2]) {
				const near = vocabulary.near(word, most)
				const expected = words.filter((other) => other !== word && plainDistance(word, other) <= most)
				expect(near.map((found) => found.word).sort()).toEqual(expected.sort())
				expect(near.every(({ word: found, edits }) => edits === plainDistance(word, found))).toBe(true)
				expect(near.map(({ edits }) => edits)).toEqual(near.map(({ edits }) => edits).sort())
			}
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
