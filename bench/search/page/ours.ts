import type { Catalog } from '../../../src/lib/catalog/catalog'
import { openCatalog } from '../../../src/lib/catalog/index/catalog-client'
import { asSearch } from '../as-search'
import type { Engine } from './engine'
import { unpack } from './publication'

/** The worker that {@link openCatalog} joins too: it goes by this address and name. */
const join = () =>
	new SharedWorker(new URL('../../../src/lib/catalog/index/catalog-worker.ts', import.meta.url), {
		type: 'module',
		name: 'antiphon-catalog'
	})

/** The catalog as a tab has it. */
export const ours = (): Engine => ({ ...engineOf(openCatalog()), pingPort: () => join().port })

export function engineOf(catalog: Catalog): Engine {
	return {
		async open() {
			await catalog.open()
		},
		async add(bytes) {
			await catalog.apply(unpack(bytes))
		},
		async search(query) {
			const { total, hits } = await catalog.search(asSearch(query))
			return { total, hits: hits.slice(0, 10).map(({ row: { title, artists } }) => ({ title, artists })) }
		},
		remove: (publisher) => catalog.remove(publisher),
		async ask(text) {
			const { hits, albums, artists } = await catalog.search({ text, limit: 50 })
			return {
				hits: hits.map(({ row: { title, artists, album } }) => ({ title, artists, ...(album && { album }) })),
				albums: albums.map(({ album }) => album),
				artists: artists.map(({ artist }) => artist)
			}
		},
		async entriesHeld(publisher) {
			const row = await catalog.publisher(publisher)
			const { total } = await catalog.search({ text: '', publisher, limit: 1 })
			return Math.max(row?.entries ?? 0, total)
		}
	}
}
