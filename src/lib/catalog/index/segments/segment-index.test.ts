import { expect, test } from 'vitest'
import { matchesDocument } from '../match-document'
import type { DocumentRange, IndexDocument, IndexQuery, SearchIndex } from '../search-index'
import { RandomDocuments } from './random-documents.fixture'
import { openSearchIndex } from './segment-index'
import { MemorySegmentStore } from './segment-store'

/** What an index should find, found by looking at every document. */
class Oracle {
	readonly documents = new Map<number, IndexDocument>()
	readonly shown = new Set<number>()
	readonly names: string[][] = []
	readonly kept = new Set<number>()

	find(query: IndexQuery, available: (publisher: number) => boolean): number[] {
		const found: number[] = []
		for (const number of this.shown) {
			const document = this.documents.get(number)
			if (document === undefined) continue
			const { publisher, file } = document.facts
			const playable = { available: available(publisher), kept: this.kept.has(file) }
			if (matchesDocument(query, document, this.names[publisher] ?? [], playable)) found.push(number)
		}
		return found.sort((a, b) => a - b)
	}
}

const know = (index: SearchIndex, oracle: Oracle) => {
	const standing = (publisher: number) => ({ points: publisher % 5, available: isAvailable(publisher) })
	index.know({
		publishers: new Map(oracle.names.map((_, publisher) => [publisher, standing(publisher)])),
		kept: oracle.kept,
		plays: new Map()
	})
}
const isAvailable = (publisher: number) => publisher % 3 === 0

async function check(
	index: SearchIndex,
	oracle: Oracle,
	random: RandomDocuments,
	queries: number
): Promise<number> {
	const files = [...oracle.documents.values()].slice(0, 500).map(({ facts }) => facts.file)
	let found = 0
	know(index, oracle)
	for (let at = 0; at < queries; at++) {
		const query = random.query(oracle.names.length, files)
		const answer = await index.search(query)
		const documents = [...(answer.documents ?? [])].sort((a, b) => a - b)
		const wanted = oracle.find(query, isAvailable)
		if (answer.cut) continue
		if (documents.join() !== wanted.join()) expect({ query, documents }).toEqual({ query, documents: wanted })
		const works = new Set(
			wanted.map((number) => {
				const { file, clip } = oracle.documents.get(number)?.facts ?? { file: 0, clip: 0 }
				return `${file} ${clip}`
			})
		)
		if (answer.total !== works.size) expect({ query, total: answer.total }).toEqual({ query, total: works.size })
		found += documents.length
	}
	return found
}

test('finds exactly what looking at every document finds, over flushes, removals, merges and reopenings', async () => {
	const random = new RandomDocuments(Number(process.env['SEED'] ?? 1))
	const total = Number(process.env['DOCUMENTS'] ?? 50_000)
	const store = new MemorySegmentStore()
	let nowMs = 1_000_000
	const now = () => (nowMs += 1000)
	const oracle = new Oracle()
	const publishers = 40
	for (let publisher = 0; publisher < publishers; publisher++) oracle.names.push([random.word(), random.word()])
	const pages: (DocumentRange & { publisher: number; shown: boolean; gone: boolean })[] = []
	const open = async () => {
		const index = await openSearchIndex({ store, now })
		index.show(pages.filter(({ shown, gone }) => shown && !gone))
		oracle.names.forEach((name, publisher) => {
			index.namePublisher(publisher, name)
		})
		return index
	}
	let index = await open()
	let next = 0
	while (next < total) {
		const publisher = random.below(publishers)
		const count = 1 + random.below(900)
		const page = { first: next, count, publisher, shown: true, gone: false }
		for (let number = next; number < next + count; number++) {
			const document = random.document(publisher)
			oracle.documents.set(number, document)
			index.add(number, document)
			if (random.random() < 0.001) oracle.kept.add(document.facts.file)
		}
		next += count
		pages.push(page)
		index.show([page])
		for (let number = page.first; number < next; number++) oracle.shown.add(number)
		const chance = random.random()
		if (chance < 0.3) await index.flush()
		if (chance < 0.1) {
			const gone = random.below(publishers)
			const ranges = pages.filter((page) => page.publisher === gone)
			for (const range of ranges) {
				range.gone = true
				for (let at = 0; at < range.count; at++) oracle.shown.delete(range.first + at)
			}
			index.hide(ranges)
		}
		if (chance > 0.9) await index.tidy({ atRest: chance > 0.95 })
		if (chance > 0.5 && chance < 0.53) {
			// A killed process: what was not flushed is added again.
			index.close()
			nowMs += 3_600_000
			index = await open()
			for (const { first, count } of index.missing(pages.filter(({ gone }) => !gone))) {
				for (let number = first; number < first + count; number++)
					index.add(number, oracle.documents.get(number) as IndexDocument)
				index.show([{ first, count }])
			}
		}
		if (random.random() < 0.2) await check(index, oracle, random, 4)
	}
	expect(index.shown).toBe(oracle.shown.size)
	expect(await check(index, oracle, random, 120)).toBeGreaterThan(0)
	await index.flush()
	await index.tidy()
	expect(await check(index, oracle, random, 120)).toBeGreaterThan(0)
}, 900_000)
