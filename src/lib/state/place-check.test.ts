import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startFakePinata, type FakePinata } from '../../../playwright/fakes/pinata'
import { startFakePinningService, type FakePinningService } from '../../../playwright/fakes/pinning-service'
import { KUBO_BIN, startKubo, type KuboNode } from '$lib/p2p/kubo.fixture'
import { checkPlace, type CheckDoors, type CheckLine, type PlaceToCheck } from './place-check'

const KEY = 'eyJh.good.key'
const signal = new AbortController().signal
let pinata: FakePinata
let pins: FakePinningService

beforeEach(async () => {
	;[pinata, pins] = await Promise.all([startFakePinata(KEY), startFakePinningService('token')])
})
afterEach(async () => {
	await Promise.all([pinata.close(), pins.close()])
})

const doors = (more: Partial<CheckDoors> = {}): CheckDoors => ({
	page: { protocol: 'https:', origin: 'https://library.example', pathname: '/' },
	localNetwork: () => Promise.resolve(undefined),
	anybody: () => Promise.resolve(false),
	...more
})

async function check(place: PlaceToCheck, more?: Partial<CheckDoors>) {
	let lines: readonly CheckLine[] = []
	const fine = await checkPlace(place, signal, (now) => (lines = now), doors(more))
	const failed = lines.find(({ state }) => state === 'failed')
	return { fine, lines, failed: failed && { step: failed.step, advice: failed.advice }, words: failed?.words }
}

describe('Pinata', () => {
	const place = (token = KEY): PlaceToCheck => ({ kind: 'pinata', endpoint: pinata.origin, token })

	test('a good key goes through every step, and leaves the account as it was', async () => {
		const { fine, lines } = await check(place())
		expect(fine).toBe(true)
		expect(lines.map(({ step, state }) => `${step} ${state}`)).toEqual([
			'key ok',
			'answers ok',
			'read ok',
			'write ok',
			'room ok'
		])
		expect(pinata.files).toEqual([])
	})

	test.each([
		['', 'key', 'no-key'],
		['not a key', 'key', 'key-shape'],
		['eyJh.other.key', 'answers', 'key-refused']
	] as const)('the key "%s" fails at %s: %s', async (token, step, advice) => {
		expect((await check(place(token))).failed).toEqual({ step, advice })
	})

	test('a key that may only read fails at writing, with the words of Pinata', async () => {
		pinata.keys.set(KEY, ['files:read'])
		const { failed, words } = await check(place())
		expect(failed).toEqual({ step: 'write', advice: 'key-scope' })
		expect(words).toContain('required scopes')
	})

	test('too many requests, and nobody there', async () => {
		pinata.fault = 'rate-limited'
		expect((await check(place())).failed).toEqual({ step: 'answers', advice: 'rate-limited' })
		const gone = { ...place(), endpoint: 'http://127.0.0.1:9' }
		expect((await check(gone)).failed).toEqual({ step: 'answers', advice: 'not-running' })
		const hidden = await check(gone, { anybody: () => Promise.resolve(true) })
		expect(hidden.failed).toEqual({ step: 'answers', advice: 'service-cors' })
	})
})

describe('a pinning service', () => {
	const place = (more: Partial<PlaceToCheck> = {}): PlaceToCheck => ({
		kind: 'pinning',
		endpoint: pins.endpoint,
		token: 'token',
		...more
	})

	test('a good one goes through', async () => {
		expect((await check(place())).fine).toBe(true)
	})

	test.each([
		[{ endpoint: 'pins.example' }, 'address', 'address'],
		[{ token: 'other' }, 'key', 'key-refused'],
		[{ token: '' }, 'key', 'no-key']
	] as const)('%o fails', async (more, step, advice) => {
		expect((await check(place(more))).failed).toEqual({ step, advice })
	})

	test('an endpoint one folder off is told apart from one that is not there', async () => {
		pinata.keys.set('token', ['files:read', 'files:write'])
		const { failed } = await check(place({ endpoint: `${pinata.origin}/v3/files/public` }))
		expect(failed?.step).toBe('answers')
	})
})

describe('a Kubo node', () => {
	const place = (endpoint: string): PlaceToCheck => ({ kind: 'kubo', endpoint, token: '' })

	test('an address that is none, and a plain one elsewhere from a secure page', async () => {
		expect((await check(place('127.0.0.1'))).failed).toEqual({ step: 'address', advice: 'address' })
		expect((await check(place('http://node.example:5001'))).failed).toEqual({
			step: 'address',
			advice: 'needs-https'
		})
	})

	test.each([
		[{}, 'not-running'],
		[{ localNetwork: () => Promise.resolve('denied') }, 'local-network'],
		[{ anybody: () => Promise.resolve(true) }, 'cors']
	] as const)('no answer with %o is %s', async (more, advice) => {
		expect((await check(place('http://127.0.0.1:9'), more)).failed).toEqual({ step: 'answers', advice })
	})

	test('something else that answers is no node', async () => {
		expect((await check(place(pins.endpoint))).failed?.advice).toBe('no-key')
	})
})

describe.skipIf(KUBO_BIN === '')('with a real Kubo (KUBO_BIN)', () => {
	let kubo: KuboNode
	beforeAll(async () => {
		kubo = await startKubo()
	}, 60_000)
	afterAll(() => kubo.remove())

	test('it goes through every step', async () => {
		const { fine, lines } = await check({ kind: 'kubo', endpoint: kubo.rpc, token: '' })
		expect(lines.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok'])
		expect(fine).toBe(true)
	})

	test('its gateway is not its RPC', async () => {
		const { failed } = await check({ kind: 'kubo', endpoint: kubo.gateway, token: '' })
		expect(failed).toEqual({ step: 'answers', advice: 'not-kubo' })
	})
})
