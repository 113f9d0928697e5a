import { expect, test } from 'vitest'
import { fetchAhead } from './fetch-ahead'

const wish = { from: 0, to: 99, ahead: 'soon' } as const
const { signal } = new AbortController()

test('asks for a range by the header that keeps it from the page', async () => {
	const asked: [unknown, RequestInit | undefined][] = []
	await fetchAhead('ipfs/file', wish, signal, (url, init) => {
		asked.push([url, init])
		return Promise.resolve(new Response(null, { status: 202 }))
	})
	expect(asked[0]?.[0]).toBe('ipfs/file')
	expect(asked[0]?.[1]?.headers).toEqual({ range: 'bytes=0-99', 'Antiphon-Ahead': 'soon' })
})

test('anything but 202 is a failure, and its body is not read', async () => {
	let cancelled = false
	const body = new ReadableStream({
		cancel: () => {
			cancelled = true
		}
	})
	await expect(
		fetchAhead('ipfs/file', wish, signal, () => Promise.resolve(new Response(body, { status: 206 })))
	).rejects.toMatchObject({ code: 'content-unavailable' })
	expect(cancelled).toBe(true)
})

test('a body that breaks before its end is a failure', async () => {
	const body = new ReadableStream({
		start: (controller) => {
			controller.error(new TypeError('network error'))
		}
	})
	await expect(
		fetchAhead('ipfs/file', wish, signal, () => Promise.resolve(new Response(body, { status: 202 })))
	).rejects.toMatchObject({ code: 'content-unavailable' })
})
