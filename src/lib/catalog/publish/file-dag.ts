import { encode, prepare } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { sha256 } from 'multiformats/hashes/sha2'
import * as raw from 'multiformats/codecs/raw'

/** Small chunks matter: nothing may be played before the whole block that holds it has come (protocol section 2). */
export const CHUNK_BYTES = 262_144
export const DIGEST_BYTES = 32
const LINKS_A_NODE = 174
const DAG_PB = 0x70

/** A file or directory that was imported; `size` is what a link to it states (Tsize). */
export interface Imported {
	readonly cid: CID
	readonly size: bigint
}

export interface FileDag extends Imported {
	/** The nodes above the leaves, root last; none for a file of one leaf. */
	readonly nodes: readonly { readonly cid: CID; readonly bytes: Uint8Array }[]
}

/** How many leaves a file of this size has; an empty file has one. */
export const leafCount = (sizeBytes: number): number => Math.max(1, Math.ceil(sizeBytes / CHUNK_BYTES))

/** CID of the leaf at `at`, of digests that lie one behind the other. */
export function leafCid(digests: Uint8Array, at: number): CID {
	const digest = digests.subarray(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES)
	return CID.createV1(raw.code, Digest.create(sha256.code, digest))
}

interface Part extends Imported {
	/** Bytes of the file below it. */
	readonly fileBytes: bigint
}

/**
 * The DAG of a file, from the sha2-256 digests of its leaves alone: balanced, as
 * `ipfs add --cid-version=1 --raw-leaves --chunker=size-262144 --max-file-links=174` makes it.
 * @see https://specs.ipfs.tech/unixfs/
 */
export async function fileDag(sizeBytes: number, digests: Uint8Array): Promise<FileDag> {
	const count = leafCount(sizeBytes)
	if (digests.byteLength !== count * DIGEST_BYTES) throw new RangeError(`${count} digests are needed`)
	const nodes: { cid: CID; bytes: Uint8Array }[] = []
	let level: Part[] = Array.from({ length: count }, (_, at) => {
		const fileBytes = BigInt(Math.min(CHUNK_BYTES, sizeBytes - at * CHUNK_BYTES))
		return { cid: leafCid(digests, at), size: fileBytes, fileBytes }
	})
	while (level.length > 1) {
		const above: Part[] = []
		for (let from = 0; from < level.length; from += LINKS_A_NODE) {
			const { bytes, ...part } = await nodeOf(level.slice(from, from + LINKS_A_NODE))
			nodes.push({ cid: part.cid, bytes })
			above.push(part)
		}
		level = above
	}
	const [root] = level as [Part]
	return { cid: root.cid, size: root.size, nodes }
}

async function nodeOf(parts: readonly Part[]): Promise<Part & { readonly bytes: Uint8Array }> {
	const file = new UnixFS({ type: 'file', blockSizes: parts.map(({ fileBytes }) => fileBytes) })
	const bytes = encode(
		prepare({
			Data: file.marshal(),
			Links: parts.map(({ cid, size }) => ({ Name: '', Tsize: Number(size), Hash: cid }))
		})
	)
	const below = parts.reduce((sum, { size }) => sum + size, 0n)
	return {
		cid: CID.createV1(DAG_PB, await sha256.digest(bytes)),
		size: below + BigInt(bytes.byteLength),
		fileBytes: parts.reduce((sum, { fileBytes }) => sum + fileBytes, 0n),
		bytes
	}
}
