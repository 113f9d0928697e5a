import { afterEach, beforeEach, expect, test } from 'vitest'
import { startFakePinningService, type FakePinningService } from '../../../playwright/fakes/pinning-service'
import { PinningService } from './pinning-service'

const cid = 'bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau'
const signal = new AbortController().signal
let fake: FakePinningService
let service: PinningService

beforeEach(async () => {
	fake = await startFakePinningService('a-token')
	service = new PinningService({ endpoint: `${fake.endpoint}/`, token: 'a-token' })
})
afterEach(() => fake.close())

test('a pin is asked for with its origins, followed, listed and taken away', async () => {
	const origins = Array.from({ length: 30 }, (_, n) => `/dns4/node${n}.example/tcp/4001`)
	const { requestId, state } = await service.add({ cid, name: 'Northing', origins }, signal)
	expect(state).toBe('queued')
	expect(fake.requests[0]?.pin).toEqual({ cid, name: 'Northing', origins: origins.slice(0, 20) })
	expect((await service.get(requestId, signal))?.state).toBe('pinning')
	expect((await service.get(requestId, signal))?.state).toBe('pinned')
	expect(await service.list(signal, { cids: [cid] })).toMatchObject({ count: 1, pins: [{ requestId, cid }] })
	await service.remove(requestId, signal)
	await service.remove(requestId, signal)
	expect(await service.get(requestId, signal)).toBeUndefined()
})

test.each([
	['full', 'quota', /lack of funds/],
	['rate-limited', 'rate-limited', /Slow down/]
] as const)('%s is told in its words', async (fault, code, detail) => {
	fake.fault = fault
	await expect(service.add({ cid }, signal)).rejects.toMatchObject({
		code,
		detail: expect.stringMatching(detail) as unknown
	})
})

test('a token that is not known is refused, and not repeated', async () => {
	const stranger = new PinningService({ endpoint: fake.endpoint, token: 'stolen-token' })
	const error = (await stranger.list(signal).catch((thrown: unknown) => thrown)) as Error
	expect(error).toMatchObject({ code: 'key-refused' })
	expect(JSON.stringify([error.message, error.stack])).not.toContain('stolen-token')
})

test.each([['<html>'], ['{"results":[{"requestid":1}]}'], ['{}'], ['null']])(
	'%s is no pinning service',
	async (body) => {
		const other = new PinningService({
			endpoint: 'https://pins.example',
			token: 'x',
			fetch: () => Promise.resolve(new Response(body))
		})
		await expect(other.list(signal)).rejects.toMatchObject({ code: 'invalid-setting' })
	}
)

test.each(['', 'pins.example', 'ftp://pins.example'])('"%s" is no endpoint', (endpoint) => {
	expect(() => new PinningService({ endpoint, token: '' })).toThrow(
		expect.objectContaining({ code: 'invalid-setting' })
	)
})
