import { encode } from '@ipld/dag-cbor'
import type { CID } from 'multiformats/cid'
import { varint } from 'multiformats'

/** Reads the bytes of a block that is held here. */
export type ReadBlock = (cid: CID, signal: AbortSignal) => Promise<Uint8Array>

/** Pieces of about this size become Blobs, which browsers keep on disk. */
const PIECE_BYTES = 8 * 1024 * 1024

/**
 * A CARv1 as a stream of bytes, one block in memory at a time.
 * @param roots - named in the header; none for a part of a DAG
 * @see https://ipld.io/specs/transport/car/carv1/
 */
export async function* packCar(
	roots: readonly CID[],
	blocks: Iterable<CID>,
	read: ReadBlock,
	signal: AbortSignal
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	const header = encode({ roots: [...roots], version: 1 })
	yield framed(header)
	for (const cid of blocks) {
		signal.throwIfAborted()
		yield framed(cid.bytes, await read(cid, signal))
	}
}

/** The same as a Blob, for a form or a download. */
export async function carBlob(
	roots: readonly CID[],
	blocks: Iterable<CID>,
	read: ReadBlock,
	signal: AbortSignal
): Promise<Blob> {
	const pieces: Blob[] = []
	let parts: Uint8Array<ArrayBuffer>[] = []
	let length = 0
	for await (const part of packCar(roots, blocks, read, signal)) {
		parts.push(part)
		length += part.byteLength
		if (length >= PIECE_BYTES) {
			pieces.push(new Blob(parts))
			parts = []
			length = 0
		}
	}
	return new Blob([...pieces, ...parts], { type: 'application/vnd.ipld.car' })
}

function framed(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
	const length = parts.reduce((sum, part) => sum + part.byteLength, 0)
	const prefix = varint.encodingLength(length)
	const frame = new Uint8Array(prefix + length)
	varint.encodeTo(length, frame)
	let at = prefix
	for (const part of parts) {
		frame.set(part, at)
		at += part.byteLength
	}
	return frame
}
