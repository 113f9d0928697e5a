/// <reference types="node" />
import { CID } from 'multiformats/cid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readFile } from 'node:fs/promises'
import { KUBO_BIN, startKubo, type KuboNode } from './kubo.fixture'
import { KuboRpc } from './kubo-rpc'

const answering = (status: number, body: string) => () => Promise.resolve(new Response(body, { status }))
const signal = AbortSignal.timeout(60_000)

describe('what is said when a node does not do as asked', () => {
	test.each([
		[403, '403 - Forbidden', 'refused', /does not|refuses this page/],
		[401, '', 'key-refused', /token/],
		[404, '404 page not found', 'invalid-setting', /not the RPC/],
		[413, '<html>', 'too-large', /size/],
		[429, '', 'rate-limited', /wait/],
		[500, '{"Message":"no space left on device","Code":0,"Type":"error"}', 'quota', /no space/],
		[500, '{"Message":"boom","Code":0,"Type":"error"}', 'refused', /boom/]
	] as const)('status %i %s is %s', async (status, body, code, detail) => {
		const rpc = new KuboRpc('http://127.0.0.1:5001', answering(status, body))
		await expect(rpc.id()).rejects.toMatchObject({ code, detail: expect.stringMatching(detail) as unknown })
	})

	test('a node without name/put is named as too old', async () => {
		const rpc = new KuboRpc('http://127.0.0.1:5001', answering(404, '404 page not found'))
		await expect(rpc.namePut('k51', new Uint8Array(1))).rejects.toMatchObject({
			detail: expect.stringContaining('0.40') as unknown
		})
	})

	test('nobody there is unreachable', async () => {
		const rpc = new KuboRpc('http://127.0.0.1:9', () => Promise.reject(new TypeError('fetch failed')))
		await expect(rpc.version()).rejects.toMatchObject({ code: 'unreachable' })
	})

	test('a web page in place of an RPC is no node', async () => {
		const rpc = new KuboRpc('http://127.0.0.1:5001', answering(200, '<html>'))
		await expect(rpc.version()).rejects.toMatchObject({ code: 'invalid-setting' })
	})

	test('an import whose answer ends early has failed', async () => {
		const rpc = new KuboRpc('http://127.0.0.1:5001', answering(200, '{"Message":"bad block","Type":"error"}'))
		await expect(rpc.importCar(new Blob(), { signal })).rejects.toMatchObject({ code: 'refused' })
	})

	test('another root than ours is never taken for ours', async () => {
		const other = 'bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau'
		const rpc = new KuboRpc(
			'http://127.0.0.1:5001',
			answering(
				200,
				`{"Root":{"Cid":{"/":"${other}"},"PinErrorMsg":""}}\n{"Stats":{"BlockCount":1,"BlockBytesCount":9}}`
			)
		)
		const root = CID.parse('bafybeianqaxtzyhyh3r4uf3vapqb6lo64pgy3momkphw2u5froabpblqtq')
		await expect(rpc.importCar(new Blob(), { signal, root })).rejects.toMatchObject({ code: 'wrong-root' })
	})

	test('cancelling stays cancelling', async () => {
		const hanging: typeof fetch = (_, init) =>
			new Promise((_, reject) => {
				init?.signal?.addEventListener('abort', () => {
					reject(init.signal?.reason as Error)
				})
			})
		const abort = new AbortController()
		const asked = new KuboRpc('http://127.0.0.1:5001', hanging).id(abort.signal)
		abort.abort()
		await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
	})

	test('a key goes in a header alone, and into no error', async () => {
		const asked: { url: string; authorization: string | null }[] = []
		const refusing: typeof fetch = (input, init) => {
			const { url, headers } = new Request(input, init)
			asked.push({ url, authorization: headers.get('authorization') })
			return Promise.resolve(new Response('{"error":"a-secret is not known"}', { status: 401 }))
		}
		const rpc = new KuboRpc('https://rpc.example', refusing, { token: 'a-secret' })
		const error = (await rpc.id().catch((thrown: unknown) => thrown)) as Error & { detail: string }
		expect(asked).toEqual([{ url: 'https://rpc.example/api/v0/id?', authorization: 'Bearer a-secret' }])
		expect(error).toMatchObject({ code: 'key-refused', detail: '… is not known' })
		expect(error.message + (error.stack ?? '')).not.toContain('a-secret')
	})

	test.each(['', 'ftp://x', 'no address'])('"%s" is no address', (origin) => {
		expect(() => new KuboRpc(origin)).toThrow(expect.objectContaining({ code: 'invalid-setting' }))
	})
})

describe.skipIf(KUBO_BIN === '')('with a real Kubo (KUBO_BIN)', () => {
	let kubo: KuboNode
	let rpc: KuboRpc
	const vectors = 'playwright/fixtures/vectors'

	beforeAll(async () => {
		kubo = await startKubo(['https://library.example'])
		rpc = new KuboRpc(kubo.rpc)
	}, 60_000)
	afterAll(() => kubo.remove())

	test('it says who it is', async () => {
		expect(await rpc.version()).toMatchObject({ recent: true })
		expect((await rpc.id()).peerId).toMatch(/^12D3Koo/)
		expect((await rpc.repoStat()).maxBytes).toBeGreaterThan(0)
	})

	test('a CAR is imported and pinned, listed, and unpinned once', async () => {
		const { root } = JSON.parse(await readFile(`${vectors}/expected.json`, 'utf8')) as { root: string }
		const car = new Blob([await readFile(`${vectors}/publication.car`)])
		const { blocks } = await rpc.importCar(car, { signal, root: CID.parse(root) })
		expect(blocks).toBeGreaterThan(5)
		expect(await rpc.pinLs({ cid: root })).toEqual([{ cid: root }])
		expect((await rpc.pinLs()).map((pin) => pin.cid)).toContain(root)
		expect(await rpc.pinRm(root)).toBe(true)
		expect(await rpc.pinRm(root)).toBe(false)
		expect(await rpc.pinLs({ cid: root })).toEqual([])
	})

	test('a node that lacks blocks is not waited for for ever', async () => {
		const whole = await readFile(`${vectors}/publication.car`)
		// The header and the root block alone.
		const header = 1 + (whole[0] ?? 0)
		const first = header + 2 + ((whole[header] ?? 0) & 0x7f) + (whole[header + 1] ?? 0) * 128
		await kubo.ipfs('repo', 'gc')
		const pinned = rpc.importCar(new Blob([whole.subarray(0, first)]), { signal, timeoutMs: 500 })
		await expect(pinned).rejects.toMatchObject({ code: 'unreachable' })
	})

	test('a damaged CAR is refused', async () => {
		const bytes = new Uint8Array(await readFile(`${vectors}/publication.car`))
		bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1
		await expect(rpc.importCar(new Blob([bytes]), { signal })).rejects.toMatchObject({ code: 'refused' })
	})

	test('a page that the node does not know is refused', async () => {
		const stranger: typeof fetch = (input, init) =>
			fetch(input, { ...init, headers: { Origin: 'https://stranger.example' } })
		await expect(new KuboRpc(kubo.rpc, stranger).id()).rejects.toMatchObject({ code: 'refused' })
	})
})
