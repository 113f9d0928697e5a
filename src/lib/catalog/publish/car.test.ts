import { CarReader } from '@ipld/car'
import { MemoryBlockstore } from 'blockstore-core'
import type { CID } from 'multiformats/cid'
import { expect, test } from 'vitest'
import { readBlock } from '../../storage/read-block'
import { buildPublication } from './build'
import { blocksBelow, carBlob, CarFile, type ReadBlock } from './car'
import { aDraft, anEntry } from './draft.fixture'

const signal = new AbortController().signal

async function aPublication(): Promise<{ root: CID; blocks: readonly CID[]; read: ReadBlock }> {
	const blockstore = new MemoryBlockstore()
	const file = (seed: number, bytes: number) =>
		new File([new Uint8Array(bytes).map((_, n) => (n * seed) >> 3)], `${seed}.mp3`)
	const entries = [3, 5, 7].map((seed) => {
		const made = file(seed, seed * 190_000)
		return anEntry(`a/${seed}.mp3`, { file: made, sizeBytes: made.size })
	})
	const { root, blocks } = await buildPublication(aDraft(entries), 'k51', { blockstore, signal })
	return { root, blocks, read: (cid) => readBlock(blockstore, cid) }
}

test('any ranges of a CAR put together are the CAR, which holds every block', async () => {
	const { root, blocks, read } = await aPublication()
	const car = new CarFile(root, blocks, read)
	const length = await car.measure(signal)
	const whole = new Uint8Array(await (await carBlob([root], blocks, read, signal)).arrayBuffer())
	expect(length).toBe(whole.length)
	for (const step of [1 + Math.floor(length / 2), 262_144, 99_991]) {
		const parts: Blob[] = []
		for (let from = 0; from < length; from += step)
			parts.push(await car.piece(from, Math.min(length, from + step), signal))
		expect(new Uint8Array(await new Blob(parts).arrayBuffer())).toEqual(whole)
	}
	for (const [from, to] of [
		[0, 1],
		[10, 70],
		[length - 1, length],
		[58, 61]
	] as const) {
		expect(new Uint8Array(await (await car.piece(from, to, signal)).arrayBuffer())).toEqual(whole.slice(from, to))
	}
	const reader = await CarReader.fromBytes(whole)
	expect((await reader.getRoots()).map(String)).toEqual([root.toString()])
	for (const cid of blocks) expect(await reader.has(cid)).toBe(true)
})

test('walking what is held gives the blocks in the order in which they were built', async () => {
	const { root, blocks, read } = await aPublication()
	const asked: CID[] = []
	const walked = await blocksBelow(
		root,
		(cid, within) => {
			asked.push(cid)
			return read(cid, within)
		},
		signal
	)
	expect(walked.map(String)).toEqual(blocks.map(String))
	expect(asked.every(({ code }) => code === 0x70)).toBe(true)
})
