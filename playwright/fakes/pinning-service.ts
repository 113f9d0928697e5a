/// <reference types="node" />
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { bearerOf, bodyOf, CORS, json, listen } from './http.ts'

type State = 'queued' | 'pinning' | 'pinned' | 'failed'

interface Request {
	readonly requestid: string
	readonly created: string
	readonly pin: { readonly cid: string; readonly name?: string; readonly origins?: readonly string[] }
	status: State
}

export interface FakePinningService {
	/** What a person types: `/pins` is added to it. */
	readonly endpoint: string
	/** What becomes of a request, one step each time it is looked at. */
	course: State[]
	/** `full` refuses for want of room, `rate-limited` with 429. */
	fault: 'none' | 'full' | 'rate-limited'
	readonly requests: Request[]
	close(): Promise<void>
}

/** The Pinning Service API 1.0.0, from its specification. */
export async function startFakePinningService(token = 'a-token'): Promise<FakePinningService> {
	const fake: FakePinningService = {
		endpoint: '',
		course: ['queued', 'pinning', 'pinned'],
		fault: 'none',
		requests: [],
		close: () => server.close()
	}

	const shown = (request: Request) => ({ ...request, delegates: ['/dns4/pins.example/tcp/4001'], info: {} })

	/** Moves a request one step on. */
	function look(request: Request): Request {
		const at = fake.course.indexOf(request.status)
		request.status = fake.course[Math.min(at + 1, fake.course.length - 1)] ?? request.status
		return request
	}

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = new URL(request.url ?? '/', 'http://pins')
		if (request.method === 'OPTIONS') {
			response.writeHead(204, CORS).end()
			return
		}
		const fail = (status: number, reason: string, details: string) => {
			json(response, status, { error: { reason, details } })
		}
		if (bearerOf(request) !== token) {
			fail(401, 'UNAUTHORIZED', 'Access token is missing or invalid')
			return
		}
		if (fake.fault === 'rate-limited') {
			fail(429, 'TOO_MANY', 'Slow down')
			return
		}
		const id = /^\/api\/pins\/([^/]+)$/.exec(url.pathname)?.[1]
		if (id !== undefined) {
			const at = fake.requests.findIndex(({ requestid }) => requestid === id)
			const found = fake.requests[at]
			if (found === undefined) fail(404, 'NOT_FOUND', 'The specified resource was not found')
			else if (request.method === 'DELETE') {
				fake.requests.splice(at, 1)
				response.writeHead(202, CORS).end()
			} else json(response, 200, shown(look(found)))
			return
		}
		if (url.pathname !== '/api/pins') {
			fail(404, 'NOT_FOUND', 'no such endpoint')
			return
		}
		if (request.method === 'POST') {
			if (fake.fault === 'full') {
				fail(409, 'INSUFFICIENT_FUNDS', 'Unable to process request due to the lack of funds')
				return
			}
			const pin = JSON.parse((await bodyOf(request)).toString()) as Request['pin']
			const made: Request = {
				requestid: randomUUID(),
				created: new Date().toISOString(),
				pin,
				status: fake.course[0] ?? 'queued'
			}
			fake.requests.push(made)
			json(response, 202, shown(made))
			return
		}
		const cids = url.searchParams.get('cid')?.split(',')
		const states = url.searchParams.get('status')?.split(',') ?? ['pinned']
		const found = fake.requests.filter(
			({ pin, status }) => (cids === undefined || cids.includes(pin.cid)) && states.includes(status)
		)
		const limit = Number(url.searchParams.get('limit') ?? 10)
		json(response, 200, { count: found.length, results: found.slice(0, limit).map(shown) })
	}

	const server = await listen(answer)
	return Object.assign(fake, { endpoint: `${server.origin}/api` })
}
