import { expect, test } from 'vitest'
import { LineSpeed } from './line-speed'
import { MinuteBudget } from './minute-budget'

test('the line carries what its best seconds carried, also when little is asked for later', () => {
	const speed = new LineSpeed()
	expect(speed.bitsPerS(0)).toBeUndefined()
	for (const [atMs, bytes] of [
		[1000, 300_000],
		[1500, 325_000],
		[2100, 625_000],
		[3000, 625_000],
		[4000, 1000],
		[9000, 1000]
	] as const)
		speed.note(bytes, atMs)
	expect(speed.bitsPerS(10_000)).toBe(5_000_000)
	expect(speed.bitsPerS(600_000)).toBeUndefined()
	speed.reset()
	expect(speed.bitsPerS(10_000)).toBeUndefined()
})

test('a budget holds for any minute', () => {
	const budget = new MinuteBudget(100)
	expect(budget.take(60, 0)).toBe(true)
	expect(budget.take(60, 30_000)).toBe(false)
	expect(budget.take(40, 30_000)).toBe(true)
	expect(budget.take(60, 59_999)).toBe(false)
	expect(budget.take(60, 60_000)).toBe(true)
	expect(budget.take(1, 60_000)).toBe(false)
})
