import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { carGateway, type CarFault } from './car-gateway.fixture'
import { aFile, DagBuilder, someBytes, type TestFile } from './dag.fixture'
import { aReader, aStore, drained, somePeers, type TestReaderOptions } from './file-reader.fixture'
import { settle, type FakeGateway } from './gateway.fixture'
import { GatewayStanding } from './gateway-standing'
import { PeerStanding } from './peer-standing'

beforeEach(() => {
	vi.useFakeTimers()
})
afterEach(() => {
	vi.useRealTimers()
})

const A = 'https://a.example'
const B = 'https://b.example'
const CHUNK = 65_536

const file = await aFile(someBytes(40 * CHUNK + 17), { chunkBytes: CHUNK, links: 174 })
const SIZE = file.bytes.byteLength

type Reader = ReturnType<typeof aReader>

/** Opens a range as the HTTP face does, and reads it. */
const read = (reader: Reader, from: number, to = SIZE - 1, isOpenEnded = true, of: TestFile = file) =>
	settle(
		(async () => {
			const opened = await reader.open(of, isOpenEnded ? { from } : { from, to })
			return drained(opened.stream(from, to).body)
		})()
	)

function expectBytes(got: Uint8Array | undefined, from = 0, to = SIZE - 1): void {
	expect(got?.byteLength).toBe(to - from + 1)
	expect(Buffer.compare(got ?? new Uint8Array(), file.bytes.subarray(from, to + 1))).toBe(0)
}

const total = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, bytes) => sum + bytes, 0)

test('one gateway and no peers: the root and the range come together, by requests that need no preflight', async () => {
	const reader = aReader({ gateways: { [A]: carGateway(file) } })
	expectBytes((await read(reader, 0)).value)
	expect(reader.urls).toHaveLength(2)
	expect(reader.urls[0]).toBe(
		`${A}/ipfs/${file.root.toString()}?format=car&dag-scope=entity&entity-bytes=0:${1024 * 1024 - 1}`
	)
	expect(total(reader.wasted)).toBe(0)
	// Only these, and in them none of the bytes that are not safelisted (Fetch standard, section 2.2.2).
	for (const [name, value] of reader.headers) {
		expect(['Accept', 'Range']).toContain(name)
		expect(value).not.toMatch(/["():<>?@[\\\]{}]/)
	}
	const middle = aReader({ gateways: { [A]: carGateway(file) } })
	expectBytes((await read(middle, 20 * CHUNK + 5, 21 * CHUNK, false)).value, 20 * CHUNK + 5, 21 * CHUNK)
	expect(middle.urls.map((url) => new URL(url).searchParams.get('entity-bytes'))).toEqual([
		`${20 * CHUNK + 5}:${21 * CHUNK}`
	])
	expect(total(middle.received)).toBeLessThan(4 * CHUNK)
})

test('a range counted from the end is asked for before the size is known', async () => {
	const reader = aReader({ gateways: { [A]: carGateway(file) } })
	const { value } = await settle(
		(async () => {
			const opened = await reader.open(file, { from: -1_000 })
			return drained(opened.stream(opened.sizeBytes - 1_000, opened.sizeBytes - 1).body)
		})()
	)
	expectBytes(value, SIZE - 1_000)
	expect(reader.urls).toHaveLength(1)
	expect(reader.urls[0]).toContain('entity-bytes=-1000:*')
})

test('nothing is read far ahead of a reader that pauses, and the next range goes on with the same request', async () => {
	const reader = aReader({ gateways: { [A]: carGateway(file) } })
	const opened = (await settle(reader.open(file, { from: 0 }))).value
	const half = 20 * CHUNK
	const stream = opened?.stream(0, half - 1).body.getReader()
	await settle(stream?.read().then(() => undefined) ?? Promise.resolve())
	await settle(new Promise((resolve) => setTimeout(resolve, 3_000)))
	expect(total(reader.received)).toBeLessThan(1.5 * 1024 * 1024)
	while ((await settle(stream?.read() ?? Promise.resolve(undefined))).value?.done === false);
	await settle(new Promise((resolve) => setTimeout(resolve, 2_000)))
	const before = [...reader.urls]
	expectBytes((await read(reader, half)).value, half)
	expect(reader.urls).toEqual(before)
	expect(reader.network.open()).toBe(0)
})

test('a seek cuts what was under way and asks once, from there', async () => {
	const reader = aReader({ gateways: { [A]: carGateway(file, 'none', 0, 20) } })
	const opened = (await settle(reader.open(file, { from: 0 }))).value
	const stream = opened?.stream(0, SIZE - 1).body.getReader()
	await settle(stream?.read().then(() => undefined) ?? Promise.resolve())
	await stream?.cancel()
	const from = 35 * CHUNK
	expectBytes((await read(reader, from)).value, from)
	expect(reader.urls).toHaveLength(2)
	expect(reader.urls[1]).toContain(`entity-bytes=${from}:`)
	expect(reader.network.open()).toBe(0)
})

test('a player that hops to its old place and back goes on with the request of its seek', async () => {
	const long = await aFile(someBytes(200 * CHUNK), { chunkBytes: CHUNK, links: 174 })
	const reader = aReader({ gateways: { [A]: carGateway(long, 'none', 0, 20) } })
	const pause = (ms: number) => settle(new Promise((resolve) => setTimeout(resolve, ms)))
	const begin = async (from: number) => {
		const opened = (await settle(reader.open(long, { from }))).value
		const stream = opened?.stream(from, long.bytes.byteLength - 1).body.getReader()
		void stream?.read().catch(() => undefined)
		return stream
	}
	const target = 180 * CHUNK
	const sought = await begin(target)
	await pause(100)
	const old = await begin(CHUNK)
	await sought?.cancel()
	await pause(35)
	const again = read(reader, target + CHUNK, long.bytes.byteLength - 1, true, long)
	await old?.cancel()
	expect((await again).value?.byteLength).toBe(19 * CHUNK)
	const asked = reader.urls.map((url) => Number(url.split('entity-bytes=')[1]?.split(':')[0]))
	expect(asked.filter((from) => from >= target)).toEqual([target, target + 16 * CHUNK])
})

test('the first request of a reader is short, and the next goes out when it ends', async () => {
	const long = await aFile(someBytes(400 * CHUNK), { chunkBytes: CHUNK, links: 174 })
	const reader = aReader({ gateways: { [A]: carGateway(long, 'none', 0, 20) } })
	const opened = (await settle(reader.open(long, { from: 0 }))).value
	const stream = opened?.stream(0, long.bytes.byteLength - 1).body.getReader()
	const asked = () => reader.urls.map((url) => url.split('entity-bytes=')[1]?.split(':').map(Number) ?? [])
	for (let block = 0; block < 6; block++) await settle(stream?.read() ?? Promise.resolve(undefined))
	expect(asked()).toEqual([[0, 16 * CHUNK - 1]])
	for (let block = 0; block < 60; block++) await settle(stream?.read() ?? Promise.resolve(undefined))
	expect(asked()[1]).toEqual([16 * CHUNK, 80 * CHUNK - 1])
	expect(reader.network.open()).toBe(1)
	await stream?.cancel()
})

test('what others were to take over and do not bring is read on out of the request that brings it anyway', async () => {
	const reader = aReader({
		gateways: { [A]: carGateway(file, 'none', 0, 60), [B]: carGateway(file, 'nothing') },
		peers: somePeers(new Map()).source
	})
	expectBytes((await read(reader, 0)).value)
	const ofA = reader.urls.filter((url) => url.startsWith(A)).map((url) => url.split('entity-bytes=')[1])
	expect(ofA).toEqual([`0:${16 * CHUNK - 1}`, `${16 * CHUNK}:${SIZE - 1}`])
	// The root, once more.
	expect(total(reader.wasted)).toBeLessThan(CHUNK)
})

test('an answer that nobody came back for ends after some seconds', async () => {
	const reader = aReader({ gateways: { [A]: carGateway(file) } })
	await read(reader, 0, 9)
	expect(reader.network.open()).toBe(1)
	await settle(new Promise((resolve) => setTimeout(resolve, 10_000)))
	expect(reader.network.open()).toBe(0)
})

test.each<[CarFault, number, string]>([
	['lies', 400, 'the bytes were wrong'],
	['truncates', 400, 'the answer was cut off'],
	['breaks', 400, 'it could not be reached'],
	['nothing', 400, 'it does not have this (404)'],
	['server-error', 400, 'it answered 500'],
	['garbage', 400, ''],
	['endless', 400, ''],
	['stalls', 1_600, ''],
	['silent', 1_600, '']
])('a gateway that %s loses its share at once, and is asked last the next time', async (fault, withinMs) => {
	const standing = new GatewayStanding()
	const gateways = { [A]: carGateway(file, fault, 9), [B]: carGateway(file) }
	const reader = aReader({ gateways, standing })
	const { value, tookMs } = await read(reader, 0)
	expectBytes(value)
	expect(tookMs).toBeLessThanOrEqual(withinMs)
	expect(total(reader.received)).toBeLessThan(SIZE * 1.02)
	expect(reader.wrong).toEqual(fault === 'lies' ? [A] : [])
	expect(standing.order([A, B])).toEqual([B, A])
	await settle(new Promise((resolve) => setTimeout(resolve, 20_000)))
	expect(reader.network.open()).toBe(0)
})

test.each<CarFault>(['no-car', 'ignores-car', 'ignores-range'])(
	'a gateway that %s is asked for raw blocks, and no more for a CAR',
	async (fault) => {
		const standing = new GatewayStanding()
		const gateways = { [A]: carGateway(file, fault) }
		const from = 30 * CHUNK
		expectBytes((await read(aReader({ gateways, standing }), from)).value, from)
		const again = aReader({ gateways, standing })
		expectBytes((await read(again, from)).value, from)
		expect(again.urls.every((url) => url.includes('format=raw'))).toBe(true)
	}
)

const large = await aFile(someBytes(400 * CHUNK), { chunkBytes: CHUNK, links: 174 })

describe('a line so quick that the making of CARs is what limits', () => {
	const ofCars = (urls: readonly string[]) => urls.filter((url) => url.includes('format=car')).length
	const readAll = async (gateways: Record<string, FakeGateway>, standing = new GatewayStanding()) => {
		const reader = aReader({ gateways, standing })
		const { value, error } = await read(reader, 0, large.bytes.byteLength - 1, true, large)
		if (value !== undefined) expect(Buffer.compare(value, large.bytes)).toBe(0)
		return { ...reader, value, error }
	}

	const plainRuns = (headers: readonly [string, string][]) =>
		headers
			.filter(([name]) => name === 'Range')
			.map(([, range]) => range.replace('bytes=', '').split('-').map(Number))
			.map(([from = 0, last = 0]) => ({ from, last }))

	test('the plain bytes of leaves that are known are asked for, and checked as blocks', async () => {
		const { urls, headers, value, received } = await readAll({ [A]: carGateway(large) })
		expect(value).toBeDefined()
		expect(urls.length - ofCars(urls)).toBeGreaterThan(0)
		for (const [name, range] of headers.filter(([name]) => name !== 'Accept')) {
			expect(name).toBe('Range')
			expect(range).toMatch(/^bytes=\d+-\d+$/)
		}
		expect(total(received)).toBeLessThan(large.bytes.byteLength * 1.01)
	})

	test('leaves that are not known yet are found by a short CAR, and what was read is not asked for again', async () => {
		const { urls, headers } = await readAll({ [A]: carGateway(large) })
		const scouts = urls.slice(1).flatMap((url) => new URL(url).searchParams.get('entity-bytes') ?? [])
		expect(scouts.length).toBeGreaterThan(0)
		for (const scout of scouts) {
			const [from = 0, last = 0] = scout.split(':').map(Number)
			expect(last - from).toBeLessThan(1024 * 1024)
		}
		const bytes = plainRuns(headers).reduce((sum, { from, last }) => sum + last + 1 - from, 0)
		expect(bytes).toBeLessThan(large.bytes.byteLength)
	})

	test('a file whose leaves are wrapped is asked for as CARs of the usual length', async () => {
		const wrapped = await aFile(large.bytes, {
			chunkBytes: CHUNK,
			links: 174,
			rawLeaves: false
		})
		const reader = aReader({ gateways: { [A]: carGateway(wrapped) } })
		const { value } = await read(reader, 0, large.bytes.byteLength - 1, true, wrapped)
		expect(value?.byteLength).toBe(large.bytes.byteLength)
		expect(ofCars(reader.urls)).toBe(reader.urls.length)
		expect(reader.urls.length).toBeLessThan(8)
	})

	test('a source that stands as far ahead of a reader as may be goes on with the same request', async () => {
		const gateway = carGateway(large)
		const far: FakeGateway = async (signal, url, range) => {
			await new Promise((resolve) => setTimeout(resolve, 500))
			return gateway(signal, url, range)
		}
		const reader = aReader({ gateways: { [A]: far } })
		const last = large.bytes.byteLength - 1
		const opened = (await settle(reader.open(large, { from: 0 }))).value
		const stream = opened?.stream(0, last).body.getReader()
		const next = async () => (await settle(stream?.read() ?? Promise.reject(new Error('no stream')))).value
		for (let block = 0; block < 400; block++) {
			await next()
			if (block % 50 === 0) await settle(new Promise((resolve) => setTimeout(resolve, 2_000)))
		}
		const runs = plainRuns(reader.headers)
		expect(runs.length).toBeGreaterThan(1)
		for (const [index, { from }] of runs.entries()) expect(from).toBeGreaterThan(runs[index - 1]?.last ?? 0)
		expect(total(reader.wasted)).toBeLessThan(CHUNK)
	})

	test.each<CarFault>(['no-range', 'ignores-plain-range'])(
		'a gateway that answers `%s` gives CARs again, and is not asked so again',
		async (fault) => {
			const standing = new GatewayStanding()
			const { value, urls } = await readAll({ [A]: carGateway(large, fault) }, standing)
			expect(value).toBeDefined()
			expect(urls.length - ofCars(urls)).toBe(1)
			expect(standing.penalty(A)).toBe(0)
			const again = await readAll({ [A]: carGateway(large, fault) }, standing)
			expect(again.urls.length - ofCars(again.urls)).toBe(0)
		}
	)

	test.each<CarFault>(['lies', 'truncates', 'breaks'])(
		'plain bytes that a gateway %s are not handed on',
		async (fault) => {
			// Its CARs are good: only what it gives as plain bytes is not.
			const [good, bad] = [carGateway(large), carGateway(large, fault)]
			const half: FakeGateway = (signal, url, range) => (range === undefined ? good : bad)(signal, url, range)
			const { value, wrong } = await readAll({ [A]: half, [B]: good })
			expect(value).toBeDefined()
			expect(wrong).toEqual(fault === 'lies' ? [A] : [])
		}
	)
})

test.each<CarFault>(['reorders', 'duplicates', 'foreign'])('a CAR that %s gives the same bytes', async (fault) => {
	const reader = aReader({ gateways: { [A]: carGateway(file, fault, 3) } })
	expectBytes((await read(reader, 0)).value)
})

test('nobody has it: the error says who was asked and what each said', async () => {
	const peers = somePeers(new Map()).source
	const reader = aReader({ gateways: { [A]: carGateway(file, 'nothing'), [B]: carGateway(file, 'lies') }, peers })
	expect((await read(reader, 0)).error).toMatchObject({
		code: 'content-unavailable',
		detail: [`${A}: it does not have this (404)`, `${B}: the bytes were wrong`, 'peers: do not have it'].join('\n')
	})
	const lying = aReader({ gateways: { [A]: carGateway(file, 'lies') } })
	expect((await read(lying, 0)).error).toMatchObject({ code: 'content-unverified' })
	const nobody = aReader({})
	expect((await read(nobody, 0)).error).toMatchObject({ code: 'content-unavailable', detail: 'no gateway to ask' })
})

test('a file that is built wrong is an error, not a hang', async () => {
	const dag = new DagBuilder()
	const { cid } = await dag.node([await dag.leaf(someBytes(500))], undefined, [400])
	const wrong: TestFile = { root: cid, bytes: new Uint8Array(400), blocks: dag.blocks }
	const reader = aReader({ gateways: { [A]: carGateway(wrong) } })
	expect((await read(reader, 0, 399, true, wrong)).error).toMatchObject({ code: 'content-unsupported' })
})

test('what is on this device is read without the network', async () => {
	const reader = aReader({ gateways: { [A]: carGateway(file) }, local: aStore(file.blocks).local })
	expectBytes((await read(reader, 7 * CHUNK)).value, 7 * CHUNK)
	expect(reader.urls).toEqual([])
	expect([...reader.received.keys()]).toEqual(['local'])
})

test('a file that is not on this device is not looked for there block by block', async () => {
	const store = aStore()
	await read(aReader({ gateways: { [A]: carGateway(file) }, local: store.local }), 0)
	expect(store.looked).toHaveLength(1)
})

test('when only the start is on this device, the request begins where it ends', async () => {
	const store = aStore()
	await read(aReader({ gateways: { [A]: carGateway(file) }, local: store.local }), 0, 4 * CHUNK - 1, false)
	const reader = aReader({ gateways: { [A]: carGateway(file) }, local: store.local })
	expectBytes((await read(reader, 0)).value)
	expect(reader.urls[0]).toContain(`entity-bytes=${4 * CHUNK}:`)
	expect((reader.received.get(A) ?? 0) + (reader.wasted.get(A) ?? 0)).toBeLessThan(SIZE - 3 * CHUNK)
})

test('a stretch in the middle that is on this device is not fetched again', async () => {
	const store = aStore()
	await read(
		aReader({ gateways: { [A]: carGateway(file) }, local: store.local }),
		10 * CHUNK,
		29 * CHUNK - 1,
		false
	)
	const reader = aReader({ gateways: { [A]: carGateway(file, 'none', 0, 30) }, local: store.local })
	expectBytes((await read(reader, 0)).value)
	expect(reader.urls).toHaveLength(2)
	expect((reader.received.get(A) ?? 0) + (reader.wasted.get(A) ?? 0)).toBeLessThan(25 * CHUNK)
})

test('two slow sources share the work of a reader that always waits', async () => {
	const slow = (gateways: TestReaderOptions['gateways'] = {}) => aReader({ gateways })
	const alone = await read(slow({ [A]: carGateway(file, 'none', 0, 100) }), 0)
	const both = await read(
		slow({ [A]: carGateway(file, 'none', 0, 100), [B]: carGateway(file, 'none', 0, 100) }),
		0
	)
	expectBytes(both.value)
	expect(both.tookMs).toBeLessThan(alone.tookMs * 0.75)
})

test('peers that had what was asked lately are asked first, and nobody waits for others', async () => {
	const peerStanding = new PeerStanding()
	const gateways = { [A]: carGateway(file) }
	const empty = somePeers(new Map(), 50)
	const first = aReader({ gateways, peers: empty.source, peerStanding })
	expectBytes((await read(first, 0, 9, false)).value, 0, 9)
	expect(empty.asked).toEqual([])
	for (let asked = 0; asked < 5; asked++) peerStanding.answered(undefined, 40)
	const good = somePeers(file.blocks, 40)
	const second = aReader({ gateways, peers: good.source, peerStanding })
	expectBytes((await read(second, 0, 3 * CHUNK, false)).value, 0, 3 * CHUNK)
	expect(second.urls).toEqual([])
	const gone = aReader({ gateways, peers: somePeers(new Map(), 5_000).source, peerStanding })
	const { value, tookMs } = await read(gone, 0, 3 * CHUNK, false)
	expectBytes(value, 0, 3 * CHUNK)
	expect(tookMs).toBeLessThan(600)
})

test('wants to peers are a few at a time, more where peers are quick and far', async () => {
	const peerStanding = new PeerStanding()
	/** @param serveMs - for one block after the other; `farMs` comes on top of each, for all at once */
	const busiest = async (serveMs: number, farMs: number) => {
		let running = 0
		let most = 0
		let line = Promise.resolve()
		const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
		const { source } = somePeers(file.blocks)
		const reader = aReader({
			peers: {
				async get(cid, options) {
					most = Math.max(most, ++running)
					line = line.then(() => pause(serveMs))
					await line
					await pause(farMs)
					running--
					return source.get(cid, options)
				}
			},
			peerStanding
		})
		expectBytes((await read(reader, 0)).value)
		return most
	}
	expect(await busiest(100, 0)).toBeLessThanOrEqual(3)
	expect(await busiest(50, 400)).toBeGreaterThan(4)
})

test('reading ahead waits for what plays, keeps what it reads, and hands nothing on', async () => {
	const other = await aFile(someBytes(10 * CHUNK, 9), { chunkBytes: CHUNK, links: 174 })
	const store = aStore()
	const gateway: typeof first = (signal, url) =>
		url.includes(other.root.toString()) ? second(signal, url) : first(signal, url)
	const first = carGateway(file, 'none', 0, 50)
	const second = carGateway(other)
	const reader = aReader({ gateways: { [A]: gateway }, local: store.local })
	const playing = read(reader, 0)
	const kept = settle(
		(async () => {
			const opened = await reader.open(other, { from: 0 }, { purpose: 'soon' })
			await opened.keep(0, other.bytes.byteLength - 1)
			return [...other.blocks.keys()].every((key) => store.held.has(key))
		})()
	)
	expectBytes((await playing).value)
	expect(reader.urls.every((url) => url.includes(file.root.toString()))).toBe(true)
	expect((await kept).value).toBe(true)
})

test('a reader that waits says for what and who was asked, and says when it goes on', async () => {
	const reader = aReader({ gateways: { [A]: carGateway(file, 'none', 0, 900) } })
	await read(reader, 0, 9, false)
	expect(reader.waits[0]).toMatchObject({ fromByte: 0, asked: [A] })
	expect(reader.waits.at(-1)).toBeUndefined()
})

test('a network that is gone for some seconds in the middle costs nothing but time', async () => {
	let isOff = false
	const gateway = carGateway(file, 'none', 0, 20)
	const reader = aReader({
		gateways: {
			[A]: (signal, url) => (isOff ? Promise.reject(new TypeError('Failed to fetch')) : gateway(signal, url)),
			[B]: () => Promise.reject(new TypeError('Failed to fetch'))
		}
	})
	const opened = (await settle(reader.open(file, { from: 0 }))).value
	const start = opened?.stream(0, 9 * CHUNK).body.getReader()
	await settle(start?.read().then(() => undefined) ?? Promise.resolve())
	await start?.cancel()
	isOff = true
	setTimeout(() => {
		isOff = false
	}, 8_000)
	await settle(new Promise((resolve) => setTimeout(resolve, 1_000)))
	expectBytes((await read(reader, 0)).value)
})

test('opening can be given up', async () => {
	const reader = aReader({ gateways: { [A]: carGateway(file, 'silent') } })
	const stop = new AbortController()
	const opening = settle(reader.open(file, { from: 0 }, { signal: stop.signal }))
	stop.abort()
	expect((await opening).error).toMatchObject({ name: 'AbortError' })
	await settle(new Promise((resolve) => setTimeout(resolve, 1_000)))
	expect(reader.network.open()).toBe(0)
})
