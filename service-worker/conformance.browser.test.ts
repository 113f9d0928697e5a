/*
 * The UnixFS path, range, raw, DAG, TAR and CAR cases of the public conformance suite for IPFS gateways
 * (https://github.com/ipfs/gateway-conformance, version of 2026-04-30), asked of the worker. Cases which are left out:
 *
 * - index.html as the page of its folder: a page from the network never runs on the app's origin; a folder is always listed.
 * - What the suite itself marks as peculiar to Kubo ("Index of", classes, the wording of breadcrumbs), and HTML previews of
 *   DAG-JSON and DAG-CBOR: nobody looks at them here.
 * - Inline JSON: documents other than media and plain text are saved, never shown, so `Content-Disposition` is `attachment`.
 * - `multipart/byteranges`, or the first range alone, for several ranges: the answer is the whole file, as RFC 9110 allows.
 * - IPNS records of the suite, and the 302 to a name's canonical spelling: names are resolved from announcements or from
 *   gateways' records, and are tested in ipns-name.browser.test.ts. No subdomain, DNSLink, proxy or `_redirects` cases: the
 *   worker answers below one path of one origin.
 * - CORS: nobody else's page can reach a service worker, and what it answers says `Cross-Origin-Resource-Policy: same-origin`.
 */
import { CarBlockIterator } from '@ipld/car'
import * as dagCbor from '@ipld/dag-cbor'
import * as dagPb from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { type CID } from 'multiformats/cid'
import { beforeAll, describe, expect, test } from 'vitest'
import { aNetwork, aWorker, CHUNK_BYTES, someBytes } from './content.fixture'

const DAG_JSON = 0x0129
const FOR_EVER = 'public, max-age=29030400, immutable'
const FOR_A_WEEK = 'public, max-age=604800, stale-while-revalidate=2678400'
const MISSING = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'

const encode = (text: string) => new TextEncoder().encode(text)
const ASCII = encode('hello application/vnd.ipld.car\n')
const PERCENT = 'Portugal%2C+España=Peninsula Ibérica.txt'

const network = aNetwork()
const { get } = aWorker(network.source)
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())
const header = (response: Response, name: string) => response.headers.get(name)

let cids: Record<string, string>
let root: string

beforeAll(async () => {
	cids = await network.add({
		'ą/ę/file-źł.txt': encode('text'),
		'root2/root3/root4/index.html': encode('hello\n'),
		'dir/ascii.txt': ASCII,
		[PERCENT]: encode('percent'),
		'three-blocks.bin': someBytes(3 * CHUNK_BYTES)
	})
	root = cids[''] ?? ''
})

describe('directory listings', () => {
	test('a path without a slash at its end leads to the one with it', async () => {
		const response = await get(`ipfs/${root}/ą/ę?download=0`)
		expect([response.status, header(response, 'location')]).toEqual([
			301,
			`/sub/ipfs/${root}/%C4%85/%C4%99/?download=0`
		])
	})

	test('the root has no link upwards', async () => {
		const page = await (await get(`ipfs/${root}/`)).text()
		expect(page).not.toContain('>..</a>')
	})

	test('entries link by their path and by their CID', async () => {
		const response = await get(`ipfs/${root}/ą/ę/`)
		const page = await response.text()
		expect(page).toContain(`<a href="/sub/ipfs/${root}/%C4%85">ą</a>`)
		expect(page).toContain(`<a href="/sub/ipfs/${root}/%C4%85">..</a>`)
		expect(page).toContain(`<a href="/sub/ipfs/${root}/%C4%85/%C4%99/file-%C5%BA%C5%82.txt">file-źł.txt</a>`)
		const file = cids['ą/ę/file-źł.txt'] ?? ''
		expect(page).toContain(`<a href="/sub/ipfs/${file}?filename=file-%C5%BA%C5%82.txt">${file}</a>`)
		expect(header(response, 'etag')).toMatch(new RegExp(`^"DirIndex-.*_CID-${cids['ą/ę'] ?? ''}"$`))
	})

	test('a sharded folder is listed, and its files are found', async () => {
		const names = Array.from({ length: 300 }, (_, index) => `${index}.txt`)
		const sharded = await network.add(Object.fromEntries(names.map((name) => [name, encode(name)])), {
			sharded: true
		})
		const page = await (await get(`ipfs/${sharded[''] ?? ''}/`)).text()
		expect(names.filter((name) => !page.includes(`>${name}</a>`))).toEqual([])
		expect(await (await get(`ipfs/${sharded[''] ?? ''}/299.txt`)).text()).toBe('299.txt')
		expect((await get(`ipfs/${sharded[''] ?? ''}/300.txt`)).status).toBe(404)
	})
})

test('what does not exist is 404', async () => {
	expect((await get(`ipfs/${root}/i-do-not-exist`)).status).toBe(404)
	expect((await get(`ipfs/${root}/dir/ascii.txt/deeper`)).status).toBe(404)
})

test('names with escapes in them', async () => {
	const response = await get(`ipfs/${root}/Portugal%252C+España=Peninsula%20Ibérica.txt`)
	expect(await response.text()).toBe('percent')
})

describe('caching', () => {
	const PATH = 'root2/root3/root4/index.html'
	const rootsTo = (path: string) => {
		const names = path.split('/')
		return [root, ...names.map((_, index) => cids[names.slice(0, index + 1).join('/')])].join(',')
	}

	test('a listing may change', async () => {
		const response = await get(`ipfs/${root}/root2/root3/`)
		expect(response.status).toBe(200)
		expect(header(response, 'cache-control')).toBe(FOR_A_WEEK)
		expect(header(response, 'x-ipfs-path')).toBe(`/ipfs/${root}/root2/root3`)
		expect(header(response, 'x-ipfs-roots')).toBe(rootsTo('root2/root3'))
	})

	test('a file may not', async () => {
		const response = await get(`ipfs/${root}/${PATH}`)
		expect(response.status).toBe(200)
		expect(header(response, 'cache-control')).toBe(FOR_EVER)
		expect(header(response, 'x-ipfs-path')).toBe(`/ipfs/${root}/${PATH}`)
		expect(header(response, 'x-ipfs-roots')).toBe(rootsTo(PATH))
		expect(header(response, 'etag')).toBe(`"${cids[PATH] ?? ''}"`)
	})

	test.each(['"%"', '"fakeEtag1", "fakeEtag2", "%"', 'W/"%"', '*'])('If-None-Match: %s is 304', async (tags) => {
		const file = { 'if-none-match': tags.replace('%', cids[PATH] ?? '') }
		const response = await get(`ipfs/${root}/${PATH}`, { ...file, range: 'bytes=0-1' })
		expect([response.status, response.body, header(response, 'content-type')]).toEqual([304, null, null])
		const listed = header(await get(`ipfs/${root}/root2/`), 'etag') ?? ''
		const listing = { 'if-none-match': tags.replace('"%"', listed) }
		expect((await get(`ipfs/${root}/root2/`, listing)).status).toBe(304)
	})

	test('another version is answered', async () => {
		const response = await get(`ipfs/${root}/${PATH}`, { 'if-none-match': `"${root}"` })
		expect([response.status, await response.text()]).toEqual([200, 'hello\n'])
	})

	test.each(['GET', 'HEAD'])('%s with only-if-cached takes what is here and asks nobody', async (method) => {
		const worker = aWorker(network.source)
		const only = { 'cache-control': 'only-if-cached' }
		const path = `ipfs/${root}/root2/root3/root4?format=raw`
		expect((await worker.get(path, only, method)).status).toBe(412)
		expect((await worker.get(`ipfs/${MISSING}`, only, method)).status).toBe(412)
		await worker.get(path)
		expect((await worker.get(path, only, method)).status).toBe(200)
	})
})

test('a symbolic link is the text of its target', async () => {
	const link = await network.put(
		dagPb.code,
		dagPb.encode({ Data: new UnixFS({ type: 'symlink', data: encode('foo') }).marshal(), Links: [] })
	)
	const folder = await network.put(
		dagPb.code,
		dagPb.encode(
			dagPb.prepare({
				Data: new UnixFS({ type: 'directory' }).marshal(),
				Links: [{ Name: 'bar', Hash: link, Tsize: 9 }]
			})
		)
	)
	expect(await (await get(`ipfs/${folder.toString()}/`)).text()).toContain('>bar<')
	const response = await get(`ipfs/${folder.toString()}/bar`)
	expect([response.status, await response.text()]).toEqual([200, 'foo'])
	expect(header(response, 'content-type')).toBe('text/plain; charset=utf-8')
})

describe('ranges', () => {
	test('are offered', async () => {
		const response = await get(`ipfs/${root}/dir/ascii.txt`)
		expect([response.status, header(response, 'accept-ranges')]).toEqual([200, 'bytes'])
		expect(await bytesOf(response)).toEqual(ASCII)
	})

	test.each([
		['bytes=6-16', 6, 16],
		['bytes=-3', 28, 30],
		['bytes=0-1', 0, 1],
		['bytes=20-', 20, 30]
	])('%s', async (range, from, to) => {
		const response = await get(`ipfs/${root}/dir/ascii.txt`, { range })
		expect([response.status, header(response, 'content-range')]).toEqual([206, `bytes ${from}-${to}/31`])
		expect(await bytesOf(response)).toEqual(ASCII.subarray(from, to + 1))
	})

	test('several at once are answered by the whole file', async () => {
		const response = await get(`ipfs/${root}/dir/ascii.txt`, { range: 'bytes=6-16,0-4' })
		expect([response.status, await bytesOf(response)]).toEqual([200, ASCII])
	})

	test.each([
		['after', 2, CHUNK_BYTES - 3],
		['before', 0, CHUNK_BYTES + 3]
	])('a block that is missing %s the range is not missed', async (_, index, from) => {
		const other = aNetwork()
		const { file = '' } = await other.add({ file: someBytes(3 * CHUNK_BYTES) })
		const node = dagPb.decode(await bytesOf(await aWorker(other.source).get(`ipfs/${file}?format=raw`)))
		other.lose(node.Links[index]?.Hash.toString() ?? '')
		const response = await aWorker(other.source).get(`ipfs/${file}`, { range: `bytes=${from}-${from + 3}` })
		expect([response.status, header(response, 'content-range')]).toEqual([
			206,
			`bytes ${from}-${from + 3}/${3 * CHUNK_BYTES}`
		])
		expect((await bytesOf(response)).byteLength).toBe(4)
	})
})

describe('raw blocks', () => {
	const RAW = 'application/vnd.ipld.raw'

	test.each([
		['?format=raw', {}],
		['', { accept: RAW }]
	])('asked for by "%s" %o', async (query, headers) => {
		const response = await get(`ipfs/${root}/dir${query}`, headers)
		expect([response.status, header(response, 'content-type')]).toEqual([200, RAW])
		expect(dagPb.decode(await bytesOf(response)).Links.map(({ Name }) => Name)).toEqual(['ascii.txt'])
	})

	test('have ranges', async () => {
		const response = await get(`ipfs/${root}/dir/ascii.txt`, { accept: RAW, range: 'bytes=6-16' })
		expect([response.status, header(response, 'content-range')]).toEqual([206, 'bytes 6-16/31'])
		expect(await bytesOf(response)).toEqual(ASCII.subarray(6, 17))
	})

	test('are saved, under the name that is asked for, and last', async () => {
		const response = await get(`ipfs/${root}/dir/ascii.txt?filename=foobar.bin`, { accept: RAW })
		expect(Object.fromEntries(response.headers)).toMatchObject({
			'content-length': '31',
			'x-content-type-options': 'nosniff',
			'cache-control': FOR_EVER,
			'x-ipfs-path': `/ipfs/${root}/dir/ascii.txt`,
			'x-ipfs-roots': `${root},${cids['dir'] ?? ''},${cids['dir/ascii.txt'] ?? ''}`
		})
		expect(header(response, 'content-disposition')).toMatch(/^attachment; filename="foobar.bin"/)
	})
})

describe('documents of other codecs', () => {
	let cbor: CID
	let dagJson: CID

	beforeAll(async () => {
		const leaf = await network.put(dagCbor.code, dagCbor.encode({ hello: 'this is not a link' }))
		cbor = await network.put(dagCbor.code, dagCbor.encode({ foo: { link: leaf, text: 'x' } }))
		dagJson = await network.put(DAG_JSON, encode(JSON.stringify({ foo: { link: { '/': leaf.toString() } } })))
	})

	test.each([
		['dag-cbor', () => cbor],
		['dag-json', () => dagJson]
	])('%s comes as it is, with and without being asked for', async (name, cidOf) => {
		const cid = cidOf().toString()
		const raw = await bytesOf(await get(`ipfs/${cid}?format=raw`))
		const type = `application/vnd.ipld.${name}`
		for (const [query, headers] of [
			['', {}],
			[`?format=${name}`, {}],
			['', { accept: type }]
		] as const) {
			const response = await get(`ipfs/${cid}${query}`, headers)
			expect([response.status, header(response, 'content-type')]).toEqual([200, type])
			expect(header(response, 'cache-control')).toBe(FOR_EVER)
			expect(header(response, 'content-disposition')).toMatch(/^attachment/)
			expect(await bytesOf(response)).toEqual(raw)
		}
		const head = await get(`ipfs/${cid}?format=${name}`, {}, 'HEAD')
		expect([head.status, header(head, 'content-length'), head.body]).toEqual([200, String(raw.byteLength), null])
		expect(header(head, 'etag')).toBe(`"${cid}.${name}"`)
	})

	test('as plain JSON', async () => {
		const response = await get(`ipfs/${dagJson.toString()}?format=json`)
		expect(header(response, 'content-type')).toBe('application/json')
		expect(await response.json()).toHaveProperty('foo')
	})

	test('one codec is not turned into another', async () => {
		const statuses = await Promise.all(
			[
				get(`ipfs/${root}/dir/ascii.txt?format=dag-json`),
				get(`ipfs/${root}/dir?format=dag-cbor`),
				get(`ipfs/${dagJson.toString()}?format=dag-cbor`),
				get(`ipfs/${cbor.toString()}`, { accept: 'application/vnd.ipld.dag-json' })
			].map(async (response) => (await response).status)
		)
		expect(statuses).toEqual([406, 406, 406, 406])
	})

	test('?format= counts before Accept', async () => {
		const response = await get(`ipfs/${dagJson.toString()}?format=json`, { accept: 'application/vnd.ipld.raw' })
		expect(header(response, 'content-type')).toBe('application/json')
	})

	test('paths lead through links', async () => {
		const response = await get(`ipfs/${cbor.toString()}/foo/link?format=dag-cbor`)
		expect(dagCbor.decode(await bytesOf(response))).toEqual({ hello: 'this is not a link' })
		expect((await get(`ipfs/${cbor.toString()}/foo/i-do-not-exist`)).status).toBe(404)
	})
})

describe('archives', () => {
	test('TAR of a folder', async () => {
		const response = await get(`ipfs/${root}/dir?format=tar&filename=testтест.tar`)
		expect([response.status, header(response, 'content-type')]).toEqual([200, 'application/x-tar'])
		expect(header(response, 'content-disposition')).toBe(
			`attachment; filename="test____.tar"; filename*=UTF-8''test%D1%82%D0%B5%D1%81%D1%82.tar`
		)
		expect(header(response, 'etag')).toContain(`W/"${cids['dir'] ?? ''}.tar`)
		const text = new TextDecoder().decode(await bytesOf(response))
		expect(text).toContain(`${cids['dir'] ?? ''}/ascii.txt`)
		expect(text).toContain(new TextDecoder().decode(ASCII))
	})

	const blocksOf = async (query: string, headers: Record<string, string> = {}) => {
		const response = await get(`ipfs/${root}/${query}`, headers)
		expect(response.status).toBe(200)
		expect(header(response, 'content-type')).toContain('application/vnd.ipld.car; version=1')
		expect(header(response, 'content-disposition')).toMatch(/^attachment/)
		const found: string[] = []
		for await (const { cid } of await CarBlockIterator.fromBytes(await bytesOf(response)))
			found.push(cid.toString())
		return found
	}
	const named = (...names: string[]) => [root, ...names.map((name) => cids[name])]

	test('CAR with the blocks along the path, of one block', async () => {
		expect(await blocksOf('dir?format=car&dag-scope=block')).toEqual(named('dir'))
	})

	test('CAR of a folder and all below it', async () => {
		const order = 'application/vnd.ipld.car; order=dfs; dups=n'
		expect(await blocksOf('dir', { accept: order })).toEqual(named('dir', 'dir/ascii.txt'))
	})

	test('CAR of some bytes of a file', async () => {
		const all = await blocksOf('three-blocks.bin?format=car&dag-scope=entity')
		const some = await blocksOf(`three-blocks.bin?format=car&dag-scope=entity&entity-bytes=0:${CHUNK_BYTES - 1}`)
		expect(all).toHaveLength(5)
		expect(some).toEqual(all.slice(0, 3))
	})
})
