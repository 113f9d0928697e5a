import { createReadStream } from 'node:fs'
import { bundlePage } from '../../playwright/fixtures/bundled-page.ts'
import { serveFolder } from '../../scripts/serve.mjs'
import { dataFile } from './data-set.ts'

export interface BenchServer {
	/** Ends with a slash. */
	readonly url: string
	close(): Promise<void>
}

/**
 * Serves the page with the app's catalog worker and the rivals' workers, and stored publications at
 * `data/<key>/<offset>-<bytes>`.
 */
export async function serveBench(): Promise<BenchServer> {
	return serveFolder({
		folder: await bundlePage(new URL('./page/', import.meta.url), 'bench-search-page'),
		answer: (request, response) => {
			const { pathname } = new URL(request.url ?? '/', 'http://localhost')
			const data = /^\/data\/([\w-]+)\/(\d+)-(\d+)$/.exec(pathname)
			if (data === null) return false
			const [start, bytes] = [Number(data[2]), Number(data[3])]
			response.writeHead(200, { 'content-length': bytes, 'cache-control': 'no-store' })
			createReadStream(dataFile(data[1] ?? ''), { start, end: start + bytes - 1 }).pipe(response)
			return true
		}
	})
}
