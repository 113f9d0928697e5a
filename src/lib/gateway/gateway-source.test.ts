import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CID } from 'multiformats/cid'
import { identity } from 'multiformats/hashes/identity'
import * as raw from 'multiformats/codecs/raw'
import * as Digest from 'multiformats/hashes/digest'
import type { BlockWatch } from './block-source'
import { aBlock, fakeFetch, gateways, settle, type FakeGateway } from './gateway.fixture'
import { createGatewaySource } from './gateway-source'
import { GatewayStanding } from './gateway-standing'

beforeEach(() => {
	vi.useFakeTimers()
})
afterEach(() => {
	vi.useRealTimers()
})

const BAD = 'https://bad.example'
const GOOD = 'https://good.example'
/** A gateway of which nothing is known gets company after 800 ms; a fault must not wait for that. */
const BEFORE_ANY_HEDGE_MS = 700

function aSource(
	fakes: Readonly<Record<string, FakeGateway>>,
	options: { order?: readonly string[]; online?: boolean; allowLocal?: boolean } = {}
) {
	const standing = new GatewayStanding()
	const network = fakeFetch(fakes)
	const source = createGatewaySource({
		gateways: () => options.order ?? Object.keys(fakes),
		allowLocal: () => options.allowLocal ?? false,
		online: () => options.online ?? true,
		fetch: network.fetch,
		standing
	})
	const received: string[] = []
	const wrong: string[] = []
	const watch: BlockWatch = {
		received: (kind, name, bytes) => received.push(`${kind} ${name} ${String(bytes)}`),
		wrong: (name) => wrong.push(name),
		wasted: () => undefined,
		waiting: () => undefined
	}
	const get = (cid: CID, signal = new AbortController().signal, hints: readonly string[] = []) =>
		settle(source.get(cid, { signal, watch, hints }))
	return { get, standing, network, received, wrong }
}

test('gives the block, says where it came from, and asks nobody else', async () => {
	const block = await aBlock()
	const { get, network, received } = aSource({
		[GOOD]: gateways.good(block),
		'https://other.example': gateways.good(block)
	})
	expect((await get(block.cid)).value).toEqual(block.bytes)
	expect(network.asked).toEqual([GOOD])
	expect(received).toEqual([`gateway ${GOOD} 100000`])
})

const block = await aBlock()
test.each([
	['lies', gateways.lying(block), BEFORE_ANY_HEDGE_MS],
	['cuts off', gateways.truncating(block), BEFORE_ANY_HEDGE_MS],
	['sends without end', gateways.endless(), BEFORE_ANY_HEDGE_MS],
	['breaks', gateways.breaking(block), BEFORE_ANY_HEDGE_MS],
	['says 429', gateways.status(429), BEFORE_ANY_HEDGE_MS],
	['says 500', gateways.status(500), BEFORE_ANY_HEDGE_MS],
	['says 404', gateways.status(404), BEFORE_ANY_HEDGE_MS],
	['stalls', gateways.stalling(block), 1_600],
	['never answers', gateways.silent(), 1_600],
	['drips', gateways.dripping(block), 2_000]
])('goes on at once past a gateway that %s, and asks it last the next time', async (_, bad, withinMs) => {
	const { get, network } = aSource({ [BAD]: bad, [GOOD]: gateways.good(block) })
	const first = await get(block.cid)
	expect(first.value).toEqual(block.bytes)
	expect(first.tookMs).toBeLessThanOrEqual(withinMs)
	expect(network.asked).toEqual([BAD, GOOD])
	expect(network.open()).toBe(0)
	const again = await get(block.cid)
	expect(again.value).toEqual(block.bytes)
	expect(network.asked.slice(2)).toEqual([GOOD])
})

test('counts wrong blocks against the gateway that sent them', async () => {
	const { get, wrong, received } = aSource({ [BAD]: gateways.lying(block), [GOOD]: gateways.good(block) })
	await get(block.cid)
	expect(wrong).toEqual([BAD])
	expect(received).toEqual([`gateway ${GOOD} 100000`])
})

test('lets a slow gateway finish when the others have nothing', async () => {
	const { get, network } = aSource({ [GOOD]: gateways.slow(block, 4_000), [BAD]: gateways.status(404) })
	expect((await get(block.cid)).value).toEqual(block.bytes)
	expect(network.asked).toEqual([GOOD, BAD])
})

test('says who was tried and why when no one is left', async () => {
	const { get } = aSource({ [BAD]: gateways.status(500), [GOOD]: gateways.status(404) })
	const { error } = await get(block.cid)
	expect(error).toMatchObject({ name: 'AppError', code: 'content-unavailable' })
	expect((error as { detail: string }).detail.split('\n')).toEqual([
		`${BAD}: it answered 500`,
		`${GOOD}: it does not have this (404)`
	])
})

test('says that the bytes were wrong when all that came was', async () => {
	const { get } = aSource({ [BAD]: gateways.lying(block) })
	expect((await get(block.cid)).error).toMatchObject({ code: 'content-unverified' })
})

test('gives up on gateways that never answer, all within one deadline and the hedges before it', async () => {
	const { get, network } = aSource({ [BAD]: gateways.silent(), [GOOD]: gateways.silent() })
	const { error, tookMs } = await get(block.cid)
	expect(error).toMatchObject({ code: 'content-unavailable' })
	expect(tookMs).toBeLessThan(18_000)
	expect(network.open()).toBe(0)
})

test('leaves a gateway alone for as long as it asks', async () => {
	const { get, network, standing } = aSource({
		[BAD]: gateways.status(429, { 'retry-after': '60' }),
		[GOOD]: gateways.status(404)
	})
	await get(block.cid)
	const { error } = await get(block.cid)
	expect(network.asked.filter((origin) => origin === BAD)).toHaveLength(1)
	expect((error as { detail: string }).detail).toContain(`${BAD}: asked us to wait`)
	await vi.advanceTimersByTimeAsync(60_000)
	expect(standing.waitMs(BAD)).toBe(0)
	await get(block.cid)
	expect(network.asked.filter((origin) => origin === BAD)).toHaveLength(2)
})

test('tries a broken connection once more when there is nobody else', async () => {
	let tries = 0
	const { get } = aSource({
		[GOOD]: (signal, url) => gateways[tries++ === 0 ? 'breaking' : 'good'](block)(signal, url)
	})
	expect((await get(block.cid)).value).toEqual(block.bytes)
})

test('stops all requests when the reader goes', async () => {
	const { get, network } = aSource({ [BAD]: gateways.silent(), [GOOD]: gateways.silent() })
	const stop = new AbortController()
	setTimeout(() => {
		stop.abort()
	}, 3_000)
	const { error } = await get(block.cid, stop.signal)
	expect(error).toMatchObject({ name: 'AbortError' })
	expect(network.asked).toHaveLength(2)
	expect(network.open()).toBe(0)
})

test('asks only this machine and its network while offline', async () => {
	const local = 'http://127.0.0.1:8080'
	const { get, network } = aSource(
		{ [GOOD]: gateways.good(block), [local]: gateways.good(block) },
		{ online: false, allowLocal: true }
	)
	expect((await get(block.cid)).value).toEqual(block.bytes)
	expect(network.asked).toEqual([local])
})

test('never reaches into the local network, or over plain http, unless Settings allow it', async () => {
	const { get, network } = aSource({
		'http://127.0.0.1:8080': gateways.good(block),
		'https://192.168.1.2': gateways.good(block),
		'http://gateway.example': gateways.good(block)
	})
	expect((await get(block.cid)).error).toMatchObject({ code: 'content-unavailable' })
	expect(network.asked).toEqual([])
})

test('asks https gateways that an announcement hints at, and no other hints', async () => {
	const { get, network } = aSource(
		{ [BAD]: gateways.status(404), [GOOD]: gateways.good(block) },
		{ order: [BAD], allowLocal: true }
	)
	const { value } = await get(block.cid, undefined, ['/ip4/1.2.3.4/tcp/1', 'https://127.0.0.1', GOOD])
	expect(value).toEqual(block.bytes)
	expect(network.asked).toEqual([BAD, GOOD])
})

test('reads an identity CID without asking anyone, and refuses hashes it cannot check', async () => {
	const { get, network } = aSource({ [GOOD]: gateways.good(block) })
	const inside = CID.createV1(raw.code, identity.digest(new Uint8Array([1, 2, 3])))
	expect((await get(inside)).value).toEqual(new Uint8Array([1, 2, 3]))
	const md5 = CID.createV1(raw.code, Digest.create(0xd5, new Uint8Array(16)))
	expect((await get(md5)).error).toMatchObject({ code: 'content-unsupported' })
	expect(network.asked).toEqual([])
})
