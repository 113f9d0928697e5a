import { IDBBlockstore } from 'blockstore-idb'

/** The one block store of this origin: the peer, the service worker and publishing all use it. */
export async function openBlockstore(name = 'antiphon-blocks'): Promise<IDBBlockstore> {
	const store = new IDBBlockstore(name)
	await store.open()
	return store
}
