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

/** Adds writes of 1 MiB, of which a burst takes `writeMs`. */
function paced(count: number, writeMs = WRITE_MS) {
	const pace = new WritePace()
	const atMs: number[] = []
	const startedMs = performance.now()
	for (let at = 0; at < count; at++)
		pace.add(MEBIBYTE, async () => {
			atMs.push(performance.now() - startedMs)
			await new Promise((resolve) => setTimeout(resolve, writeMs))
		})
	return { pace, atMs }
}

test('writes in bursts, the first not at once, and rests after one that was quick', async () => {
	const { atMs } = paced(10)
	await vi.advanceTimersByTimeAsync(100)
	expect(atMs).toEqual([])
	await vi.advanceTimersByTimeAsync(10_000)
	const bursts = [...new Set(atMs)]
	expect(bursts.map((ms) => atMs.filter((each) => each === ms).length)).toEqual([4, 4, 2])
	expect(bursts[1]).toBeGreaterThanOrEqual((bursts[0] ?? 0) + 2 * WRITE_MS)
})

test('a disk that is slow gets no rest', async () => {
	const { atMs } = paced(10, 400)
	await vi.advanceTimersByTimeAsync(10_000)
	const [first = 0] = atMs
	expect(new Set(atMs)).toEqual(new Set([first, first + 400, first + 800]))
})

test('what is waited for is written without rests', async () => {
	const { pace, atMs } = paced(10)
	let isSettled = false
	void pace.settled().then(() => (isSettled = true))
	await vi.advanceTimersByTimeAsync(3 * WRITE_MS)
	expect(isSettled).toBe(true)
	expect(new Set(atMs)).toEqual(new Set([0, WRITE_MS, 2 * WRITE_MS]))
})

test('while much more comes than is written, nothing is; afterwards all is', async () => {
	const pace = new WritePace()
	const atMs: number[] = []
	const startedMs = performance.now()
	for (let at = 0; at < 12; at++)
		pace.add(MEBIBYTE, () => Promise.resolve(void atMs.push(performance.now() - startedMs)))
	const FLOOD_MS = 2_000
	for (let ms = 0; ms < FLOOD_MS; ms += 20) {
		pace.came(MEBIBYTE)
		await vi.advanceTimersByTimeAsync(20)
	}
	// What came first belongs to what plays, most likely.
	expect(atMs.length).toBe(4)
	await vi.advanceTimersByTimeAsync(5_000)
	expect(atMs.length).toBe(12)
})

test('what is waited for is written in the middle of a flood', async () => {
	const { pace, atMs } = paced(12)
	let isSettled = false
	for (let ms = 0; ms < 1_500; ms += 20) {
		pace.came(MEBIBYTE)
		if (ms === 600) void pace.settled().then(() => (isSettled = true))
		await vi.advanceTimersByTimeAsync(20)
	}
	expect(atMs.length).toBe(12)
	expect(isSettled).toBe(true)
})

test('nothing to write is settled at once', async () => {
	await expect(new WritePace().settled()).resolves.toBeUndefined()
})
