import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { aFile, someBytes } from './dag.fixture'
import { aReader, drained, type TestReaderOptions } from './file-reader.fixture'
import { settle } from './gateway.fixture'
import { GATEWAY_DEADLINES } from './gateway-client'
import { pacedGateway, pacedPeers, SlowLine } from './paced.fixture'

beforeEach(() => {
	vi.useFakeTimers()
})
afterEach(() => {
	vi.useRealTimers()
})

const A = 'https://a.example'
const B = 'https://b.example'
/** 5 Mbit/s, in bytes a ms. */
const RATE = 625

const file = await aFile(someBytes(20_000_000), { chunkBytes: 262_144, links: 174 })
const SIZE = file.bytes.byteLength

/** Share of what the sources could bring together, for the whole file; and what came for nothing, as a share of the file. */
async function efficiency(sumOfRates: number, options: TestReaderOptions) {
	const reader = aReader({ deadlines: GATEWAY_DEADLINES, ...options })
	const { value, tookMs } = await settle(
		(async () => {
			const opened = await reader.open(file, { from: 0 })
			return drained(opened.stream(0, SIZE - 1).body)
		})()
	)
	expect(Buffer.compare(value ?? new Uint8Array(), file.bytes)).toBe(0)
	const wasted = [...reader.wasted.values()].reduce((sum, bytes) => sum + bytes, 0) / SIZE
	return { reached: SIZE / sumOfRates / tookMs, wasted, urls: reader.urls }
}

test('one source brings all it can, in requests that have an end, of which each begins before the last one is over', async () => {
	const alone = await efficiency(RATE, { gateways: { [A]: pacedGateway(file, new SlowLine(RATE)) } })
	expect(alone.reached).toBeGreaterThan(0.97)
	expect(alone.urls.length).toBeLessThanOrEqual(6)
	for (const url of alone.urls) {
		const [from, to] = new URL(url).searchParams.get('entity-bytes')?.split(':').map(Number) ?? []
		expect(Number(to) - Number(from)).toBeLessThanOrEqual(8 * 1024 * 1024)
	}
})

test('several sources with a line each bring nearly the sum of what each can', async () => {
	const gateways = () => ({
		[A]: pacedGateway(file, new SlowLine(RATE)),
		[B]: pacedGateway(file, new SlowLine(RATE))
	})
	const two = await efficiency(2 * RATE, { gateways: gateways() })
	expect(two.reached).toBeGreaterThan(0.85)
	expect(two.wasted).toBeLessThan(0.02)
	const peers = pacedPeers(file, [new SlowLine(RATE), new SlowLine(RATE)])
	// The first seconds, in which they get to know each other, weigh: all of it would take eight.
	const four = await efficiency(4 * RATE, { gateways: gateways(), peers })
	expect(four.reached).toBeGreaterThan(0.77)
	expect(four.wasted).toBeLessThan(0.02)
})

test('a quick source is not held up by a slow one', async () => {
	const gateways = {
		[A]: pacedGateway(file, new SlowLine(RATE / 4)),
		[B]: pacedGateway(file, new SlowLine(4 * RATE))
	}
	expect((await efficiency(4 * RATE, { gateways })).reached).toBeGreaterThan(0.65)
})

test('sources behind one slow line are not asked side by side for long', async () => {
	const line = new SlowLine(RATE)
	const gateways = { [A]: pacedGateway(file, line), [B]: pacedGateway(file, line) }
	const shared = await efficiency(RATE, { gateways })
	expect(shared.reached).toBeGreaterThan(0.96)
	// Six would do for one source alone.
	expect(shared.urls.length).toBeLessThan(10)
})

test('whole bytes are asked for, whatever comes in a time, also where it is not known yet how the file is built', async () => {
	const deep = await aFile(someBytes(16_000_000), { chunkBytes: 262_144, links: 16 })
	const reader = aReader({ gateways: { [A]: pacedGateway(deep, new SlowLine(6_543.21), 20) } })
	const last = deep.bytes.byteLength - 1
	for (const from of [0, 7_000_000]) {
		const opened = await settle(reader.open(deep, { from }))
		const stream = opened.value?.stream(from, last).body.getReader()
		for (let block = 0; block < 12; block++) await settle(stream?.read() ?? Promise.resolve(undefined))
		await settle(stream?.cancel() ?? Promise.resolve())
	}
	expect(reader.urls.length).toBeGreaterThan(1)
	for (const url of reader.urls) expect(url).toMatch(/entity-bytes=\d+:\d+$/)
})
