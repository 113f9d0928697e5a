import type { CID } from 'multiformats/cid'
import { joinBytes } from '../gateway/join-bytes'

/** The part of `interface-blockstore` that reads one block. */
export interface BlockReader<Options = { signal?: AbortSignal }> {
	get(cid: CID, options?: Options): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** The bytes of a block that a store gives in pieces. @throws the store's `NotFoundError` */
export async function readBlock<Options extends { signal?: AbortSignal }>(
	store: BlockReader<Options>,
	cid: CID,
	options?: Options
): Promise<Uint8Array> {
	const pieces: Uint8Array[] = []
	for await (const piece of store.get(cid, options)) pieces.push(piece)
	if (pieces.length === 1 && pieces[0]) return pieces[0]
	return joinBytes(pieces)
}
