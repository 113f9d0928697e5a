import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { serveFolder } from './serve.mjs'

let above
let server

beforeEach(async () => {
	above = await mkdtemp(join(tmpdir(), 'antiphon-serve-'))
	const folder = join(above, 'site')
	await mkdir(join(folder, '_app/immutable'), { recursive: true })
	await writeFile(join(above, 'secret.txt'), 'secret')
	for (const name of ['index.html', 'service-worker.js', '_app/immutable/a.js', 'x.webmanifest', 'x.car', 'x.bin'])
		await writeFile(join(folder, name), name)
	server = await serveFolder({ folder, prefix: '/ipfs/bafy/' })
})

afterEach(async () => {
	await server.close()
	await rm(above, { recursive: true })
})

const get = (path, init) => fetch(new URL(path, server.url), init)

/** Sends the path as it stands: `fetch` would resolve its dots first. */
function statusOfRaw(path) {
	const { hostname, port } = new URL(server.url)
	return new Promise((resolve, reject) => {
		const socket = connect(Number(port), hostname)
		socket.once('error', reject)
		socket.once('data', (data) => {
			socket.destroy()
			resolve(Number(data.toString().split(' ')[1]))
		})
		socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
	})
}

test('the page is the folder itself', async () => {
	const response = await get('./?hubs=')
	expect(await response.text()).toBe('index.html')
})

test.each([
	['index.html', 'text/html; charset=utf-8', 'no-cache'],
	['service-worker.js', 'text/javascript; charset=utf-8', 'no-cache'],
	['_app/immutable/a.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
	['x.webmanifest', 'application/manifest+json', 'no-cache'],
	['x.car', 'application/vnd.ipld.car', 'no-cache'],
	['x.bin', 'application/octet-stream', 'no-cache']
])('%s goes out as %s, %s', async (path, type, caching) => {
	const { headers } = await get(path)
	expect([headers.get('content-type'), headers.get('cache-control')]).toEqual([type, caching])
})

describe('nothing but the files of the folder is served', () => {
	test.each([
		'/ipfs/bafy/../../secret.txt',
		'/ipfs/bafy/..%2f..%2fsecret.txt',
		'/ipfs/bafy/..%2fsecret.txt',
		'/ipfs/bafy/%2e%2e/secret.txt',
		'/ipfs/bafy/..%5csecret.txt',
		'/ipfs/bafy//etc/passwd',
		'/ipfs/bafy/%00',
		'/ipfs/bafy/%',
		'/ipfs/bafy/_app',
		'/ipfs/bafy/missing',
		'/ipfs/other/index.html',
		'/index.html'
	])('%s', async (path) => {
		expect(await statusOfRaw(path)).toBe(404)
	})
})

test('a taken port is reported', async () => {
	const { port } = new URL(server.url)
	await expect(serveFolder({ folder: above, port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('only reading is offered', async () => {
	expect((await get('index.html', { method: 'POST' })).status).toBe(405)
	const head = await get('index.html', { method: 'HEAD' })
	expect([head.status, await head.text()]).toEqual([200, ''])
})
