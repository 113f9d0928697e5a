import { expect, test } from 'vitest'
import { eachWord, findWord, PageWriter, wordBytes, type PostingPage } from './posting-page'
import { MASK_BITS } from './postings'
import { RandomDocuments } from './random-documents.fixture'

const random = new RandomDocuments(5)
const words = [
	...new Set(Array.from({ length: 2500 }, () => random.word() + random.word())),
	'𝒜𝒷',
	'\u{10ffff}'
].sort((a, b) => (a < b ? -1 : 1))
const pages: PostingPage[] = []
const writer = new PageWriter((page) => pages.push(page))
words.forEach((word, place) => {
	writer.start()
	// The words come in the order of their code units, whatever their bytes in UTF-8 would say.
	writer.postings.add(Uint32Array.of(place << MASK_BITS), 1)
	writer.positions.number(place)
	writer.end(word, wordBytes(word))
})
writer.finish()

test('each word is found, in its page only, with its own postings and positions', () => {
	expect(pages.length).toBeGreaterThan(1)
	for (const word of words) {
		const places = pages.flatMap(({ postings }) => findWord(postings, word) ?? [])
		expect(places).toHaveLength(1)
		expect(places[0]?.documents).toBe(1)
		expect(places[0]?.to).toBeGreaterThan(places[0]?.from ?? Infinity)
		expect(places[0]?.positionsTo).toBeGreaterThan(places[0]?.positionsFrom ?? Infinity)
	}
	expect(pages.flatMap(({ postings }) => findWord(postings, 'nowhere') ?? [])).toEqual([])
})

test('words are found by what they begin with, in order and with their length', () => {
	for (let round = 0; round < 300; round++) {
		const prefix = round === 0 ? '' : random.word().slice(0, 1 + random.below(5))
		const found: string[] = []
		for (const { postings } of pages) {
			eachWord(postings, prefix, ({ word, letters }) => {
				found.push(word)
				expect(letters).toBe(word.length)
			})
		}
		expect(found).toEqual(words.filter((word) => word.startsWith(prefix)))
	}
})

test('a word that no document has leaves no trace', () => {
	const none: PostingPage[] = []
	const empty = new PageWriter((page) => none.push(page))
	empty.start()
	empty.end('nothing', wordBytes('nothing'))
	empty.finish()
	expect(none).toEqual([])
})
