import * as dagCbor from '@ipld/dag-cbor'
import { importFile, importer } from 'ipfs-unixfs-importer'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { type FakeBlocks } from '../vectors.fixture'

const DAG_CBOR = 0x71
export const DAG_JSON = 0x0129

/** Puts a tree of files into blocks and gives its root. A file's content is text or bytes. */
export async function folder(
	blocks: FakeBlocks,
	files: Readonly<Record<string, string | Uint8Array>>,
	options: { readonly shard?: boolean } = {}
): Promise<CID> {
	const source = Object.entries(files).map(([path, content]) => ({
		path,
		content: typeof content === 'string' ? new TextEncoder().encode(content) : content
	}))
	let root: CID | undefined
	const built = importer(source, storage(blocks), {
		wrapWithDirectory: true,
		...(options.shard === true && { shardSplitThresholdBytes: 0 })
	})
	for await (const { cid } of built) root = cid
	if (root === undefined) throw new Error('nothing was built')
	return root
}

export async function file(blocks: FakeBlocks, content: string | Uint8Array): Promise<CID> {
	const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
	return (await importFile({ content: bytes }, storage(blocks))).cid
}

export async function data(blocks: FakeBlocks, bytes: Uint8Array, code: number): Promise<CID> {
	const cid = CID.createV1(code, await sha256.digest(bytes))
	blocks.put(cid, bytes)
	return cid
}

export async function cborNode(blocks: FakeBlocks, value: unknown): Promise<CID> {
	return await data(blocks, dagCbor.encode(value), DAG_CBOR)
}

export async function jsonNode(blocks: FakeBlocks, value: unknown): Promise<CID> {
	return await data(blocks, new TextEncoder().encode(JSON.stringify(value)), DAG_JSON)
}

function storage(blocks: FakeBlocks) {
	return {
		put(cid: CID, bytes: Uint8Array): CID {
			blocks.put(cid, bytes)
			return cid
		}
	}
}
