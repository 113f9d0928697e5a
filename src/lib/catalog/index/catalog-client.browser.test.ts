import { afterEach, expect, test } from 'vitest'
import { generateCatalogs, toPublication, type GeneratedCatalog } from '../../../../bench/catalog-generator'
import type { Catalog } from '../catalog'
import { openCatalog } from './catalog-client'

const open: Catalog[] = []

function openTab(): Catalog {
	const catalog = openCatalog()
	open.push(catalog)
	return catalog
}

afterEach(() => {
	for (const catalog of open.splice(0)) catalog.dispose()
})

/** The real worker has one database a browser, so every test has publishers of its own. */
const fresh = () =>
	[
		...generateCatalogs({ seed: Math.floor(Math.random() * 2 ** 32), publishers: 1, entries: 600 })
	][0] as GeneratedCatalog

test('a worker of its own thread indexes and answers', async () => {
	const catalog = openTab()
	await catalog.open()
	const generated = fresh()
	const { publisher, entries } = generated
	expect(await catalog.apply(await toPublication(generated))).toEqual({ accepted: 600, dropped: 0, reasons: [] })
	const wanted = entries[5]
	const { hits } = await catalog.search({ text: wanted?.title ?? '', publisher })
	expect(hits[0]?.row).toMatchObject({ title: wanted?.title, publisher })
	await catalog.remove(publisher)
	expect(await catalog.publisher(publisher)).toBeUndefined()
})

test('two tabs share one index, and each hears what the other changed', async () => {
	const [one, other] = [openTab(), openTab()]
	const before = await other.open()
	const heard = new Promise<void>((resolve) => {
		other.onchange(({ entries }) => {
			if (entries >= before.entries + 600) resolve()
		})
	})
	const generated = fresh()
	await one.apply(await toPublication(generated))
	await heard
	expect(await other.heldPages(generated.publisher)).toEqual(await one.heldPages(generated.publisher))
	await other.remove(generated.publisher)
	expect(await one.publisher(generated.publisher)).toBeUndefined()
})

test('errors keep their code on the way', async () => {
	const catalog = openTab()
	const publication = await toPublication(fresh())
	const foreign = { ...publication, publisher: 'k51somebodyelse' }
	await expect(catalog.apply(foreign)).rejects.toMatchObject({ name: 'AppError', code: 'publisher-mismatch' })
})

test('a search that is no longer wanted rejects', async () => {
	const catalog = openTab()
	await catalog.open()
	const control = new AbortController()
	const searching = catalog.search({ text: '' }, control.signal)
	control.abort()
	await expect(searching).rejects.toMatchObject({ name: 'AbortError' })
})

test('without shared workers the tab has a worker of its own on the same database', async () => {
	const shared = openTab()
	const generated = fresh()
	await shared.apply(await toPublication(generated))
	const descriptor = Object.getOwnPropertyDescriptor(globalThis, 'SharedWorker')
	try {
		Object.defineProperty(globalThis, 'SharedWorker', { value: undefined, configurable: true })
		const own = openTab()
		expect(await own.publisher(generated.publisher)).toMatchObject({ entries: 600 })
		const gone = new Promise<void>((resolve) => {
			own.onchange(() => {
				own.publisher(generated.publisher).then(
					(found) => {
						if (found === undefined) resolve()
					},
					() => undefined
				)
			})
		})
		await shared.remove(generated.publisher)
		await gone
		expect(await own.heldPages(generated.publisher)).toEqual([])
	} finally {
		if (descriptor !== undefined) Object.defineProperty(globalThis, 'SharedWorker', descriptor)
	}
})
