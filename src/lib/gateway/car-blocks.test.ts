import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { blockKey } from './block-key'
import { carBlocks, type CarBlock } from './car-blocks'
import type { PieceSource } from './gateway-client'
import { aFile, carOf, entriesOf, someBytes, type TestFile } from './dag.fixture'

let file: TestFile
let car: Uint8Array<ArrayBuffer>

beforeAll(async () => {
	file = await aFile(someBytes(20_000))
	car = carOf(file.root, entriesOf(file, 0, Infinity))
})

/** Gives `bytes` in pieces of these sizes, over and over. */
function pieces(bytes: Uint8Array<ArrayBuffer>, sizes: readonly number[]): PieceSource {
	let at = 0
	let turn = 0
	return () => {
		if (at >= bytes.length) return Promise.resolve(undefined)
		const size = sizes[turn++ % sizes.length] ?? 1
		const piece = bytes.subarray(at, at + size)
		at += size
		return Promise.resolve(piece)
	}
}

async function all(blocks: AsyncGenerator<CarBlock>): Promise<CarBlock[]> {
	const got: CarBlock[] = []
	for await (const block of blocks) got.push(block)
	return got
}

test('the blocks are the same however the network cuts the CAR, each in a buffer of its own', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1 }), async (sizes) => {
			fc.pre(sizes.some((size) => size > 0))
			const blocks = await all(carBlocks(pieces(car, sizes)))
			expect(blocks.map(({ cid }) => cid.toString())).toEqual(
				entriesOf(file, 0, Infinity).map(({ cid }) => cid.toString())
			)
			for (const { cid, bytes } of blocks) {
				expect(Buffer.compare(bytes, file.blocks.get(blockKey(cid)) ?? bytes)).toBe(0)
				expect(bytes.buffer.byteLength).toBe(bytes.byteLength)
			}
		}),
		{ numRuns: 30 }
	)
})

test('a CAR that ends within a block is truncated', async () => {
	await expect(all(carBlocks(pieces(car.subarray(0, car.length - 3), [700])))).rejects.toMatchObject({
		reason: 'truncated'
	})
})

test('a block over its bound is refused before it is read', async () => {
	let read = 0
	const endless = () => {
		read++
		// A header, then a block that says it is 2 GB long.
		return Promise.resolve(
			read === 1 ? car.subarray(0, 60) : new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x07, 1, 0x55, 0x12, 0x20])
		)
	}
	await expect(all(carBlocks(endless))).rejects.toMatchObject({ name: 'CarError' })
	expect(read).toBeLessThan(10)
})

test('what is no CAR is malformed, and what the network throws is thrown on', async () => {
	await expect(all(carBlocks(pieces(new Uint8Array(500).fill(0x21), [100])))).rejects.toMatchObject({
		name: 'CarError'
	})
	const failure = new TypeError('network error')
	await expect(all(carBlocks(() => Promise.reject(failure)))).rejects.toBe(failure)
})
