import { IndexedCatalog } from '../../../src/lib/catalog/index/indexed-catalog'
import type { Engine } from './engine'
import { engineOf } from './ours'

/** The catalog in the page's own thread, which the browser can slow down. */
export const oursInPage = (): Engine => engineOf(new IndexedCatalog())
