import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'

/**
 * Content types by file name; anything else goes out as bytes, and is never sniffed.
 * @type {Record<string, string>}
 */
const CONTENT_TYPES = {
	'.car': 'application/vnd.ipld.car',
	'.cbor': 'application/cbor',
	'.css': 'text/css; charset=utf-8',
	'.html': 'text/html; charset=utf-8',
	'.ico': 'image/x-icon',
	'.jpg': 'image/jpeg',
	'.js': 'text/javascript; charset=utf-8',
	'.json': 'application/json',
	'.map': 'application/json',
	'.mjs': 'text/javascript; charset=utf-8',
	'.png': 'image/png',
	'.svg': 'image/svg+xml',
	'.txt': 'text/plain; charset=utf-8',
	'.wasm': 'application/wasm',
	'.webmanifest': 'application/manifest+json',
	'.webp': 'image/webp',
	'.woff2': 'font/woff2'
}

/**
 * Kit names the files of `_app/immutable` by their content; the page and the worker must be asked for anew,
 * or a new release is not seen.
 * @param {string} path - below the folder, with forward slashes
 */
function cacheControl(path) {
	if (path.startsWith('_app/immutable/')) return 'public, max-age=31536000, immutable'
	return 'no-cache'
}

/**
 * The file that a request path names, or undefined for one that is outside `prefix` or would leave the folder.
 * @param {string} url - the path and query of a request
 * @param {string} prefix - starts and ends with a slash
 */
function relativePath(url, prefix) {
	let path
	try {
		path = decodeURIComponent(new URL(url, 'http://localhost').pathname)
	} catch {
		return undefined
	}
	if (!path.startsWith(prefix) || path.includes('\0') || path.includes('\\')) return undefined
	const relative = normalize(path.slice(prefix.length))
	if (relative === '..' || relative.startsWith(`..${sep}`) || relative.startsWith(sep)) return undefined
	const inUrl = relative.split(sep).join('/')
	if (inUrl === '.' || inUrl === './') return 'index.html'
	return inUrl.endsWith('/') ? `${inUrl}index.html` : inUrl
}

/**
 * Serves a folder of static files, as the plainest web host would: no fallback page, no ranges, no compression.
 * @param {object} options
 * @param {string} options.folder
 * @param {string} [options.prefix] - where the folder is mounted, for example `/sub/` or `/ipfs/<cid>/`
 * @param {number} [options.port] - 0 for any free one
 * @param {string} [options.host]
 * @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => boolean} [options.answer] -
 * asked first; true when it answers, and the folder is not looked at
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} `url` ends with the prefix
 * @throws the error of `listen`, for example one with code `EADDRINUSE`
 */
export async function serveFolder({ folder, prefix = '/', port = 0, host = '127.0.0.1', answer }) {
	const server = createServer(async (request, response) => {
		if (answer?.(request, response)) return
		/** @param {number} status @param {Record<string, string>} [headers] */
		const refuse = (status, headers = {}) => {
			response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers })
			response.end(`${status}\n`)
		}
		if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, { allow: 'GET, HEAD' })
		const relative = relativePath(request.url ?? '/', prefix)
		if (relative === undefined) return refuse(404)
		const path = join(folder, relative)
		const found = await stat(path).catch(() => undefined)
		if (!found?.isFile()) return refuse(404)
		response.writeHead(200, {
			'content-type': CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
			'content-length': found.size,
			'cache-control': cacheControl(relative),
			'x-content-type-options': 'nosniff'
		})
		if (request.method === 'HEAD') return response.end()
		createReadStream(path)
			.on('error', () => response.destroy())
			.pipe(response)
	})
	await new Promise((resolve, reject) => {
		server.once('error', reject)
		server.listen(port, host, () => resolve(undefined))
	})
	const address = server.address()
	if (address === null || typeof address === 'string') throw new Error('the server has no port')
	return {
		url: `http://${host}:${address.port}${prefix}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve())
				server.closeAllConnections()
			})
	}
}
