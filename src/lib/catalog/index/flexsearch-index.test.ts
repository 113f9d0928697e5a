import { describe, expect, test } from 'vitest'
import { generateCatalogs, seededRandom } from '../../../../bench/catalog-generator'
import { toRow } from '../entry'
import type { EntryRow } from '../row'
import { DocumentTable } from './document-table'
import { editDistance } from './edit-distance'
import { fieldWords } from './entry-words'
import { FlexsearchIndex } from './flexsearch-index'
import type { FieldWords, IndexQuery } from './search-index'
import { foldWords } from './text-folding'
import { TimeSlices } from './time-slices'

interface Page {
	readonly first: number
	readonly count: number
	readonly publisher: number
}

/** An index with its documents, and beside it the plain words of each document that is alive. */
class Indexed {
	readonly documents = new DocumentTable()
	index = new FlexsearchIndex(this.documents)
	readonly pages = new Set<Page>()
	readonly alive = new Map<number, { words: FieldWords; publisher: number }>()

	add(rows: readonly EntryRow[], publisher: number): Page {
		const words = rows.map((row) => fieldWords(row))
		const count = rows.length
		const columns = {
			kinds: new Uint8Array(count),
			titleWords: Uint8Array.from(words, ([title]) => title.length),
			works: Float64Array.from(rows.keys()),
			recency: new Uint32Array(count)
		}
		const page = { first: this.documents.add(columns, publisher, 0), count, publisher }
		words.forEach((fields, at) => {
			this.index.add(page.first + at, fields)
			this.alive.set(page.first + at, { words: fields, publisher })
		})
		this.documents.show(page)
		this.pages.add(page)
		return page
	}

	remove(page: Page): void {
		this.documents.hide(page)
		this.pages.delete(page)
		for (let at = 0; at < page.count; at++) this.alive.delete(page.first + at)
	}

	found(query: IndexQuery): number[] {
		return Array.from(this.index.search(query).documents).sort((a, b) => a - b)
	}

	/** By looking at every word of every document. */
	expected(
		{ words, publisher }: IndexQuery,
		meets: (word: string, typed: string, open: boolean) => boolean
	): number[] {
		return [...this.alive]
			.filter(([, document]) => publisher === undefined || document.publisher === publisher)
			.filter(([, document]) =>
				words.every((typed) => document.words.flat().some((word) => meets(word, typed.word, typed.open)))
			)
			.map(([number]) => number)
			.sort((a, b) => a - b)
	}
}

const catalogs = [...generateCatalogs({ seed: 11, publishers: 6, entries: 3000 })].map(
	({ publisher, displayName, entries }) =>
		entries.map((entry) => toRow(entry, { id: 0, publisher, publisherName: displayName, root: 'r' }))
)

function fill(): Indexed {
	const indexed = new Indexed()
	catalogs.forEach((rows, publisher) => {
		for (let from = 0; from < rows.length; from += 256) indexed.add(rows.slice(from, from + 256), publisher)
	})
	return indexed
}

/** One to three words that some document has, or words of two documents. */
function randomQuery(indexed: Indexed, random: () => number): IndexQuery {
	const numbers = [...indexed.alive.keys()]
	const words: { word: string; open: boolean }[] = []
	let document = numbers[Math.floor(random() * numbers.length)] ?? 0
	for (let count = 1 + Math.floor(random() * 3); count > 0; count--) {
		if (random() < 0.1) document = numbers[Math.floor(random() * numbers.length)] ?? 0
		const all = indexed.alive.get(document)?.words.flat() ?? []
		const word = all[Math.floor(random() * all.length)]
		if (word !== undefined) words.push({ word, open: false })
	}
	const publisher = random() < 0.3 ? Math.floor(random() * catalogs.length) : undefined
	return { words, forgiving: false, ...(publisher === undefined ? {} : { publisher }) }
}

const same = (word: string, typed: string) => word === typed
const begins = (word: string, typed: string, open: boolean) => (open ? word.startsWith(typed) : word === typed)

function compareAll(indexed: Indexed, random: () => number): void {
	for (let round = 0; round < 80; round++) {
		const exact = randomQuery(indexed, random)
		expect(indexed.found(exact)).toEqual(indexed.expected(exact, same))
		const last = exact.words.at(-1)
		if (last === undefined) continue
		const open = {
			...exact,
			words: [...exact.words.slice(0, -1), { word: last.word.slice(0, 1 + Math.floor(random() * 3)), open: true }]
		}
		expect(indexed.found(open)).toEqual(indexed.expected(open, begins))
	}
}

describe('finds what looking at every document finds', () => {
	test('at first', () => {
		compareAll(fill(), seededRandom(1))
	})

	test('after pages were removed and added', () => {
		const indexed = fill()
		const random = seededRandom(2)
		for (let round = 0; round < 6; round++) {
			for (const page of [...indexed.pages]) if (random() < 0.4) indexed.remove(page)
			const publisher = Math.floor(random() * catalogs.length)
			indexed.add(catalogs[publisher]?.slice(0, 200) ?? [], publisher)
			compareAll(indexed, random)
		}
	})

	test('after saving and restoring, and goes on from there', async () => {
		const indexed = fill()
		const [gone] = indexed.pages
		if (gone) indexed.remove(gone)
		const parts = await indexed.index.save(new TimeSlices())
		const words = indexed.index.wordCount
		indexed.index = await FlexsearchIndex.restore(indexed.documents, structuredClone(parts), new TimeSlices())
		expect(indexed.index.wordCount).toBe(words)
		indexed.add(catalogs[0]?.slice(0, 100) ?? [], 0)
		compareAll(indexed, seededRandom(3))
	})

	test('after what is gone was cleared away', async () => {
		const indexed = fill()
		const random = seededRandom(4)
		for (const page of [...indexed.pages]) if (random() < 0.6) indexed.remove(page)
		const renumbered = new Int32Array(indexed.documents.count).fill(-1)
		const compacted = new Indexed()
		let next = 0
		for (const [old, document] of indexed.alive) {
			renumbered[old] = next
			compacted.alive.set(next++, document)
		}
		for (const { count, publisher } of indexed.pages) {
			const columns = {
				kinds: new Uint8Array(count),
				titleWords: new Uint8Array(count),
				works: new Float64Array(count),
				recency: new Uint32Array(count)
			}
			const first = compacted.documents.add(columns, publisher, 0)
			compacted.documents.show({ first, count })
		}
		compacted.index = await indexed.index.compacted(compacted.documents, renumbered, new TimeSlices())
		expect(compacted.index.wordCount).toBeLessThan(indexed.index.wordCount)
		compacted.add(catalogs[1]?.slice(0, 100) ?? [], 1)
		compareAll(compacted, random)
	})
})

describe('forgiving', () => {
	const indexed = fill()
	const random = seededRandom(5)

	test('mends a word that no document has, beside words that are right', () => {
		const numbers = [...indexed.alive.keys()]
		let asked = 0
		for (let round = 0; round < 400; round++) {
			const document = numbers[Math.floor(random() * numbers.length)] ?? 0
			const [title, artists] = indexed.alive.get(document)?.words ?? [[], []]
			const word = title.find((one) => /^[a-z]{6,}$/.test(one))
			const artist = artists[0]
			if (word === undefined || artist === undefined) continue
			const at = 1 + Math.floor(random() * (word.length - 3))
			const typo = word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2)
			const known = indexed.index.search({ words: [{ word: typo, open: false }], forgiving: false })
			const longer = indexed.index.search({ words: [{ word: typo, open: true }], forgiving: false })
			if (known.documents.length > 0 || longer.documents.length > 0) continue
			asked++
			const matches = indexed.index.search({
				words: [
					{ word: artist, open: false },
					{ word: typo, open: true }
				],
				forgiving: true
			})
			expect([...matches.documents]).toContain(document)
			const mended = matches.readings[1] ?? []
			expect(mended.length).toBeGreaterThan(0)
			expect(mended.every((reading) => reading.edits === editDistance(typo, reading.word, 2))).toBe(true)
		}
		expect(asked).toBeGreaterThan(100)
	})

	test('mends a typo that makes another word, when the words lead nowhere together', () => {
		const small = new Indexed()
		const rows = catalogs[0] ?? []
		small.add([{ ...rows[0], title: 'Slack Water', artists: ['Nadia'] } as EntryRow], 0)
		small.add([{ ...rows[0], title: 'Black Water', artists: ['Orio'] } as EntryRow], 0)
		const words = foldWords('nadia black').map((word) => ({ word, open: false }))
		expect(small.found({ words, forgiving: true })).toEqual([0])
		expect(small.found({ words, forgiving: false })).toEqual([])
	})

	test('settles for most of the words when nothing has all', () => {
		const small = new Indexed()
		const base = catalogs[0]?.[0]
		for (const title of ['Slack Water', 'Water Lily', 'Stone'])
			small.add([{ ...base, k: '', title, album: '' } as EntryRow], 0)
		const words = foldWords('slack water qqqqqq').map((word) => ({ word, open: false }))
		expect(small.found({ words, forgiving: true })).toEqual([0])
		expect(small.found({ words, forgiving: false })).toEqual([])
	})

	test('a word of documents that are gone is no word', () => {
		const small = new Indexed()
		const base = catalogs[0]?.[0]
		const gone = small.add([{ ...base, k: '', title: 'Watre' } as EntryRow], 0)
		small.add([{ ...base, k: '', title: 'Water' } as EntryRow], 0)
		small.remove(gone)
		expect(small.found({ words: [{ word: 'watre', open: false }], forgiving: true })).toEqual([1])
	})
})

test('the name of a publisher finds all it has, until it has another name', () => {
	const indexed = fill()
	const pages = () => [...indexed.pages].filter(({ publisher }) => publisher === 2)
	const ask = (word: string) => indexed.found({ words: [{ word, open: true }], forgiving: false })
	indexed.index.namePublisher(2, ['zzyzx'], pages)
	const own = [...indexed.alive].filter(([, { publisher }]) => publisher === 2).map(([number]) => number)
	expect(ask('zzyz')).toEqual(own)
	indexed.index.namePublisher(2, ['qqqx'], pages)
	expect(ask('zzyzx')).toEqual([])
	expect(ask('qqqx')).toEqual(own)
})

test('words that are names of object properties are words like others', () => {
	const indexed = new Indexed()
	const base = catalogs[0]?.[0]
	const titles = ['constructor', '__proto__ toString', 'hasOwnProperty']
	for (const title of titles) indexed.add([{ ...base, k: '', title } as EntryRow], 0)
	expect(titles.map((title) => indexed.found({ words: foldWords(title).map((word) => ({ word, open: false })), forgiving: false }))).toEqual([[0], [1], [2]]) // prettier-ignore
})
