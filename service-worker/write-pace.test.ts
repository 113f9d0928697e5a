import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WritePace } from './write-pace'

beforeEach(() => {
	vi.useFakeTimers()
})
afterEach(() => {
	vi.useRealTimers()
})

const MEBIBYTE = 1024 * 1024
const WRITE_MS = 90

/** Adds writes of 1 MiB, of which a burst takes 90 ms. */
function paced(count: number) {
	const pace = new WritePace()
	const atMs: number[] = []
	const startedMs = performance.now()
	for (let at = 0; at < count; at++)
		pace.add(MEBIBYTE, async () => {
			atMs.push(performance.now() - startedMs)
			await new Promise((resolve) => setTimeout(resolve, WRITE_MS))
		})
	return { pace, atMs }
}

test('writes in bursts, the first not at once, and rests in between', async () => {
	const { atMs } = paced(10)
	await vi.advanceTimersByTimeAsync(100)
	expect(atMs).toEqual([])
	await vi.advanceTimersByTimeAsync(10_000)
	const bursts = [...new Set(atMs)]
	expect(bursts.map((ms) => atMs.filter((each) => each === ms).length)).toEqual([4, 4, 2])
	expect(bursts[1]).toBeGreaterThanOrEqual((bursts[0] ?? 0) + 3 * WRITE_MS)
})

test('what is waited for is written without rests', async () => {
	const { pace, atMs } = paced(10)
	let isSettled = false
	void pace.settled().then(() => (isSettled = true))
	await vi.advanceTimersByTimeAsync(3 * WRITE_MS)
	expect(isSettled).toBe(true)
	expect(new Set(atMs)).toEqual(new Set([0, WRITE_MS, 2 * WRITE_MS]))
})

test('nothing to write is settled at once', async () => {
	await expect(new WritePace().settled()).resolves.toBeUndefined()
})
