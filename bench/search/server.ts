import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { dataFile } from './data-set.ts'

export interface BenchServer {
	/** Ends with a slash. */
	readonly url: string
	close(): Promise<void>
}

const TYPES: Readonly<Record<string, string>> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.wasm': 'application/wasm'
}

/** Serves the bundle, and stored publications at `data/<key>/<offset>-<bytes>`. */
export async function serveBench(folder: string): Promise<BenchServer> {
	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url ?? '/', 'http://localhost')
		const data = /^\/data\/([\w-]+)\/(\d+)-(\d+)$/.exec(pathname)
		if (data !== null) {
			const [start, bytes] = [Number(data[2]), Number(data[3])]
			response.writeHead(200, { 'content-length': bytes, 'cache-control': 'no-store' })
			createReadStream(dataFile(data[1] ?? ''), { start, end: start + bytes - 1 }).pipe(response)
			return
		}
		const name = /^\/(assets\/)?[\w.-]+$/.test(pathname) ? pathname.slice(1) : 'index.html'
		readFile(`${folder}${name}`).then(
			(body) => {
				response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' })
				response.end(body)
			},
			() => response.writeHead(404).end()
		)
	})
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
	return {
		url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve())
				server.closeAllConnections()
			})
	}
}
