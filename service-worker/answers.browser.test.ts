import * as dagPb from '@ipld/dag-pb'
import { expect, test, vi } from 'vitest'
import { aNetwork, aWorker, CHUNK_BYTES, someBytes } from './content.fixture'

const BLOCKS = 10
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

/** A network with one file, and the CIDs of its leaves. */
async function aFile() {
	const network = aNetwork()
	const bytes = someBytes(BLOCKS * CHUNK_BYTES)
	const { file = '' } = await network.add({ file: bytes })
	const root = await bytesOf(await aWorker(network.source).get(`ipfs/${file}?format=raw`))
	const leaves = dagPb.decode(root).Links.map(({ Hash }) => Hash.toString())
	network.asked.length = 0
	const wasAsked = (index: number) => network.asked.map(String).includes(leaves[index] ?? '')
	return { network, bytes, file, leaves, wasAsked }
}

test('a seek in a file that was never seen needs no block but those of the range, where the name says media', async () => {
	const { network, bytes, file, wasAsked } = await aFile()
	const { get } = aWorker(network.source)
	const from = 7 * CHUNK_BYTES
	const response = await get(`ipfs/${file}?filename=x.mp3`, { range: `bytes=${from}-${from + 9}` })
	expect([response.status, response.headers.get('content-type')]).toEqual([206, 'audio/mpeg'])
	expect(response.headers.get('x-content-type-options')).toBe('nosniff')
	expect(await bytesOf(response)).toEqual(bytes.subarray(from, from + 10))
	expect([wasAsked(7), wasAsked(0)]).toEqual([true, false])
})

test('a name that says nothing of media is not believed in the middle of a file either', async () => {
	const { network, file, leaves } = await aFile()
	network.lose(leaves[0] ?? '')
	const { get } = aWorker(network.source)
	const response = await get(`ipfs/${file}?filename=x.html`, { range: `bytes=${CHUNK_BYTES}-${CHUNK_BYTES + 9}` })
	expect([response.status, response.headers.get('content-type')]).toEqual([206, 'application/octet-stream'])
	expect(response.headers.get('content-disposition')).toMatch(/^attachment/)
})

test('headers do not wait for bytes that do not come, and who gives up stops the asking', async () => {
	const { network, file, leaves } = await aFile()
	network.stuck.add(leaves[3] ?? '')
	const { get } = aWorker(network.source)
	const response = await get(`ipfs/${file}?filename=x.mp3`, { range: `bytes=${3 * CHUNK_BYTES}-` })
	expect(response.status).toBe(206)
	await response.body?.cancel()
	await vi.waitFor(() => {
		expect(network.stopped.map(String)).toContain(leaves[3])
	})
})

test('what is read ahead is stored, and answered by an empty body that ends', async () => {
	const { network, file, leaves } = await aFile()
	const { get, stored } = aWorker(network.source)
	const response = await get(`ipfs/${file}`, { range: 'bytes=0-99999', 'antiphon-ahead': 'soon' })
	expect([response.status, (await bytesOf(response)).byteLength]).toEqual([202, 0])
	const held: string[] = []
	for await (const { cid } of stored.getAll()) held.push(cid.toString())
	expect(held).toEqual(expect.arrayContaining(leaves.slice(0, 2)))
})

test('reading ahead past the end is 416', async () => {
	const { network, file } = await aFile()
	const ahead = { range: `bytes=${BLOCKS * CHUNK_BYTES}-`, 'antiphon-ahead': 'later' }
	expect((await aWorker(network.source).get(`ipfs/${file}`, ahead)).status).toBe(416)
})

test('reading ahead stops when its answer is cancelled', async () => {
	const { network, file, leaves } = await aFile()
	network.stuck.add(leaves[0] ?? '')
	const { get } = aWorker(network.source)
	const response = await get(`ipfs/${file}`, { range: 'bytes=0-9', 'antiphon-ahead': 'later' })
	await vi.waitFor(() => {
		expect(network.asked.map(String)).toContain(leaves[0])
	})
	await response.body?.cancel()
	await vi.waitFor(() => {
		expect(network.stopped.map(String)).toContain(leaves[0])
	})
})

test('an HLS folder: each part below it with its type, whole and in ranges', async () => {
	const segment = new Uint8Array(4 * 188)
	for (let at = 0; at < segment.length; at += 188) segment[at] = 0x47
	const playlist = new TextEncoder().encode('#EXTM3U\n#EXTINF:4,\nsegment0.ts\n#EXT-X-ENDLIST\n')
	const network = aNetwork()
	const fragment = new Uint8Array([0, 0, 0, 8, ...new TextEncoder().encode('styp')])
	const folder = await network.add({
		'hls/index.m3u8': playlist,
		'hls/segment0.ts': segment,
		'hls/segment1.m4s': fragment
	})
	const { get } = aWorker(network.source)
	const base = new URL(`https://app.example/sub/ipfs/${folder['hls'] ?? ''}/index.m3u8`)
	const types = await Promise.all(
		['index.m3u8', 'segment0.ts', 'segment1.m4s'].map(async (name) => {
			const response = await get(new URL(name, base).href, { range: 'bytes=0-' })
			return [response.status, response.headers.get('content-type')]
		})
	)
	expect(types).toEqual([
		[206, 'application/vnd.apple.mpegurl'],
		[206, 'video/mp2t'],
		[206, 'video/mp4']
	])
})
