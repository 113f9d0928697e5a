import { IDBBlockstore } from 'blockstore-idb'
import type { CID } from 'multiformats/cid'

type Bytes = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** IndexedDB clones the whole buffer that a view looks into: a block cut out of a CAR would be stored with the CAR. */
class CompactBlockstore extends IDBBlockstore {
	override put(cid: CID, bytes: Bytes, options?: { signal?: AbortSignal }): Promise<CID> {
		const isPart = bytes instanceof Uint8Array && bytes.byteLength !== bytes.buffer.byteLength
		return super.put(cid, isPart ? bytes.slice() : bytes, options)
	}
}

/** The one block store of this origin: the peer, the service worker and publishing all use it. */
export async function openBlockstore(name = 'antiphon-blocks'): Promise<IDBBlockstore> {
	const store = new CompactBlockstore(name)
	await store.open()
	return store
}
