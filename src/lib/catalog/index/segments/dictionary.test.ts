import { describe, expect, test } from 'vitest'
import { editDistance } from '../edit-distance'
import { Dictionary, DictionaryWriter } from './dictionary'
import { wordBytes } from './posting-page'
import { RandomDocuments } from './random-documents.fixture'

const random = new RandomDocuments(11)
const words = [...new Set(Array.from({ length: 3000 }, () => random.word()))].sort((a, b) => (a < b ? -1 : 1))
const writer = new DictionaryWriter()
words.forEach((word, place) => {
	writer.add(word, wordBytes(word), place + 1)
})
const dictionary = new Dictionary(writer.finish())

describe('a dictionary', () => {
	test('knows each of its words and how many documents have it', () => {
		expect(words.map((word) => dictionary.frequency(word))).toEqual(words.map((_, place) => place + 1))
		expect(dictionary.frequency('nowhere')).toBe(0)
	})

	test('finds by beginning what is found by looking at every word', () => {
		for (let round = 0; round < 300; round++) {
			const prefix = random.word().slice(0, 2 + random.below(4))
			const expected = words.filter((word) => word.startsWith(prefix))
			if (expected.length > 200) continue
			expect(
				dictionary
					.startingWith(prefix)
					.map(({ word }) => word)
					.sort()
			).toEqual(expected.sort())
		}
	})

	test('finds in spite of typos what is found by looking at every word', () => {
		for (let round = 0; round < 40; round++) {
			const word = mistyped(random.word())
			for (const most of [1, 2]) {
				const found = new Map<string, number>()
				for (const near of dictionary.near(word, most)) found.set(near.word, near.edits)
				const expected = words.filter((other) => other !== word && editDistance(word, other, most) <= most)
				expect([...found.keys()].sort()).toEqual(expected.sort())
				for (const [near, edits] of found) expect(edits).toBe(editDistance(word, near, most))
			}
		}
	})

	test('of no words knows none', () => {
		const none = new Dictionary(new DictionaryWriter().finish())
		expect(none.frequency('any')).toBe(0)
		expect(none.startingWith('a')).toEqual([])
	})
})

function mistyped(word: string): string {
	const at = random.below(word.length)
	return random.pick([
		word.slice(0, at) + word.slice(at + 1),
		`${word.slice(0, at)}x${word.slice(at)}`,
		word.slice(0, at) +
			word
				.slice(at, at + 2)
				.split('')
				.reverse()
				.join('') +
			word.slice(at + 2)
	])
}
