import * as dagCbor from '@ipld/dag-cbor'
import * as dagPb from '@ipld/dag-pb'
import { MemoryBlockstore } from 'blockstore-core'
import { UnixFS } from 'ipfs-unixfs'
import { importBytes, type ImporterOptions } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced, trickle } from 'ipfs-unixfs-importer/layout'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { identity } from 'multiformats/hashes/identity'
import { sha256 } from 'multiformats/hashes/sha2'
import { varint } from 'multiformats'

/** A file as it lies in the network. */
export interface TestFile {
	readonly root: CID
	readonly bytes: Uint8Array
	/** By multihash. */
	readonly blocks: ReadonlyMap<string, Uint8Array>
}

export const keyOf = (cid: CID) => String.fromCharCode(...cid.multihash.bytes)

/** Bytes without a pattern, the same for the same seed. */
export function someBytes(sizeBytes: number, seed = 1): Uint8Array<ArrayBuffer> {
	let state = seed | 1
	return Uint8Array.from({ length: sizeBytes }, () => {
		// xorshift32
		state ^= state << 13
		state ^= state >>> 17
		state ^= state << 5
		return state
	})
}

export interface FileShape {
	readonly chunkBytes?: number
	readonly layout?: 'balanced' | 'trickle'
	readonly links?: number
	readonly rawLeaves?: boolean
	readonly reduceSingleLeaf?: boolean
}

/** The file as an importer builds it. */
export async function aFile(
	bytes: Uint8Array,
	{ chunkBytes = 1024, layout = 'balanced', links = 4, rawLeaves = true, reduceSingleLeaf = true }: FileShape = {}
): Promise<TestFile> {
	const store = new MemoryBlockstore()
	const options: ImporterOptions = {
		cidVersion: 1,
		rawLeaves,
		reduceSingleLeafToSelf: reduceSingleLeaf,
		chunker: fixedSize({ chunkSize: chunkBytes }),
		layout:
			layout === 'balanced'
				? balanced({ maxChildrenPerNode: links })
				: trickle({ layerRepeat: 2, maxChildrenPerNode: links })
	}
	const { cid } = await importBytes(bytes, store, options)
	const blocks = new Map<string, Uint8Array>()
	for await (const pair of store.getAll()) {
		for await (const block of pair.bytes) blocks.set(keyOf(pair.cid), block)
	}
	return { root: cid, bytes, blocks }
}

/** A part of a file that is built by hand. */
export interface Part {
	readonly cid: CID
	readonly sizeBytes: number
}

/** Builds files that no importer builds. */
export class DagBuilder {
	readonly blocks = new Map<string, Uint8Array>()

	async leaf(bytes: Uint8Array): Promise<Part> {
		return { cid: await this.#put(raw.code, bytes), sizeBytes: bytes.byteLength }
	}

	inline(bytes: Uint8Array): Part {
		return { cid: CID.createV1(raw.code, identity.digest(bytes)), sizeBytes: bytes.byteLength }
	}

	/** @param claimed - what the node says of its parts, where that is not true */
	async node(parts: readonly Part[], data?: Uint8Array, claimed?: readonly number[]): Promise<Part> {
		const sizes = claimed ?? parts.map(({ sizeBytes }) => sizeBytes)
		const unixfs = new UnixFS({ type: 'file', blockSizes: sizes.map(BigInt), ...(data ? { data } : {}) })
		const bytes = dagPb.encode({
			Data: unixfs.marshal(),
			Links: parts.map(({ cid, sizeBytes }) => ({ Name: '', Hash: cid, Tsize: sizeBytes }))
		})
		const sizeBytes = sizes.reduce((sum, size) => sum + size, data?.byteLength ?? 0)
		return { cid: await this.#put(dagPb.code, bytes), sizeBytes }
	}

	async #put(code: number, bytes: Uint8Array): Promise<CID> {
		const cid = CID.createV1(code, await sha256.digest(bytes))
		this.blocks.set(keyOf(cid), bytes)
		return cid
	}
}

export interface CarEntry {
	readonly cid: CID
	readonly bytes: Uint8Array
}

/** What Kubo sends for `dag-scope=entity&entity-bytes=from:to&dups=n`, `to` included. */
export function entriesOf({ root, blocks }: TestFile, from: number, to: number): CarEntry[] {
	const seen = new Set<string>()
	const entries: CarEntry[] = []
	const visit = (cid: CID, at: number): void => {
		const key = keyOf(cid)
		const isInline = cid.multihash.code === identity.code
		const bytes = isInline ? cid.multihash.digest : blocks.get(key)
		if (bytes === undefined) return
		if (!isInline && !seen.has(key)) entries.push({ cid, bytes })
		seen.add(key)
		if (cid.code !== dagPb.code) return
		const { Data, Links } = dagPb.decode(bytes)
		if (Data === undefined) return
		const unixfs = UnixFS.unmarshal(Data)
		let start = at + (unixfs.data?.byteLength ?? 0)
		for (const [index, { Hash }] of Links.entries()) {
			const size = Number(unixfs.blockSizes[index] ?? 0)
			if (start <= to && start + size > from) visit(Hash, start)
			start += size
		}
	}
	visit(root, 0)
	return entries
}

const joined = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
	const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0))
	let at = 0
	for (const part of parts) {
		bytes.set(part, at)
		at += part.byteLength
	}
	return bytes
}

const prefixed = (bytes: Uint8Array): Uint8Array => {
	const length = varint.encodingLength(bytes.byteLength)
	return joined([varint.encodeTo(bytes.byteLength, new Uint8Array(length)), bytes])
}

/** The parts of a CAR: its header, then one for each block. */
export const carParts = (root: CID, entries: readonly CarEntry[]): Uint8Array[] => [
	prefixed(dagCbor.encode({ version: 1, roots: [root] })),
	...entries.map(({ cid, bytes }) => prefixed(joined([cid.bytes, bytes])))
]

export const carOf = (root: CID, entries: readonly CarEntry[]): Uint8Array<ArrayBuffer> =>
	joined(carParts(root, entries))
