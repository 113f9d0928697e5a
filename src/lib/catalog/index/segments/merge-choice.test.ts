import { describe, expect, test } from 'vitest'
import { chooseMerge } from './merge-choice'

const sized = (...sizes: number[]) => sizes.map((documents, id) => ({ id, documents, gone: 0 }))
const sizesOf = (chosen: ReturnType<typeof chooseMerge>) => chosen.map(({ documents }) => documents)

/** Merges until all is well. @returns sizes, and how many documents were written anew */
function settled(sizes: readonly number[], atRest: boolean): { sizes: number[]; written: number } {
	let left = [...sizes]
	let written = 0
	for (;;) {
		const chosen = chooseMerge(sized(...left), atRest)
		if (chosen.length === 0) return { sizes: left.sort((a, b) => b - a), written }
		const gone = new Set(chosen.map(({ id }) => id))
		const sum = sizesOf(chosen).reduce((all, size) => all + size, 0)
		left = [...left.filter((_, id) => !gone.has(id)), sum]
		written += sum
	}
}

describe('which segments are merged', () => {
	test('those of about one size, when they are eight', () => {
		expect(chooseMerge(sized(...Array<number>(7).fill(600)), false)).toEqual([])
		expect(sizesOf(chooseMerge(sized(...Array<number>(8).fill(600), 90_000), false))).toEqual(
			Array<number>(8).fill(600)
		)
	})

	test('a million entries that came in small parts are written four times at most, and lie in few segments', () => {
		let sizes: number[] = []
		let written = 0
		for (let part = 0; part < 83; part++) {
			const now = settled([...sizes, 12_000], false)
			sizes = now.sizes
			written += now.written
		}
		const rested = settled(sizes, true)
		expect(rested.sizes.length).toBeLessThanOrEqual(4)
		expect(written + rested.written).toBeLessThan(3 * 83 * 12_000)
	})

	test('at rest a large one is not written anew for the sake of small ones', () => {
		expect(sizesOf(chooseMerge(sized(400_000, 900, 700, 600, 500), true))).toEqual([500, 600, 700, 900])
		expect(chooseMerge(sized(400_000, 390_000, 600), true)).toEqual([])
	})

	test('none becomes larger than half a million', () => {
		const { sizes } = settled(Array<number>(40).fill(100_000), true)
		expect(Math.max(...sizes)).toBeLessThanOrEqual(1 << 19)
	})

	test('one of which much is gone is written anew by itself', () => {
		expect(chooseMerge([{ id: 1, documents: 5000, gone: 1500 }], false).map(({ id }) => id)).toEqual([1])
		expect(chooseMerge([{ id: 1, documents: 5000, gone: 500 }], true)).toEqual([])
	})
})
