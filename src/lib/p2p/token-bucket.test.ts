import { expect, test } from 'vitest'
import { TokenBucket } from './token-bucket'

test('gives a burst, then one an interval, by key', () => {
	let now = 0
	const bucket = new TokenBucket(1000, 2, { now: () => now })
	expect([bucket.take('a'), bucket.take('a'), bucket.take('a'), bucket.take('b')]).toEqual([
		true,
		true,
		false,
		true
	])
	expect(bucket.waitMs('a')).toBe(1000)
	now = 999
	expect(bucket.take('a')).toBe(false)
	now = 1000
	expect([bucket.take('a'), bucket.take('a')]).toEqual([true, false])
	now = 60_000
	expect([bucket.take('a'), bucket.take('a'), bucket.take('a')]).toEqual([true, true, false])
})

test('refuses new keys while too many are busy', () => {
	let now = 0
	const bucket = new TokenBucket(1000, 1, { now: () => now, maxKeys: 2 })
	expect([bucket.take('a'), bucket.take('b'), bucket.take('c')]).toEqual([true, true, false])
	now = 1000
	expect(bucket.take('c')).toBe(true)
})
