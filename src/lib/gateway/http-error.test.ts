import { expect, test } from 'vitest'
import { AppError } from '../errors'
import { errorResponse, httpError } from './http-error'

test.each([
	['bad-path', 400],
	['not-found', 404],
	['content-unsupported', 501],
	['content-unverified', 502],
	['content-unavailable', 504]
] as const)('%s is %i', (code, status) => {
	expect(httpError(new AppError(code, 'm'))).toEqual({ status, body: { code, message: 'm' } })
})

test('no source left is a 504 that says what was tried', async () => {
	const response = errorResponse(
		new AppError('content-unavailable', 'none', { detail: 'https://a: 404\nhttps://b: 500' })
	)
	expect(response.status).toBe(504)
	expect(response.headers.get('cache-control')).toBe('no-store')
	expect(await response.json()).toEqual({
		code: 'content-unavailable',
		message: 'none',
		tried: ['https://a: 404', 'https://b: 500']
	})
})

test('an error that crossed a port keeps its code', () => {
	expect(httpError(Object.assign(new Error('m'), { name: 'AppError', code: 'not-found' })).status).toBe(404)
})

test('deadlines are 504, and foreign errors keep their words to themselves', () => {
	expect(httpError(new DOMException('', 'TimeoutError')).status).toBe(504)
	expect(httpError(new Error('secret'))).toEqual({
		status: 500,
		body: { code: 'internal', message: 'something went wrong while reading' }
	})
})
