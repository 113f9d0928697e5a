/// <reference types="node" />
import { CarReader } from '@ipld/car'
import { sha256 } from 'multiformats/hashes/sha2'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { bearerOf, bodyOf, CORS, json, listen, type Certificate } from './http.ts'

export type PinataScope = 'files:read' | 'files:write'

/** How it misbehaves, as the real one can. */
export type PinataFault =
	| 'none'
	| 'rate-limited' // 429
	| 'quota' // the plan is full
	| 'too-large' // 413 before any of it is read
	| 'wrong-cid' // takes the bytes and names another CID
	| 'silent-cid' // says no CID after a resumable upload, as where CORS hides the header
	| 'echoes-key' // repeats the key in what it says
	| 'out-of-order' // 500

export interface FakeFile {
	readonly id: string
	readonly name: string
	readonly cid: string
	readonly size: number
	readonly created_at: string
	/** CIDs of the blocks that came. */
	readonly blocks: readonly string[]
}

interface Upload {
	readonly length: number
	readonly metadata: Readonly<Record<string, string>>
	readonly parts: Buffer[]
	offset: number
}

export interface FakePinata {
	readonly origin: string
	/** May be changed while it runs. */
	fault: PinataFault
	/** Connections are dropped after so many bytes of a body; each body that reaches it costs one of `drops`. */
	dropAfterBytes: number
	drops: number
	/** A resumable upload that has come so far is neither read on nor answered. */
	holdAtBytes: number
	/** Bytes of the account that are free. */
	freeBytes: number
	/** Keys that are known, with their scopes. */
	readonly keys: Map<string, readonly PinataScope[]>
	readonly files: FakeFile[]
	/** `METHOD /path`, in order. */
	readonly asked: string[]
	/** Bytes of uploads that were kept, of which none comes twice in a resumable one. */
	bytesKept: number
	/** Forgets every resumable upload, as after their time. */
	forgetUploads(): void
	close(): Promise<void>
}

const OTHER_CID = 'bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau'

/** Pinata's v3 API as documented: forms and resumable uploads of CARs, list, usage, delete, pin by CID. */
export async function startFakePinata(key = 'a.good.key', certificate?: Certificate): Promise<FakePinata> {
	const uploads = new Map<string, Upload>()
	const requests: { id: string; cid: string; name: string; status: string }[] = []
	const fake: FakePinata = {
		origin: '',
		fault: 'none',
		dropAfterBytes: 0,
		drops: 0,
		holdAtBytes: Infinity,
		freeBytes: 1_000_000_000,
		keys: new Map([[key, ['files:read', 'files:write']]]),
		files: [],
		asked: [],
		bytesKept: 0,
		forgetUploads: () => {
			uploads.clear()
		},
		close: () => server.close()
	}

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = new URL(request.url ?? '/', 'http://pinata')
		if (request.method === 'OPTIONS') {
			response.writeHead(204, CORS).end()
			return
		}
		fake.asked.push(`${request.method ?? ''} ${url.pathname}`)
		const token = bearerOf(request)
		const fail = (status: number, reason: string, details: string, headers = {}) => {
			response
				.writeHead(status, { ...CORS, 'Content-Type': 'application/json', ...headers })
				.end(JSON.stringify({ error: { reason, details } }))
		}
		const scopes = fake.keys.get(token)
		if (scopes === undefined) {
			fail(401, 'INVALID_CREDENTIALS', 'Not Authorized: the key is not known or was revoked')
			return
		}
		if (fake.fault === 'rate-limited') {
			fail(429, 'RATE_LIMITED', 'Too many requests, try again later', { 'Retry-After': '1' })
			return
		}
		if (fake.fault === 'out-of-order') {
			fail(500, 'INTERNAL', 'something broke')
			return
		}
		if (fake.fault === 'echoes-key') {
			fail(400, 'BAD', `what is ${token}?`)
			return
		}
		if (url.pathname === '/data/testAuthentication') {
			json(response, 200, { message: 'Congratulations! You are communicating with the Pinata API!' })
			return
		}
		const writes = request.method !== 'GET'
		if (!scopes.includes(writes ? 'files:write' : 'files:read')) {
			fail(403, 'NO_SCOPES_FOUND', 'This key does not have the required scopes associated with it')
			return
		}
		if (url.pathname === '/data/userPinnedDataTotal') {
			const total = fake.files.reduce((sum, { size }) => sum + size, 0)
			json(response, 200, {
				pin_count: fake.files.length,
				pin_size_total: total,
				pin_size_with_replications_total: total
			})
			return
		}
		if (
			url.pathname === '/v3/files/public/pin_by_cid' ||
			url.pathname.startsWith('/v3/files/public/pin_by_cid/')
		) {
			await pinByCid(request, response, url, fail)
			return
		}
		if (url.pathname === '/v3/files/public' && request.method === 'GET') {
			list(response, url)
			return
		}
		const id = /^\/v3\/files\/public\/([^/]+)$/.exec(url.pathname)?.[1]
		if (id !== undefined && request.method === 'DELETE') {
			const at = fake.files.findIndex((file) => file.id === id)
			if (at === -1) fail(404, 'NOT_FOUND', 'no such file')
			else {
				fake.files.splice(at, 1)
				json(response, 200, { data: null })
			}
			return
		}
		if (url.pathname === '/v3/files' && request.method === 'POST') {
			if (request.headers['upload-length'] === undefined) await form(request, response, fail)
			else create(request, response, fail)
			return
		}
		const upload = /^\/v3\/files\/uploads\/([^/]+)$/.exec(url.pathname)?.[1]
		if (upload !== undefined) {
			await resumable(upload, request, response, fail)
			return
		}
		fail(404, 'NOT_FOUND', 'no such endpoint')
	}

	function list(response: ServerResponse, url: URL): void {
		const cid = url.searchParams.get('cid')
		const limit = Number(url.searchParams.get('limit') ?? 10)
		const from = Number(url.searchParams.get('pageToken') ?? 0)
		const found = fake.files.filter((file) => cid === null || file.cid === cid).toReversed()
		const files = found.slice(from, from + limit).map(({ blocks: _, ...file }) => ({
			...file,
			number_of_files: 1,
			mime_type: 'directory',
			group_id: null,
			keyvalues: {},
			network: 'public'
		}))
		json(response, 200, {
			data: { files, next_page_token: from + limit < found.length ? String(from + limit) : '' }
		})
	}

	async function pinByCid(
		request: IncomingMessage,
		response: ServerResponse,
		url: URL,
		fail: (status: number, reason: string, details: string) => void
	): Promise<void> {
		if (request.method === 'GET') {
			const cid = url.searchParams.get('cid')
			const rows = requests.filter((job) => cid === null || job.cid === cid)
			json(response, 200, { data: { rows: rows.map((job) => ({ ...job })), next_page_token: '' } })
			for (const job of rows) goOn(job)
			return
		}
		if (request.method === 'DELETE') {
			const at = requests.findIndex(({ id }) => url.pathname.endsWith(`/${id}`))
			if (at === -1) {
				fail(404, 'NOT_FOUND', 'no such request')
				return
			}
			requests.splice(at, 1)
			json(response, 200, { data: null })
			return
		}
		const { cid, name = '' } = JSON.parse((await bodyOf(request)).toString()) as { cid: string; name?: string }
		const job = { id: randomUUID(), cid, name, status: 'prechecking' }
		requests.push(job)
		json(response, 200, { data: job })
	}

	/** A request is one step further each time it is looked at: what was fetched is a file of the account. */
	function goOn(job: (typeof requests)[number]): void {
		if (fake.fault === 'quota') job.status = 'over_free_limit'
		else if (job.status === 'prechecking') job.status = 'retrieving'
		else if (job.status === 'retrieving') {
			requests.splice(requests.indexOf(job), 1)
			const { id, cid, name } = job
			fake.files.push({ id, cid, name, size: 1, created_at: new Date().toISOString(), blocks: [] })
		}
	}

	function refuses(bytes: number, fail: (status: number, reason: string, details: string) => void): boolean {
		if (fake.fault === 'too-large') fail(413, 'TOO_LARGE', 'The file is larger than this plan takes')
		else if (fake.fault === 'quota' || bytes > fake.freeBytes)
			fail(403, 'FORBIDDEN', 'Account blocked due to plan usage limit. Upgrade at app.pinata.cloud/billing')
		else return false
		return true
	}

	async function form(
		request: IncomingMessage,
		response: ServerResponse,
		fail: (status: number, reason: string, details: string) => void
	): Promise<void> {
		if (refuses(Number(request.headers['content-length'] ?? 0), fail)) return
		if (fake.drops > 0) {
			fake.drops--
			await someOf(request, fake.dropAfterBytes)
			throw new Error('dropped')
		}
		const body = await bodyOf(request)
		const headers = { 'Content-Type': request.headers['content-type'] ?? '' }
		const fields = await new Response(body, { headers }).formData()
		const file = fields.get('file')
		if (!(file instanceof File)) {
			fail(400, 'INVALID', 'file is required')
			return
		}
		if (fields.get('network') !== 'public' || fields.get('car') !== 'true') {
			fail(400, 'INVALID', 'a CAR is taken for the public network alone')
			return
		}
		const name = fields.get('name')
		const taken = await take(Buffer.from(await file.arrayBuffer()), typeof name === 'string' ? name : file.name)
		if (taken === undefined) fail(400, 'INVALID', 'not a CAR with one root')
		else json(response, 200, { data: taken })
	}

	function create(
		request: IncomingMessage,
		response: ServerResponse,
		fail: (status: number, reason: string, details: string) => void
	): void {
		const length = Number(request.headers['upload-length'])
		if (refuses(length, fail)) return
		if (request.headers['tus-resumable'] !== '1.0.0') {
			fail(412, 'TUS', 'Tus-Resumable is missing')
			return
		}
		const metadata = Object.fromEntries(
			String(request.headers['upload-metadata'] ?? '')
				.split(',')
				.map((pair) => pair.split(' '))
				.map(([key = '', value = '']) => [key, Buffer.from(value, 'base64').toString('utf8')])
		)
		if (metadata['network'] !== 'public' || metadata['car'] !== 'true') {
			fail(400, 'INVALID', 'a CAR is taken for the public network alone')
			return
		}
		const id = randomUUID()
		// The address by which it was asked: a page may know it by another than its own.
		const at = `${new URL(fake.origin).protocol}//${request.headers.host ?? ''}`
		uploads.set(id, { length, metadata, parts: [], offset: 0 })
		response.writeHead(201, { ...CORS, 'Tus-Resumable': '1.0.0', Location: `${at}/v3/files/uploads/${id}` }).end()
	}

	async function resumable(
		id: string,
		request: IncomingMessage,
		response: ServerResponse,
		fail: (status: number, reason: string, details: string) => void
	): Promise<void> {
		const upload = uploads.get(id)
		if (upload === undefined) {
			fail(404, 'NOT_FOUND', 'no such upload')
			return
		}
		const state = () => ({
			...CORS,
			'Tus-Resumable': '1.0.0',
			'Upload-Offset': String(upload.offset),
			'Cache-Control': 'no-store'
		})
		if (request.method === 'HEAD') {
			response.writeHead(200, { ...state(), 'Upload-Length': String(upload.length) }).end()
			return
		}
		if (request.method !== 'PATCH') {
			fail(405, 'INVALID', 'not for uploads')
			return
		}
		if (
			Number(request.headers['upload-offset']) !== upload.offset ||
			request.headers['content-type'] !== 'application/offset+octet-stream'
		) {
			fail(409, 'CONFLICT', `the upload is at ${upload.offset}`)
			return
		}
		const keep = (part: Buffer) => {
			upload.parts.push(part)
			upload.offset += part.length
			fake.bytesKept += part.length
		}
		if (fake.drops > 0) {
			fake.drops--
			keep(await someOf(request, fake.dropAfterBytes))
			throw new Error('dropped')
		}
		if (fake.holdAtBytes < upload.length) {
			for await (const part of request) {
				keep(part as Buffer)
				if (upload.offset < fake.holdAtBytes) continue
				await once(request.socket, 'close')
				return
			}
		} else keep(await bodyOf(request))
		if (upload.offset < upload.length) {
			response.writeHead(204, state()).end()
			return
		}
		const taken = await take(Buffer.concat(upload.parts), upload.metadata['filename'] ?? '')
		if (taken === undefined) fail(400, 'INVALID', 'not a CAR with one root')
		else {
			const said = fake.fault === 'silent-cid' ? {} : { 'upload-cid': taken.cid }
			response.writeHead(204, { ...state(), ...said }).end()
		}
	}

	/** Checks every block, as the real one must to serve them. */
	async function take(car: Buffer, name: string): Promise<FakeFile | undefined> {
		const blocks: string[] = []
		let root: string | undefined
		try {
			const reader = await CarReader.fromBytes(car)
			const roots = await reader.getRoots()
			for await (const { cid, bytes } of reader.blocks()) {
				const digest = await sha256.digest(bytes)
				if (!digest.digest.every((byte, at) => byte === cid.multihash.digest[at])) return undefined
				blocks.push(cid.toString())
			}
			root = roots.length === 1 ? roots[0]?.toString() : undefined
		} catch {
			return undefined
		}
		if (root === undefined || !blocks.includes(root)) return undefined
		const file: FakeFile = {
			id: randomUUID(),
			name,
			cid: fake.fault === 'wrong-cid' ? OTHER_CID : root,
			size: car.length,
			created_at: new Date().toISOString(),
			blocks
		}
		fake.files.push(file)
		fake.freeBytes -= car.length
		return file
	}

	const server = await listen(answer, certificate)
	return Object.assign(fake, { origin: server.origin })
}

/** The first bytes of a body; the rest is left on the wire. */
async function someOf(request: IncomingMessage, bytes: number): Promise<Buffer> {
	const parts: Buffer[] = []
	let length = 0
	for await (const part of request) {
		parts.push(part as Buffer)
		length += (part as Buffer).length
		if (length >= bytes) break
	}
	return Buffer.concat(parts).subarray(0, bytes)
}
