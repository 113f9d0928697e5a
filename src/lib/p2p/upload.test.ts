import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Upload } from './upload'
import { uploadBytesPerSecond } from './upload-limit'

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
	vi.useRealTimers()
})

const ever = new AbortController().signal

/** Takes turns of so many bytes as long as time lasts, and counts what was granted. */
function giver(upload: Upload, bytes: number, turns = Infinity) {
	const given = { bytes: 0, turns: 0 }
	void (async () => {
		while (given.turns < turns) {
			await upload.take(bytes, ever)
			given.bytes += bytes
			given.turns++
		}
	})()
	return given
}

test('no more goes out than the limit says, whatever the size of the blocks', async () => {
	const upload = new Upload({ limit: 1_000_000 })
	const [large, small] = [giver(upload, 1_000_000), giver(upload, 10_000)]
	await vi.advanceTimersByTimeAsync(60_000)
	const all = large.bytes + small.bytes
	expect(all).toBeGreaterThan(57_000_000)
	// one block may be owed, and half a second is saved up at the start
	expect(all).toBeLessThan(62_000_000)
})

test('peers take turns: who asks for little does not wait behind who asks for all', async () => {
	const upload = new Upload({ limit: 100_000 })
	const many = Array.from({ length: 4 }, () => giver(upload, 50_000))
	await vi.advanceTimersByTimeAsync(5_000)
	const few = giver(upload, 50_000, 3)
	await vi.advanceTimersByTimeAsync(10_000)
	expect(few.turns).toBe(3)
	const turns = many.map((each) => each.turns)
	expect(Math.max(...turns) - Math.min(...turns)).toBeLessThanOrEqual(1)
})

test('another limit holds at once, none gives nothing, and a turn that is given up is passed over', async () => {
	const upload = new Upload({ limit: 1_000 })
	const slow = giver(upload, 100_000)
	await vi.advanceTimersByTimeAsync(10_000)
	expect(slow.turns).toBe(1)
	upload.limit = 0
	expect(upload.off).toBe(true)
	await vi.advanceTimersByTimeAsync(1_000_000)
	expect(slow.turns).toBe(1)
	const stop = new AbortController()
	const given = upload.take(1, stop.signal)
	stop.abort()
	await expect(given).rejects.toMatchObject({ name: 'AbortError' })
	upload.limit = 1_000_000
	await vi.advanceTimersByTimeAsync(1_000)
	expect(slow.turns).toBeGreaterThan(5)
})

test('without a limit nobody waits', async () => {
	const given = giver(new Upload({ limit: Infinity }), 2_000_000, 1_000)
	await vi.advanceTimersByTimeAsync(0)
	expect(given.turns).toBe(1_000)
})

test.each([
	['auto', undefined, 1_000_000],
	['auto', { saveData: true }, 64_000],
	['auto', { type: 'cellular' }, 64_000],
	['auto', { type: 'wifi', saveData: false }, 1_000_000],
	[0, { saveData: true }, 0],
	[5_000_000, { saveData: true }, 5_000_000],
	[-1, undefined, 0],
	[NaN, undefined, 1_000_000]
] as const)('the limit %s on a line %j is %d bytes a second', (setting, line, limit) => {
	expect(uploadBytesPerSecond(setting, line)).toBe(limit)
})
