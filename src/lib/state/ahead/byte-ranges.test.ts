import { expect, test } from 'vitest'
import { ByteRanges } from './byte-ranges'

test('parts that touch or overlap become one', () => {
	const two = new ByteRanges().with({ from: 0, to: 9 }).with({ from: 30, to: 39 })
	expect(two.all).toEqual([
		{ from: 0, to: 9 },
		{ from: 30, to: 39 }
	])
	expect(two.with({ from: 10, to: 19 }).all).toEqual([
		{ from: 0, to: 19 },
		{ from: 30, to: 39 }
	])
	expect(two.with({ from: 5, to: 34 }).all).toEqual([{ from: 0, to: 39 }])
	expect(two.with({ from: 50, to: 59 }).with({ from: 40, to: 45 }).all).toHaveLength(3)
})

test('a part is here only when all of it is', () => {
	const some = new ByteRanges([{ from: 10, to: 19 }])
	expect(some.has({ from: 10, to: 19 })).toBe(true)
	expect(some.has({ from: 9, to: 19 })).toBe(false)
	expect(some.has({ from: 15, to: 20 })).toBe(false)
})
