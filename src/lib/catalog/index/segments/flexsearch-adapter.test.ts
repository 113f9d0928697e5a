import { expect, test } from 'vitest'
import { CommittedIndex, type Slots } from './flexsearch-adapter'

/** Each of these holds of FlexSearch 0.8 only as it is used here; a new version has to keep them. */
function committed(): { index: CommittedIndex; maps: ReadonlyMap<string, Slots>[] } {
	const maps: ReadonlyMap<string, Slots>[] = []
	const index = new CommittedIndex((map) => {
		maps.push(new Map(map))
		return Promise.resolve()
	})
	return { index, maps }
}

test('words are kept as they are given: numbers whole, letters as they stand', async () => {
	const { index, maps } = committed()
	const words = ['hannah', '2024', '12345678901234567890', '上を', 'о', 'k-pop', '__proto__', 'constructor']
	index.add(0, words)
	await index.commit()
	expect([...(maps[0]?.keys() ?? [])].sort()).toEqual(words.toSorted())
})

test('the first batch, number 0, is kept like any other', async () => {
	const { index, maps } = committed()
	index.add(0, ['sea'])
	index.add(1, ['land', 'sea'])
	await index.commit()
	expect(maps[0]?.get('sea')).toEqual([[0, 1]])
	expect(maps[0]?.get('land')).toEqual([[1]])
})

test('what is added while it is committed is not lost', async () => {
	const seen: string[][] = []
	let go: () => void = () => undefined
	const index = new CommittedIndex(async (map) => {
		await new Promise<void>((resolve) => (go = resolve))
		seen.push([...map.keys()])
	})
	index.add(0, ['before'])
	const first = index.commit()
	index.add(1, ['meanwhile'])
	go()
	await first
	expect(seen).toEqual([['before', 'meanwhile']])
})

test('a commit can be made again, as after the first one found the disk full', async () => {
	const { index, maps } = committed()
	index.add(0, ['sea'])
	await index.commit()
	await index.commit()
	expect(maps.map((map) => [...map.keys()])).toEqual([['sea'], ['sea']])
})

test('a commit that fails says so', async () => {
	const index = new CommittedIndex(() => Promise.reject(new Error('no room')))
	index.add(0, ['sea'])
	await expect(index.commit()).rejects.toThrow('no room')
})
