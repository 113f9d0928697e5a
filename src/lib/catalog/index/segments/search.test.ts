import { describe, expect, test } from 'vitest'
import type { TextField } from '../../query/query'
import { TEXT_FIELDS } from '../../query/query'
import { matchesDocument } from '../match-document'
import type {
	DocumentFacts,
	DocumentFilters,
	FieldWords,
	IndexDocument,
	IndexQuery,
	SearchIndex
} from '../search-index'
import { RandomDocuments } from './random-documents.fixture'
import { openSearchIndex } from './segment-index'
import { MemorySegmentStore } from './segment-store'

const FACTS: DocumentFacts = {
	publisher: 0, kind: 0, year: 0, bitrate: 0, durationMs: 0, format: '', licence: 'none', lossless: undefined,
	genres: [], addedS: 0, file: 0, clip: 0, titleKey: '', mbids: []
} // prettier-ignore

function entry(texts: Partial<Record<TextField, string>>, facts: Partial<DocumentFacts> = {}): IndexDocument {
	const words: FieldWords = TEXT_FIELDS.map((field) => texts[field]?.split(' ') ?? [])
	return { words, facts: { ...FACTS, titleKey: texts.title ?? '', ...facts } }
}

/** Half of it in a segment, half in memory. */
async function indexOf(documents: readonly IndexDocument[]): Promise<SearchIndex> {
	const index = await openSearchIndex({ store: new MemorySegmentStore() })
	for (const [number, document] of documents.entries()) {
		index.add(number, { ...document, facts: { ...document.facts, file: document.facts.file || number + 1 } })
		if (number === Math.floor(documents.length / 2)) await index.flush()
	}
	index.show([{ first: 0, count: documents.length }])
	return index
}

const typed = (text: string, more: Partial<IndexQuery> = {}): IndexQuery => ({
	words: text.split(' ').map((word) => ({ word, open: false })),
	limit: 20,
	forgiving: true,
	...more
})

const found = async (index: SearchIndex, query: IndexQuery) =>
	(await index.search(query)).hits.map(({ document }) => document)

describe('forgiving', async () => {
	const titles = [
		'yesterday', 'blueprint', 'the blue print', 'print of blue', 'lighthouse keeper', 'sea of love', 'love in the sea',
		'beatles for sale', 'sunday morning'
	] // prettier-ignore
	const index = await indexOf(titles.map((title) => entry({ title })))
	const titlesOf = async (text: string) => (await found(index, typed(text))).map((number) => titles[number])

	test.each([
		['yesterdey', 'yesterday'],
		['yseterday', 'yesterday'],
		['yestrdya', 'yesterday'],
		['lihgthuose keeper', 'lighthouse keeper'],
		['beatels sale', 'beatles for sale'],
		['sudnay morning', 'sunday morning']
	])('%s is taken for %s', async (text, title) => {
		expect(await titlesOf(text)).toEqual([title])
	})

	test('a word may be written as two, and two as one', async () => {
		expect(await titlesOf('blue print')).toEqual(expect.arrayContaining(['the blue print', 'blueprint']))
		expect(await titlesOf('light house keeper')).toEqual(['lighthouse keeper'])
		// Side by side only, when nobody has typed the space.
		expect(await titlesOf('sundaymorning')).toEqual(['sunday morning'])
		expect(await titlesOf('printblue')).toEqual([])
	})

	test('short words are taken as they are', async () => {
		expect(await titlesOf('sae')).toEqual([])
	})

	test('when nothing has all the words, it settles for most of them', async () => {
		const answer = await index.search(typed('love sea zzz'))
		expect(answer.partial).toBe(true)
		expect(answer.hits.map(({ document }) => titles[document]).sort()).toEqual(['love in the sea', 'sea of love'])
	})

	test('only when it is asked to', async () => {
		expect(await found(index, typed('yesterdey', { forgiving: false }))).toEqual([])
	})

	test('a spelling that many more have is named', async () => {
		const many = await indexOf([
			entry({ title: 'metalica' }),
			...Array.from({ length: 60 }, () => entry({ artists: 'metallica' }))
		])
		const answer = await many.search(typed('metalica'))
		expect(answer.total).toBe(1)
		expect(answer.better).toEqual(['metallica'])
	})
})

test('parts of each score add up to it', async () => {
	const random = new RandomDocuments(4, 200)
	const documents = Array.from({ length: 400 }, () => random.document(random.below(4)))
	const index = await openSearchIndex({ store: new MemorySegmentStore() })
	for (const [number, document] of documents.entries()) index.add(number, document)
	index.show([{ first: 0, count: 400 }])
	index.namePublisher(1, [random.word(), random.word()])
	index.know({
		publishers: new Map([[0, { points: 4, available: true }], [2, { points: -3, available: false, quiet: true }]]),
		kept: new Set([documents[3]?.facts.file ?? 0]),
		plays: new Map([[documents[5]?.facts.file ?? 0, 7]])
	}) // prettier-ignore
	let hits = 0
	for (let round = 0; round < 200; round++) {
		const words = [random.word(), random.word().slice(0, 2)].slice(0, 1 + random.below(2))
		const query = { ...typed(words.join(' ')), words: words.map((word) => ({ word, open: word.length <= 2 })) }
		const answer = await index.search(query)
		for (const { document, score } of answer.hits) {
			const parts = index.explain(answer, document, documents[document]?.words ?? [])
			expect(parts.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(score, 3)
			hits++
		}
	}
	expect(hits).toBeGreaterThan(100)
})

test('the best come first whatever the limit, and pages follow each other', async () => {
	const random = new RandomDocuments(8, 100)
	const index = await openSearchIndex({ store: new MemorySegmentStore() })
	for (let number = 0; number < 900; number++) {
		index.add(number, random.document(random.below(4)))
		if (number % 250 === 0) await index.flush()
	}
	index.show([{ first: 0, count: 900 }])
	for (const sort of ['relevance', 'newest', 'title', 'duration', 'bitrate'] as const) {
		const query = { ...typed(random.word()), sort, limit: 1000 }
		const all = await found(index, query)
		const pages: number[] = []
		for (let offset = 0; offset < all.length + 7; offset += 7)
			pages.push(...(await found(index, { ...query, limit: 7, offset })))
		expect(pages).toEqual(all)
		expect(all.length).toBeGreaterThan(7)
	}
})

test('facets count what choosing another value would find', async () => {
	const random = new RandomDocuments(6, 60)
	const documents = Array.from({ length: 700 }, () => random.document(random.below(5)))
	const index = await indexOf(documents)
	const count = async (words: IndexQuery['words'], filters: DocumentFilters) =>
		(await index.search({ words, filters, limit: 0 })).total
	for (let round = 0; round < 25; round++) {
		const words = [{ word: random.word(), open: false }]
		const filters: DocumentFilters = {
			...(random.random() < 0.5 ? { kinds: [random.below(6)] } : {}),
			...(random.random() < 0.3 ? { genres: ['jazz'] } : {}),
			...(random.random() < 0.3 ? { publishers: [random.below(5)] } : {}),
			...(random.random() < 0.3 ? { lossless: true } : {})
		}
		const { facets } = await index.search({ words, filters, facets: true, limit: 0 })
		for (const { value, count: times } of facets?.kinds ?? [])
			expect(times).toBe(await count(words, { ...filters, kinds: [value] }))
		for (const { value, count: times } of facets?.genres ?? [])
			expect(times).toBe(await count(words, { ...filters, genres: [value] }))
		for (const { value, count: times } of facets?.publishers ?? [])
			expect(times).toBe(await count(words, { ...filters, publishers: [value] }))
		for (const { value, count: times } of facets?.formats ?? [])
			expect(times).toBe(await count(words, { ...filters, formats: [value] }))
		for (const { value, count: times } of facets?.licences ?? [])
			expect(times).toBe(await count(words, { ...filters, licences: [value] }))
		for (const { value, count: times } of facets?.decades ?? [])
			expect(times).toBe(await count(words, { ...filters, years: { from: value, to: value + 9 } }))
	}
})

test('copies of a file are one hit with the others beside it; clips of it are their own', async () => {
	const index = await indexOf([
		entry({ title: 'tide' }, { file: 77 }),
		entry({ title: 'tide low' }, { file: 77 }),
		entry({ title: 'tide' }, { file: 77, clip: 5 }),
		entry({ title: 'tide' }, { file: 78 })
	])
	const { total, hits } = await index.search(typed('tide'))
	expect(total).toBe(3)
	expect(hits.find(({ document }) => document === 0)?.copies).toEqual([1])
	expect(index.documentsOfFile(77)).toEqual([0, 1, 2])
	index.hide([{ first: 0, count: 1 }])
	expect(
		(await index.search(typed('tide'))).hits.map(({ document, copies }) => [document, copies])
	).toContainEqual([1, []])
})

test('a document may match by the name of its publisher, which can change', async () => {
	const index = await indexOf([
		entry({ title: 'tide' }, { publisher: 4 }),
		entry({ title: 'tide' }, { publisher: 9 })
	])
	index.namePublisher(4, ['radio', 'nord'])
	expect(await found(index, typed('tide nord'))).toEqual([0])
	expect(await found(index, { ...typed('tide'), phrases: [{ words: ['radio', 'nord'] }] })).toEqual([0])
	index.namePublisher(4, ['radio', 'sud'])
	expect(await found(index, typed('tide nord', { forgiving: false }))).toEqual([])
})

test('one document alone is matched as the index would', () => {
	const document = entry({ title: 'low tide', artists: 'the gulls' }, { year: 1994 })
	const matches = (text: string, filters: DocumentFilters = {}) =>
		matchesDocument({ ...typed(text), filters }, document, ['radio'])
	expect(matches('tide gulls radio')).toBe(true)
	expect(matches('tide', { years: { from: 1990, to: 1999 } })).toBe(true)
	expect(matches('tide', { years: { from: 1995 } })).toBe(false)
	expect(matches('high tide')).toBe(false)
})
