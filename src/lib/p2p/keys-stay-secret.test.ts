import { CID } from 'multiformats/cid'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { KuboRpc } from './kubo-rpc'
import { Pinata } from './pinata'
import { PinningService } from './pinning-service'

const TOKEN = 'eyJhbGciOi.a-key-that-nobody-may-see.c2lnbmF0dXJl'
const root = CID.parse('bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau')
const signal = AbortSignal.timeout(60_000)

/** What the other side says: it repeats the key wherever it can. */
const ANSWERS: readonly [string, () => Promise<Response>][] = [
	[
		'401 in JSON',
		() => Promise.resolve(Response.json({ error: { reason: TOKEN, details: `key ${TOKEN}` } }, { status: 401 }))
	],
	['403 in JSON', () => Promise.resolve(Response.json({ error: `scope of ${TOKEN}` }, { status: 403 }))],
	['429', () => Promise.resolve(new Response(`slow down, ${TOKEN}`, { status: 429 }))],
	['500 in HTML', () => Promise.resolve(new Response(`<html>Bearer ${TOKEN}</html>`, { status: 500 }))],
	['plain 400', () => Promise.resolve(new Response(`what is ${TOKEN}?`, { status: 400 }))],
	['Kubo’s own', () => Promise.resolve(Response.json({ Message: `no ${TOKEN}`, Code: 0 }, { status: 500 }))],
	['a 200 that is none', () => Promise.resolve(new Response(TOKEN))],
	['no answer', () => Promise.reject(new TypeError('fetch failed'))]
]

let urls: string[]
let logged: string[]
beforeEach(() => {
	urls = []
	logged = []
	for (const how of ['log', 'info', 'warn', 'error', 'debug'] as const)
		vi.spyOn(console, how).mockImplementation((...words) => logged.push(words.map(String).join(' ')))
})
afterEach(() => vi.restoreAllMocks())

const answering = (answer: () => Promise<Response>) =>
	((input: string | URL | Request) => {
		urls.push(input instanceof Request ? input.url : input.toString())
		return answer()
	}) as typeof fetch

/** Every text of an error, and of what caused it. */
function textOf(error: unknown, depth = 0): string {
	if (!(error instanceof Error) || depth > 5) return String(error)
	const own = JSON.stringify(error, Object.getOwnPropertyNames(error))
	return `${error.name} ${error.message} ${error.stack ?? ''} ${own} ${textOf(error.cause, depth + 1)}`
}

const piece = () => Promise.resolve(new Blob(['car']))

for (const [what, answer] of ANSWERS) {
	test(`no key is in an URL, a log or an error: ${what}`, async () => {
		const fetch = answering(answer)
		const pinata = new Pinata({ jwt: TOKEN, fetch, wait: () => Promise.resolve() })
		const resumable = new Pinata({ jwt: TOKEN, fetch, tusAboveBytes: 0, wait: () => Promise.resolve() })
		const pins = new PinningService({ endpoint: 'https://pins.example', token: TOKEN, fetch })
		const kubo = new KuboRpc('https://node.example', fetch, { token: TOKEN })
		const car = { root, name: 'A', lengthBytes: 3, piece, signal }
		const cid = root.toString()
		const asked: readonly (() => Promise<unknown>)[] = [
			() => pinata.authenticate(signal),
			() => pinata.usage(signal),
			() => pinata.list(signal),
			() => pinata.uploadCar(car),
			() => resumable.uploadCar(car),
			() => pinata.pinByCid({ cid, name: 'A', hosts: [] }, signal),
			() => pinata.remove('id', signal),
			() => pins.add({ cid, name: 'A', origins: [] }, signal),
			() => pins.list(signal, {}),
			() => pins.remove('id', signal),
			() => kubo.version(signal),
			() => kubo.pinAdd(cid, { signal }),
			() => kubo.importCar(new Blob(['car']), { signal, pin: true, root })
		]
		const errors: string[] = []
		for (const ask of asked) await ask().catch((error: unknown) => errors.push(textOf(error)))
		expect(errors.length).toBeGreaterThan(0)
		expect(urls.length).toBeGreaterThanOrEqual(asked.length)
		expect([...urls, ...logged, ...errors].filter((text) => text.includes(TOKEN))).toEqual([])
	})
}
