import { BestFirst } from './best-first'
import type { PageSet, WantedPage } from './page-cache'
import type { Visit } from './part'
import { eachWord, findWord, type PageCursor, type WordPlace } from './posting-page'
import { MASK, MASK_BITS, readPostings } from './postings'
import { readPlaces, skipPlaces } from './positions'
import { Segment } from './segment'
import { VarintReader } from './varints'
import { WriteBuffer } from './write-buffer'

export type Part = Segment | WriteBuffer

/** Pages that have to be read before a word can be looked up. */
export function pagesForWord(parts: readonly Part[], word: string, positions = false): WantedPage[] {
	const wanted: WantedPage[] = []
	for (const segment of parts) {
		if (!(segment instanceof Segment)) continue
		const part = segment.pageOf(word)
		if (part === -1) continue
		wanted.push({ segment, store: 'postings', part })
		if (positions) wanted.push({ segment, store: 'positions', part })
	}
	return wanted
}

/** Pages that have to be read before words are found by their beginning. */
export function pagesForPrefix(parts: readonly Part[], prefix: string): WantedPage[] {
	const wanted: WantedPage[] = []
	for (const segment of parts) {
		if (!(segment instanceof Segment)) continue
		const [first, last] = segment.pagesOf(prefix)
		for (let part = first; part <= last; part++) wanted.push({ segment, store: 'postings', part })
	}
	return wanted
}

/** How many documents of the part have the word, those included that are not shown. */
export function frequencyIn(part: Part, word: string, pages: PageSet): number {
	if (part instanceof WriteBuffer) return part.frequency(word)
	return placeIn(part, word, pages)?.place.documents ?? 0
}

/** Visits the postings of a word. */
export function visitWord(part: Part, word: string, pages: PageSet, visit: Visit): void {
	if (part instanceof WriteBuffer) {
		part.visit(word, visit)
		return
	}
	const found = placeIn(part, word, pages)
	if (found !== undefined) readPostings(found.page, found.place.from, found.place.to, visit)
}

/** Words that are longer than this and begin with it: documents of all of them, and the most frequent ones. */
export function longerWords(
	part: Part,
	prefix: string,
	pages: PageSet,
	most: number
): { readonly documents: number; readonly frequent: readonly (readonly [word: string, documents: number])[] } {
	let sum = 0
	const best = new BestFirst<readonly [string, number]>(most, (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
	if (part instanceof WriteBuffer) {
		for (const word of part.words) {
			if (word.length <= prefix.length || !word.startsWith(prefix)) continue
			const documents = part.frequency(word)
			sum += documents
			best.add([word, documents])
		}
	} else {
		eachWordOf(part, prefix, pages, (cursor) => {
			const { documents } = cursor
			const worst = best.worst
			if (worst !== undefined && documents <= worst[1]) {
				if (cursor.letters > prefix.length) sum += documents
				return
			}
			const { word } = cursor
			if (word.length <= prefix.length) return
			sum += documents
			best.add([word, documents])
		})
	}
	return { documents: sum, frequent: best.sorted() }
}

/** Visits the postings of the words that are longer than this and begin with it, with the length of each word. */
export function visitLonger(
	part: Part,
	prefix: string,
	pages: PageSet,
	visit: (packed: Uint32Array, count: number, letters: number) => void
): void {
	if (part instanceof WriteBuffer) {
		for (const word of part.words) {
			if (word.length <= prefix.length || !word.startsWith(prefix)) continue
			part.visit(word, (packed, count) => {
				visit(packed, count, word.length)
			})
		}
		return
	}
	eachWordOf(part, prefix, pages, (cursor, page) => {
		const { letters } = cursor
		if (letters === prefix.length) return
		readPostings(page, cursor.from, cursor.to, (packed, count) => {
			visit(packed, count, letters)
		})
	})
}

function eachWordOf(
	segment: Segment,
	prefix: string,
	pages: PageSet,
	visit: (cursor: PageCursor, page: Uint8Array) => void
): void {
	const [first, last] = segment.pagesOf(prefix)
	for (let number = first; number <= last; number++) {
		const page = pages.get(segment, 'postings', number)
		if (page === undefined) continue
		eachWord(page, prefix, (cursor) => {
			visit(cursor, page)
		})
	}
}

/**
 * Visits where a word stands in documents that are `wanted` (by number within the part). Positions must have been read
 * with the page.
 */
export function visitPlaces(
	part: Part,
	word: string,
	pages: PageSet,
	wanted: { has(local: number): boolean; readonly all: readonly number[] },
	visit: (local: number, place: number) => void
): void {
	if (part instanceof WriteBuffer) {
		for (const local of wanted.all) part.places(word, local, (place) => visit(local, place))
		return
	}
	const number = part.pageOf(word)
	const found = placeIn(part, word, pages)
	const positions = pages.get(part, 'positions', number)
	if (found === undefined || positions === undefined) return
	const reader = new VarintReader(positions, found.place.positionsFrom)
	readPostings(found.page, found.place.from, found.place.to, (packed, count) => {
		for (let at = 0; at < count; at++) {
			const value = packed[at] as number
			const local = value >>> MASK_BITS
			if (wanted.has(local)) readPlaces(reader, value & MASK, (place) => visit(local, place))
			else skipPlaces(reader, value & MASK)
		}
	})
}

function placeIn(
	segment: Segment,
	word: string,
	pages: PageSet
): { page: Uint8Array; place: WordPlace } | undefined {
	const name = `${segment.id} ${word}`
	const known = pages.places.get(name)
	if (known !== undefined) return known ?? undefined
	const number = segment.pageOf(word)
	const page = number === -1 ? undefined : pages.get(segment, 'postings', number)
	const place = page && findWord(page, word)
	const found = page === undefined || place === undefined ? undefined : { page, place }
	// A page that has not been read yet may have it.
	if (page !== undefined) pages.places.set(name, found ?? null)
	return found
}
