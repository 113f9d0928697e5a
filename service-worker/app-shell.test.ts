import { expect, test } from 'vitest'
import { AppShell } from './app-shell'

const SCOPE = new URL('https://app.example/sub/')

/** As much of CacheStorage as the shell uses. */
class FakeCaches {
	readonly held = new Map<string, Map<string, Response>>()
	keys = () => Promise.resolve([...this.held.keys()])
	delete = (name: string) => Promise.resolve(this.held.delete(name))
	open = (name: string) => {
		const cache = this.held.get(name) ?? new Map<string, Response>()
		this.held.set(name, cache)
		return Promise.resolve({
			match: (path: string) => Promise.resolve(cache.get(path)?.clone()),
			put: (path: string, response: Response) => Promise.resolve(void cache.set(path, response))
		})
	}
}

/** A host that serves these paths, and can be taken away. */
function aHost(served: readonly string[]) {
	const host = { online: true, asked: [] as string[] }
	const fetch = (input: URL | Request) => {
		const { pathname } = new URL(input instanceof Request ? input.url : input)
		host.asked.push(pathname)
		if (!host.online) return Promise.reject(new TypeError('Failed to fetch'))
		return Promise.resolve(
			served.includes(pathname) ? new Response(`host ${pathname}`) : new Response('', { status: 404 })
		)
	}
	return { host, fetch: fetch as typeof globalThis.fetch }
}

const BUILD = ['/sub/_app/immutable/a.js']
const FILES = ['/sub/icons/icon.svg', '/sub/starter.car']
const ALL = ['/sub/', ...BUILD, ...FILES]

function aShell(served = ALL, version = '2', caches = new FakeCaches()) {
	const { host, fetch } = aHost(served)
	const shell = new AppShell({
		scope: SCOPE,
		build: BUILD,
		files: FILES,
		version,
		caches: caches as unknown as CacheStorage,
		fetch
	})
	const get = async (path: string, headers: Record<string, string> = {}) => {
		const url = new URL(path, SCOPE)
		const event = { request: new Request(url, { headers }) } as FetchEvent
		return shell.canHandle(event, url) ? shell.handle(event, url) : undefined
	}
	return { shell, host, caches, get }
}

test('the page and its parts open with no network once they are stored', async () => {
	const { shell, host, get } = aShell()
	await shell.install()
	host.online = false
	for (const path of ['', '?hubs=&local=1', 'index.html'])
		expect(await (await get(path))?.text()).toBe('host /sub/')
	expect(await (await get('_app/immutable/a.js'))?.text()).toBe('host /sub/_app/immutable/a.js')
	expect(await (await get('icons/icon.svg'))?.text()).toBe('host /sub/icons/icon.svg')
})

test('the starter collection is stored when it is first used', async () => {
	const { shell, host, get } = aShell()
	await shell.install()
	expect(host.asked).not.toContain('/sub/starter.car')
	await get('starter.car')
	host.online = false
	expect(await (await get('starter.car'))?.text()).toBe('host /sub/starter.car')
})

test('installing fails when a part of the app is missing, not when an icon is', async () => {
	await expect(aShell(['/sub/']).shell.install()).rejects.toThrow('/sub/_app/immutable/a.js: 404')
	await expect(aShell(['/sub/', ...BUILD]).shell.install()).resolves.toBeUndefined()
})

test('what is not part of the app is left to the browser', async () => {
	const { shell, get } = aShell()
	await shell.install()
	for (const path of ['/', '/other/', 'unknown', 'https://elsewhere.example/sub/'])
		expect(await get(path)).toBeUndefined()
})

test('the version before stays, for pages that are still open; older ones go', async () => {
	const caches = new FakeCaches()
	for (const version of ['0', '1']) {
		const { shell } = aShell(ALL, version, caches)
		await shell.install()
	}
	caches.held.get('antiphon-shell-1')?.set('/sub/_app/immutable/old.js', new Response('old part'))
	await caches.open('not-ours')
	const { shell, get } = aShell(ALL, '2', caches)
	await shell.install()
	await shell.activate()
	expect([...caches.held.keys()].sort()).toEqual(['antiphon-shell-1', 'antiphon-shell-2', 'not-ours'])
	expect(await (await get('_app/immutable/old.js'))?.text()).toBe('old part')
})

test('a kept file answers ranges, which media elements insist on', async () => {
	const { shell, get } = aShell()
	await shell.install()
	const response = await get('icons/icon.svg', { range: 'bytes=0-3' })
	expect([response?.status, response?.headers.get('content-range'), await response?.text()]).toEqual([
		206,
		'bytes 0-3/24',
		'host'
	])
})
