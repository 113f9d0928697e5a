import * as dagPb from '@ipld/dag-pb'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { identity } from 'multiformats/hashes/identity'
import { beforeAll, expect, test, vi } from 'vitest'
import type { BytesReport } from '../src/lib/gateway/block-port'
import { HEADERS_WITHIN_MS } from './answer-body'
import { aNetwork, aWorker, CHUNK_BYTES, someBytes } from './content.fixture'

const SIZE = 3_000_017
/** Machines that run tests are busy. */
const PATIENT = { timeout: 10_000 }
const MP3 = someBytes(SIZE)
MP3.set([0x49, 0x44, 0x33, 4, 0, 0])
const HTML = new TextEncoder().encode('<!doctype html><script>alert(1)</script>')

const network = aNetwork()
let song: string
let folder: string

beforeAll(async () => {
	const cids = await network.add({
		'song.mp3': MP3,
		'index.html': HTML,
		'empty.txt': new Uint8Array(),
		'a "b" <i>.txt': HTML,
		'deep/er/song.mp3': MP3
	})
	song = cids['song.mp3'] ?? ''
	folder = cids[''] ?? ''
})

/** As `toEqual`, which is slow for so many numbers. */
function expectBytes(got: Uint8Array, wanted: Uint8Array): void {
	expect(got.byteLength).toBe(wanted.byteLength)
	expect(got.findIndex((byte, index) => byte !== wanted[index])).toBe(-1)
}

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

test('a whole file, with the head that media elements and caches need', async () => {
	const response = await aWorker(network.source).get(`ipfs/${song}?filename=Song.mp3`)
	expect(response.status).toBe(200)
	expectBytes(await bytesOf(response), MP3)
	expect(Object.fromEntries(response.headers)).toMatchObject({
		'accept-ranges': 'bytes',
		'cache-control': 'public, max-age=29030400, immutable',
		'content-length': String(SIZE),
		'content-type': 'audio/mpeg',
		'content-disposition': `inline; filename="Song.mp3"; filename*=UTF-8''Song.mp3`,
		'x-content-type-options': 'nosniff',
		etag: `"${song}"`
	})
})

test('any range is exact', async () => {
	const { get } = aWorker(network.source)
	const edges = [0, CHUNK_BYTES - 1, CHUNK_BYTES, 2 * 1024 * 1024 - 1, 2 * 1024 * 1024, SIZE - 1]
	for (const from of edges) {
		for (const to of edges.filter((edge) => edge >= from)) {
			const response = await get(`ipfs/${song}`, { range: `bytes=${from}-${to}` })
			expect(response.status).toBe(206)
			expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to}/${SIZE}`)
			expect(response.headers.get('content-length')).toBe(String(to - from + 1))
			expectBytes(await bytesOf(response), MP3.subarray(from, to + 1))
		}
	}
})

test('ranges past the end, several at once, and conditions', async () => {
	const { get } = aWorker(network.source)
	const past = await get(`ipfs/${song}`, { range: `bytes=${SIZE}-` })
	expect([past.status, past.headers.get('content-range')]).toEqual([416, `bytes */${SIZE}`])
	const many = await get(`ipfs/${song}`, { range: 'bytes=0-1,5-6' })
	expect([many.status, (await bytesOf(many)).length]).toEqual([200, SIZE])
	expect((await get(`ipfs/${song}`, { 'if-none-match': `"${song}"` })).status).toBe(304)
	const other = await get(`ipfs/${song}`, { range: 'bytes=0-1', 'if-range': '"other"' })
	expect(other.status).toBe(200)
	await other.body?.cancel()
	expect((await get(`ipfs/${song}`, { range: 'bytes=0-1', 'if-range': `"${song}"` })).status).toBe(206)
})

test('HEAD says the same and sends nothing; other methods are refused', async () => {
	const { get } = aWorker(network.source)
	const head = await get(`ipfs/${song}`, { range: 'bytes=0-1' }, 'HEAD')
	expect([head.status, head.headers.get('content-length'), head.body]).toEqual([200, String(SIZE), null])
	expect((await get(`ipfs/${song}`, {}, 'POST')).status).toBe(405)
})

test('a HEAD or a probe reads no more than it must', async () => {
	const { get } = aWorker(network.source)
	network.asked.length = 0
	await get(`ipfs/${song}`, {}, 'HEAD')
	await bytesOf(await get(`ipfs/${song}`, { range: 'bytes=0-1' }))
	expect(network.asked).toHaveLength(2)
})

test('a reader that stops reading stops the fetching, some blocks ahead', async () => {
	const { get } = aWorker(network.source)
	network.asked.length = 0
	const reader = (await get(`ipfs/${song}`)).body?.getReader()
	await reader?.read()
	// Nothing marks that no more will come: give the fetching the turns it would take to run on.
	for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setTimeout(resolve))
	expect(network.asked.length).toBeLessThan(36)
	await reader?.cancel()
})

test('a cancelled answer stops what it still had under way', async () => {
	const other = aNetwork()
	const { file = '' } = await other.add({ file: someBytes(10 * CHUNK_BYTES) })
	const { get } = aWorker(other.source)
	const start = await get(`ipfs/${file}`, { range: `bytes=0-9` })
	await bytesOf(start)
	const leaf = await leafAt(other, file, 2)
	other.stuck.add(leaf)
	const reader = (await get(`ipfs/${file}`)).body?.getReader()
	await reader?.read()
	await vi.waitFor(() => {
		expect(other.asked.map(String)).toContain(leaf)
	})
	await reader?.cancel()
	await vi.waitFor(() => {
		expect(other.stopped.map(String)).toContain(leaf)
	})
})

test('the next range of a file that flows is answered before its bytes are here: only then can it be taken back', async () => {
	const other = aNetwork()
	const { file = '' } = await other.add({ file: someBytes(10 * CHUNK_BYTES) })
	const { get } = aWorker(other.source)
	await bytesOf(await get(`ipfs/${file}`, { range: 'bytes=0-9' }))
	const leaf = await leafAt(other, file, 5)
	other.stuck.add(leaf)
	const asked = performance.now()
	const response = await get(`ipfs/${file}`, { range: `bytes=${5 * CHUNK_BYTES}-` })
	expect(response.status).toBe(206)
	expect(performance.now() - asked).toBeLessThan(HEADERS_WITHIN_MS)
	await response.body?.cancel()
	await vi.waitFor(() => {
		expect(other.stopped.map(String)).toContain(leaf)
	})
})

/** CID of one leaf of a file of two levels. */
async function leafAt(other: ReturnType<typeof aNetwork>, file: string, index: number): Promise<string> {
	const root = await bytesOf(await aWorker(other.source).get(`ipfs/${file}?format=raw`))
	return String(dagPb.decode(root).Links[index]?.Hash)
}

test('what was read once is read again without the network', async () => {
	const { get, stored } = aWorker(network.source)
	await bytesOf(await get(`ipfs/${song}`))
	const offline = aWorker({ get: () => Promise.reject(new Error('offline')) })
	for await (const { cid, bytes } of stored.getAll())
		for await (const block of bytes) await offline.stored.put(cid, block)
	expectBytes(await bytesOf(await offline.get(`ipfs/${song}`)), MP3)
})

test('a file nobody has is a 504 that says who was tried', async () => {
	const other = aNetwork()
	const { file = '' } = await other.add({ file: MP3 })
	other.lose(file)
	const { get, reports } = aWorker(other.source)
	const response = await get(`ipfs/${file}`, { range: 'bytes=0-' })
	expect(response.status).toBe(504)
	expect(await response.json()).toMatchObject({ code: 'content-unavailable', tried: [TRIED] })
	await expectFailure(reports, file)
})

test('a file that ends where nobody has the rest breaks off there, and it is said who was tried', async () => {
	const other = aNetwork()
	const { file = '' } = await other.add({ file: MP3 })
	const { get, reports } = aWorker(other.source)
	other.lose(await leafAt(other, file, 20))
	const from = 19 * CHUNK_BYTES
	const reader = (await get(`ipfs/${file}?filename=x.mp3`, { range: `bytes=${from}-` })).body?.getReader()
	expectBytes((await reader?.read())?.value ?? new Uint8Array(), MP3.subarray(from, from + CHUNK_BYTES))
	await expect(reader?.read()).rejects.toMatchObject({ code: 'content-unavailable' })
	await expectFailure(reports, file)
	// What plays is worth patience: the reader asks again for half a minute before it says no.
}, 60_000)

const TRIED = expect.stringContaining('https://a.example: 404') as string

const expectFailure = (reports: readonly BytesReport[], root: string) =>
	vi.waitFor(() => {
		const failed = reports.filter((report) => report.root === root).map((report) => report.failed)
		expect(failed).toContainEqual({ code: 'content-unavailable', tried: [TRIED] })
	}, PATIENT)

test.each([
	['the file', () => [song, song]],
	['the folder above it', () => [`${folder}/deep/er/song.mp3`, folder]]
])('bytes are counted for %s, by where they came from', async (_, asked) => {
	const [path, root] = asked()
	const { get, reports } = aWorker(network.source)
	await bytesOf(await get(`ipfs/${path}`))
	await vi.waitFor(() => {
		const from = reports.filter((report) => report.root === root).flatMap((report) => report.from)
		const gateway = from.filter(({ kind, name }) => kind === 'gateway' && name === 'https://a.example')
		expect(gateway.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(SIZE)
	}, PATIENT)
})

test('paths lead to files; wrong ones are 404 and malformed ones 400', async () => {
	const { get } = aWorker(network.source)
	const response = await get(`ipfs/${folder}/deep/er/song.mp3`, { range: 'bytes=0-2' })
	expect([response.status, response.headers.get('content-type')]).toEqual([206, 'audio/mpeg'])
	expect((await get(`ipfs/${folder}/nope`)).status).toBe(404)
	expect((await get('ipfs/nope')).status).toBe(400)
	const empty = await get(`ipfs/${folder}/empty.txt`)
	expect([empty.status, empty.headers.get('content-length'), await empty.text()]).toEqual([200, '0', ''])
})

test('a folder is a list of escaped links, never its index page', async () => {
	const { get } = aWorker(network.source)
	const response = await get(`ipfs/${folder}/`)
	const page = await response.text()
	expect(response.headers.get('content-security-policy')).toBe(
		"default-src 'none'; style-src 'unsafe-inline'; sandbox"
	)
	expect(page).not.toContain('alert(1)')
	expect(page).not.toContain('<i>')
	expect(page).toContain(
		`<a href="/sub/ipfs/${folder}/a%20%22b%22%20%3Ci%3E.txt">a &quot;b&quot; &lt;i&gt;.txt</a>`
	)
	const index = await get(`ipfs/${folder}/index.html`)
	expect(index.headers.get('content-type')).toBe('text/plain; charset=utf-8')
})

test('?format=raw is the block itself, of any codec', async () => {
	const { get } = aWorker(network.source)
	const response = await get(`ipfs/${song}?format=raw`)
	expect(response.headers.get('content-type')).toBe('application/vnd.ipld.raw')
	expect((await bytesOf(response)).length).toBeLessThan(CHUNK_BYTES)
	expect((await get(`ipfs/${song}?format=zip`)).status).toBe(501)
	const inside = CID.createV1(raw.code, identity.digest(new Uint8Array([1, 2, 3])))
	expect(await bytesOf(await get(`ipfs/${inside.toString()}?format=raw`))).toEqual(new Uint8Array([1, 2, 3]))
})

test('?download saves under the given name', async () => {
	const response = await aWorker(network.source).get(`ipfs/${song}?download=1&filename=x.mp3`, {}, 'HEAD')
	expect(response.headers.get('content-disposition')).toContain('attachment; filename="x.mp3"')
})

const NAME = 'k51qzi5uqu5dlvj2baxnqndepeb86cbk3ng7n3i46uzyxzyqj2xjonzllnv0v8'

test('an IPNS name leads to what its newest announcement says, for a minute', async () => {
	const announced = (name: string) =>
		Promise.resolve(name === NAME ? { value: `/ipfs/${folder}`, validUntilMs: Date.now() + 1_000 } : undefined)
	const { get } = aWorker(network.source, { announced })
	const response = await get(`ipns/${NAME}/song.mp3`, { range: 'bytes=0-2' })
	expect([response.status, response.headers.get('cache-control')]).toEqual([206, 'public, max-age=60'])
	expect((await get('ipns/nope')).status).toBe(400)
})

test('an expired announcement counts no more', async () => {
	const announced = () => Promise.resolve({ value: `/ipfs/${folder}`, validUntilMs: Date.now() - 1 })
	expect((await aWorker(network.source, { announced }).get(`ipns/${NAME}`)).status).toBe(504)
})
