import { expect, test } from 'vitest'
import { MASK_BITS, PostingsWriter, readPostings } from './postings'
import { RandomDocuments } from './random-documents.fixture'
import { VarintWriter } from './varints'

const random = new RandomDocuments(5)

/** Lists of postings, as they come from one flush after the other. */
function lists(): { lists: Uint32Array[]; last: number } {
	let document = 0
	const all = Array.from({ length: 1 + random.below(4) }, () => {
		const dense = random.pick([2, 100, 3000])
		const masks = random.pick([1, 2, 512])
		return Uint32Array.from({ length: random.pick([1, 5, 100, 127, 128, 129, 255, 256, 257, 1000]) }, () => {
			document += 1 + random.below(dense)
			return (document << MASK_BITS) | random.below(masks)
		})
	})
	return { lists: all, last: document }
}

function read(bytes: Uint8Array): number[] {
	const found: number[] = []
	readPostings(bytes, 0, bytes.length, (packed, count) => {
		for (const one of packed.subarray(0, count)) found.push(one)
	})
	return found
}

test('postings read as they were written, and as they were strung together', () => {
	for (let round = 0; round < 200; round++) {
		const { lists: written, last } = lists()
		const out = new VarintWriter()
		const writer = new PostingsWriter(out)
		writer.start()
		for (const list of written) writer.add(list, list.length)
		writer.end()
		const bytes = out.take()
		const all = written.flatMap((list) => [...list])
		expect(read(bytes)).toEqual(all)
		expect(writer.documents).toBe(all.length)

		const shift = last + 1 + random.below(1000)
		writer.start()
		writer.append(bytes, 0, bytes.length, 0)
		writer.append(bytes, 0, bytes.length, shift)
		writer.end()
		expect(read(out.take())).toEqual([...all, ...all.map((one) => (one + (shift << MASK_BITS)) >>> 0)])
		expect(writer.documents).toBe(all.length * 2)
	}
})

test('a visitor may read other postings meanwhile', () => {
	const out = new VarintWriter()
	const writer = new PostingsWriter(out)
	writer.start()
	writer.add(
		Uint32Array.from({ length: 600 }, (_, document) => document << MASK_BITS),
		600
	)
	writer.end()
	const bytes = out.take()
	let inner = 0
	const outer: number[] = []
	readPostings(bytes, 0, bytes.length, (packed, count) => {
		readPostings(bytes, 0, bytes.length, (_packed, innerCount) => (inner += innerCount))
		for (const one of packed.subarray(0, count)) outer.push(one >>> MASK_BITS)
	})
	expect(outer).toEqual(Array.from({ length: 600 }, (_, document) => document))
	expect(inner).toBe(600 * Math.ceil(600 / 600))
})
