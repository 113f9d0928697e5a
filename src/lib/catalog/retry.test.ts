import { expect, test } from 'vitest'
import { retryWaitMs } from './retry'

test('waits grow by three from ten seconds', () => {
	expect([1, 2, 3].map((tries) => retryWaitMs(tries, 0.5))).toEqual([10_000, 30_000, 90_000])
})

test('never waits longer than a day, jitter aside', () => {
	expect(retryWaitMs(10, 0.5)).toBe(24 * 3600_000)
	expect(retryWaitMs(10, 1)).toBe(28.8 * 3600_000)
})

test('jitter is a fifth either way', () => {
	expect(retryWaitMs(1, 0)).toBe(8_000)
	expect(retryWaitMs(1, 1)).toBe(12_000)
})
