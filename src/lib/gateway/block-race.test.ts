import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AppError } from '../errors'
import { raceSources } from './block-race'
import type { BlockSource } from './block-source'
import { aBlock, settle } from './gateway.fixture'

beforeEach(() => {
	vi.useFakeTimers()
})
afterEach(() => {
	vi.useRealTimers()
})

const block = await aBlock(100)
const signal = new AbortController().signal

/** A source that answers after some ms, and remembers whether it was asked and stopped. */
function aSource(afterMs: number, answer: Uint8Array | Error = block.bytes) {
	const seen = { asked: false, stopped: false }
	const source: BlockSource = {
		get: (_cid, options) =>
			new Promise((resolve, reject) => {
				seen.asked = true
				options.signal.addEventListener('abort', () => {
					seen.stopped = true
					reject(options.signal.reason as Error)
				})
				setTimeout(() => {
					if (answer instanceof Error) reject(answer)
					else resolve(answer)
				}, afterMs)
			})
	}
	return { source, seen }
}

const unavailable = (detail: string) => new AppError('content-unavailable', 'none', { detail })

test('asks nobody else when the first answers within its head start', async () => {
	const [peers, gateway] = [aSource(100), aSource(0)]
	const race = raceSources([
		{ source: peers.source, afterMs: 0 },
		{ source: gateway.source, afterMs: 150 }
	])
	expect((await settle(race.get(block.cid, { signal }))).value).toBe(block.bytes)
	expect(gateway.seen.asked).toBe(false)
})

test('lets the faster one win after the head start, and stops the other', async () => {
	const [peers, gateway] = [aSource(5_000), aSource(100)]
	const race = raceSources([
		{ source: peers.source, afterMs: 0 },
		{ source: gateway.source, afterMs: 150 }
	])
	const { value, tookMs } = await settle(race.get(block.cid, { signal }))
	expect(value).toBe(block.bytes)
	expect(tookMs).toBe(250)
	expect(peers.seen.stopped).toBe(true)
})

test('cuts the head start short when the first fails', async () => {
	const [peers, gateway] = [aSource(0, new AppError('no-leader', 'none')), aSource(0)]
	const race = raceSources([
		{ source: peers.source, afterMs: 0 },
		{ source: gateway.source, afterMs: 60_000 }
	])
	expect((await settle(race.get(block.cid, { signal }))).tookMs).toBeLessThanOrEqual(50)
})

test('joins what all of them tried when none has it', async () => {
	const race = raceSources([
		{ source: aSource(0, unavailable('peers: do not have it')).source, afterMs: 0 },
		{ source: aSource(0, unavailable('a: 404\nb: 500')).source, afterMs: 0 }
	])
	const { error } = await settle(race.get(block.cid, { signal }))
	expect(error).toMatchObject({ code: 'content-unavailable', detail: 'peers: do not have it\na: 404\nb: 500' })
})

test('rejects when there is nobody to ask', async () => {
	expect((await settle(raceSources([]).get(block.cid, { signal }))).error).toMatchObject({
		code: 'content-unavailable'
	})
})

test('ends with the reason of the signal, and stops all', async () => {
	const peers = aSource(5_000)
	const stop = new AbortController()
	const read = settle(raceSources([{ source: peers.source, afterMs: 0 }]).get(block.cid, { signal: stop.signal }))
	stop.abort(new DOMException('too late', 'TimeoutError'))
	expect((await read).error).toMatchObject({ name: 'TimeoutError' })
	expect(peers.seen.stopped).toBe(true)
})
