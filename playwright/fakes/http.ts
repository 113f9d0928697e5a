/// <reference types="node" />
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** What browsers need to be let in, as the real services send it. */
export const CORS = {
	'Access-Control-Allow-Origin': '*',
	'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
	'Access-Control-Allow-Headers': '*, Authorization',
	'Access-Control-Expose-Headers': 'Location, Upload-Offset, upload-cid, Retry-After'
}

export interface Listening {
	readonly origin: string
	close(): Promise<void>
}

/** What a server shows of itself by TLS, in PEM. */
export interface Certificate {
	readonly key: string
	readonly cert: string
}

/**
 * Serves on a free port of loopback. What `answer` throws drops the connection.
 * @param certificate - by TLS with this one; without it in the clear
 */
export async function listen(
	answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
	certificate?: Certificate
): Promise<Listening> {
	const take = (request: IncomingMessage, response: ServerResponse) => {
		// Kept here: a request whose body is no longer read gives its socket up.
		const { socket } = request
		answer(request, response).catch(() => socket.destroy())
	}
	const server = certificate === undefined ? createServer(take) : createTlsServer(certificate, take)
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
	return {
		origin: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () =>
			new Promise((resolve) => {
				server.closeAllConnections()
				server.close(() => {
					resolve()
				})
			})
	}
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
	const parts: Buffer[] = []
	for await (const part of request) parts.push(part as Buffer)
	return Buffer.concat(parts)
}

export function json(response: ServerResponse, status: number, value: unknown): void {
	response.writeHead(status, { ...CORS, 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}

export const bearerOf = (request: IncomingMessage): string =>
	/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
