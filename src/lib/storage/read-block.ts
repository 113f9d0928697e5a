import type { CID } from 'multiformats/cid'

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
	let length = 0
	for await (const piece of store.get(cid, options)) {
		pieces.push(piece)
		length += piece.length
	}
	if (pieces.length === 1 && pieces[0]) return pieces[0]
	const bytes = new Uint8Array(length)
	let at = 0
	for (const piece of pieces) {
		bytes.set(piece, at)
		at += piece.length
	}
	return bytes
}
