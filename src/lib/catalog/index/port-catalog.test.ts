import { afterEach, expect, test, vi } from 'vitest'
import { AppError } from '../../errors'
import type { Catalog, SearchAnswer } from '../catalog'
import { PortCatalog, type Connect, type PortCatalogTimes, type WorkerLink } from './port-catalog'
import type { CatalogWorkerMessage, TabMessage } from './port-protocol'
import { serveCatalog } from './port-server'

const TOTALS = { entries: 1, publishers: 1, albums: 1 }
const ANSWER: SearchAnswer = { total: 0, hits: [], albums: [], artists: [], publishers: [], byKind: {}, tookMs: 1 }

const catalogs: PortCatalog[] = []
const closing: (() => void)[] = []

afterEach(() => {
	for (const catalog of catalogs.splice(0)) catalog.dispose()
	for (const close of closing.splice(0)) close()
})

/** A catalog of which a test needs few methods; any other fails. */
const having = (methods: Partial<Catalog>): Catalog =>
	new Proxy(methods, {
		get: (target, name): unknown =>
			Reflect.get(target, name) ??
			(name === 'onchange'
				? () => () => undefined
				: () => Promise.reject(new Error(`${String(name)} is not in this test`)))
	}) as Catalog

/** A worker that serves this catalog, through a real channel. */
function serving(catalog: Catalog): WorkerLink {
	const { port1: here, port2: there } = new MessageChannel()
	serveCatalog(catalog, there)
	const link: WorkerLink = {
		post: (message) => {
			here.postMessage(message)
		},
		onmessage: () => undefined,
		onfailed: () => undefined,
		close: () => {
			here.close()
		}
	}
	here.onmessage = ({ data }: MessageEvent<CatalogWorkerMessage>) => {
		link.onmessage(data)
	}
	closing.push(() => {
		here.close()
	})
	return link
}

/** A worker that hears and never answers. */
function silent(heard: TabMessage[] = []): WorkerLink {
	return {
		post: (message) => void heard.push(message),
		onmessage: () => undefined,
		onfailed: () => undefined,
		close: () => undefined
	}
}

function connecting(connect: Connect, times: Partial<PortCatalogTimes> = {}): PortCatalog {
	const catalog = new PortCatalog(connect, times)
	catalogs.push(catalog)
	return catalog
}

test('carries calls, their arguments and their answers', async () => {
	const albums = vi.fn(() => Promise.resolve([]))
	const catalog = connecting(() => serving(having({ open: () => Promise.resolve(TOTALS), albums })))
	expect(await catalog.open()).toEqual(TOTALS)
	expect(await catalog.albums({ publisher: 'k51', limit: 3 })).toEqual([])
	expect(albums).toHaveBeenCalledWith({ publisher: 'k51', limit: 3 })
})

test('rebuilds errors of the app, with code and detail', async () => {
	const apply = () => Promise.reject(new AppError('publisher-mismatch', 'of another', { detail: 'k51' }))
	const catalog = connecting(() => serving(having({ apply, remove: () => Promise.reject(new TypeError('oops')) })))
	const input = { publisher: 'k', root: 'r', sequence: 1, validUntilMs: Infinity, pages: [] }
	const failure: unknown = await catalog.apply(input).catch((error: unknown) => error)
	expect(failure).toBeInstanceOf(AppError)
	expect(failure).toMatchObject({ code: 'publisher-mismatch', message: 'of another', detail: 'k51' })
	await expect(catalog.remove('k')).rejects.toMatchObject({ code: 'storage-failed' })
})

test('tells of changes', async () => {
	let tell: Parameters<Catalog['onchange']>[0] = () => undefined
	const held = having({
		open: () => Promise.resolve(TOTALS),
		onchange: (listener) => {
			tell = listener
			return () => undefined
		}
	})
	const catalog = connecting(() => serving(held))
	await catalog.open()
	const heard = new Promise((resolve) => catalog.onchange(resolve))
	tell({ ...TOTALS, entries: 2 })
	expect(await heard).toEqual({ ...TOTALS, entries: 2 })
})

test('an aborted search rejects at once and ends in the worker', async () => {
	const ended = Promise.withResolvers<undefined>()
	const search: Catalog['search'] = (_query, signal) => {
		signal?.addEventListener('abort', () => {
			ended.resolve(undefined)
		})
		return new Promise(() => undefined)
	}
	const catalog = connecting(() => serving(having({ search })))
	const control = new AbortController()
	const searching = catalog.search({ text: 'a' }, control.signal)
	control.abort()
	await expect(searching).rejects.toMatchObject({ name: 'AbortError' })
	await ended.promise
	await expect(catalog.search({ text: 'a' }, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
})

test('a call that is never answered fails at its deadline', async () => {
	const open = () => new Promise<never>(() => undefined)
	const catalog = connecting(() => serving(having({ open })), { deadlinesMs: { open: 30 } })
	await expect(catalog.open()).rejects.toMatchObject({ code: 'storage-failed' })
})

test('a worker that goes silent is replaced, and its calls are made again', async () => {
	const heard: TabMessage[] = []
	const failures: number[] = []
	const catalog = connecting(
		(failed) => {
			failures.push(failed)
			return failed === 0 ? silent(heard) : serving(having({ search: () => Promise.resolve(ANSWER) }))
		},
		{ pingMs: 5, silentPings: 3 }
	)
	expect(await catalog.search({ text: 'neap' })).toEqual(ANSWER)
	expect(failures).toEqual([0, 1])
	expect(heard.map(({ type }) => type)).toEqual(['call', 'ping', 'ping', 'ping'])
})

test('a worker that is at work for long, and answers pings, is left alone', async () => {
	const connect = vi.fn(() =>
		serving(having({ open: () => new Promise((resolve) => setTimeout(resolve, 100, TOTALS)) }))
	)
	expect(await connecting(connect, { pingMs: 5, silentPings: 4 }).open()).toEqual(TOTALS)
	expect(connect).toHaveBeenCalledOnce()
})

test('a worker that fails to start is followed by the next', async () => {
	const catalog = connecting((failed) => {
		if (failed === 1) throw new Error('not allowed')
		if (failed > 1) return serving(having({ open: () => Promise.resolve(TOTALS) }))
		const link = silent()
		queueMicrotask(() => {
			link.onfailed('it does not load')
		})
		return link
	})
	expect(await catalog.open()).toEqual(TOTALS)
})

test('when no worker is left the call fails, and a later one may succeed', async () => {
	let works = false
	const catalog = connecting(
		(failed) => {
			if (works) return serving(having({ open: () => Promise.resolve(TOTALS) }))
			return failed < 2 ? silent() : undefined
		},
		{ pingMs: 2, silentPings: 1 }
	)
	await expect(catalog.open()).rejects.toMatchObject({ code: 'storage-failed' })
	works = true
	expect(await catalog.open()).toEqual(TOTALS)
})

test('a worker of another version refuses', async () => {
	const link = serving(having({ open: () => Promise.resolve(TOTALS) }))
	const post = link.post.bind(link)
	link.post = (message) => {
		post(message.type === 'call' ? ({ ...message, version: 99 } as unknown as TabMessage) : message)
	}
	await expect(connecting(() => link).open()).rejects.toMatchObject({ code: 'storage-failed' })
})

test('a closed catalog answers nothing more', async () => {
	const catalog = connecting(() => silent())
	const pending = catalog.open()
	catalog.dispose()
	await expect(pending).rejects.toMatchObject({ name: 'AbortError' })
	await expect(catalog.open()).rejects.toMatchObject({ name: 'AbortError' })
})
