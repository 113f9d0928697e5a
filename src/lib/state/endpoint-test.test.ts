import { expect, test } from 'vitest'
import { AppError } from '$lib/errors'
import { testGateway, testHub, testRouter } from './endpoint-test'

const { signal } = new AbortController()
const answering =
	(body: string | null, init: ResponseInit = {}): typeof globalThis.fetch =>
	() =>
		Promise.resolve(new Response(body, init))
const silent: typeof globalThis.fetch = () => Promise.reject(new TypeError('failed to fetch'))

test('a gateway gives the empty block and nothing else', async () => {
	expect(await testGateway('https://g.example', signal, answering(null))).toMatchObject({ state: 'answers' })
	expect(await testGateway('https://g.example', signal, answering('<html>welcome'))).toMatchObject({
		cause: 'not-a-gateway'
	})
	expect(await testGateway('https://g.example', signal, answering(null, { status: 403 }))).toMatchObject({
		cause: 'refused'
	})
	expect(await testGateway('https://g.example', signal, silent)).toMatchObject({ cause: 'unreachable' })
})

test('a router may know no one, but must answer as a router', async () => {
	const json = { headers: { 'content-type': 'application/x-ndjson' } }
	const html = { headers: { 'content-type': 'text/html' } }
	expect(await testRouter('https://r.example', signal, answering('', json))).toMatchObject({ state: 'answers' })
	expect(
		await testRouter(
			'https://r.example',
			signal,
			answering('', { status: 404, headers: { 'content-type': 'text/plain' } })
		)
	).toMatchObject({ state: 'answers' })
	expect(await testRouter('https://r.example', signal, answering('<html>', html))).toMatchObject({
		cause: 'not-a-router'
	})
	expect(await testRouter('https://r.example', signal, answering('', { ...html, status: 404 }))).toMatchObject({
		cause: 'not-a-router'
	})
})

test('a test that was stopped gives no verdict', async () => {
	const stopped = AbortSignal.abort()
	await expect(testGateway('https://g.example', stopped, silent)).rejects.toMatchObject({ name: 'AbortError' })
})

test('a hub that cannot be dialled says why', async () => {
	const dial = () => Promise.reject(new AppError('unreachable', 'x', { detail: 'connection refused' }))
	expect(await testHub('/dns4/h.example', dial, signal)).toEqual({
		state: 'failed',
		cause: 'undialled',
		detail: 'connection refused'
	})
	expect(await testHub('/dns4/h.example', () => Promise.resolve(), signal)).toMatchObject({ state: 'answers' })
})
