import { IndexedCatalog } from './indexed-catalog'
import { PagePreparer } from './page-preparing'
import { serveCatalog, type ServedPort } from './port-server'

/** Entry of the catalog worker: shared by all tabs where there are shared workers, else one a tab. */
const catalog = new IndexedCatalog()
const serve = (port: ServedPort) => {
	serveCatalog(catalog, port, (helper) => {
		catalog.helper = new PagePreparer(helper)
	})
}

if ('onconnect' in globalThis) {
	const scope = globalThis as unknown as { onconnect: (event: MessageEvent) => void }
	scope.onconnect = ({ ports: [port] }) => {
		if (port !== undefined) serve(port)
	}
} else {
	serve(globalThis)
}
