import { IndexedCatalog } from './indexed-catalog'
import { serveCatalog } from './port-server'

/** Entry of the catalog worker: shared by all tabs where there are shared workers, else one a tab. */
const catalog = new IndexedCatalog()

if ('onconnect' in globalThis) {
	const scope = globalThis as unknown as { onconnect: (event: MessageEvent) => void }
	scope.onconnect = ({ ports: [port] }) => {
		if (port !== undefined) serveCatalog(catalog, port)
	}
} else {
	serveCatalog(catalog, globalThis)
}
