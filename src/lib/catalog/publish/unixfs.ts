import { importFile, importer, type InProgressImportResult, type WritableStorage } from 'ipfs-unixfs-importer'
import { balanced } from 'ipfs-unixfs-importer/layout'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import type { BlockLedger } from './block-ledger'

/** Small chunks matter: nothing may be played before the whole block that holds it has come (protocol section 2). */
export const CHUNK_BYTES = 262_144
const LINKS_A_NODE = 174
/** A multiple of the chunk; what is read from disk at once. */
const READ_BYTES = 16 * CHUNK_BYTES

/** A file or directory that was imported; `size` is what a link to it states (Tsize). */
export interface Imported {
	readonly cid: CID
	readonly size: bigint
}

/**
 * Imports a file as `ipfs add --cid-version=1 --raw-leaves --chunker=size-262144 --max-file-links=174` does.
 * @param onbytes - called with the number of bytes just read
 */
export async function importBlob(
	blob: Blob,
	ledger: BlockLedger,
	signal: AbortSignal,
	onbytes?: (bytes: number) => void
): Promise<Imported> {
	const { cid, size } = await importFile({ content: chunks(blob, signal, onbytes) }, storage(ledger), {
		cidVersion: 1,
		rawLeaves: true,
		reduceSingleLeafToSelf: true,
		// The content comes in chunks already; the importer's own chunker would copy each byte twice.
		chunker: (source) => source,
		layout: balanced({ maxChildrenPerNode: LINKS_A_NODE })
	})
	return { cid, size }
}

async function* chunks(
	blob: Blob,
	signal: AbortSignal,
	onbytes?: (bytes: number) => void
): AsyncGenerator<Uint8Array> {
	if (blob.size === 0) yield new Uint8Array(0)
	for (let start = 0; start < blob.size; start += READ_BYTES) {
		signal.throwIfAborted()
		const buffer = await blob.slice(start, start + READ_BYTES).arrayBuffer()
		for (let at = 0; at < buffer.byteLength; at += CHUNK_BYTES) {
			// Each chunk owns its buffer: storing a view in IndexedDB would store all that it is a view of.
			const chunk = new Uint8Array(buffer.slice(at, at + CHUNK_BYTES))
			yield chunk
			onbytes?.(chunk.byteLength)
		}
	}
}

/** Imports bytes as one raw leaf, whatever their length: heads and pages. */
export async function importLeaf(bytes: Uint8Array, ledger: BlockLedger): Promise<Imported> {
	const cid = CID.createV1(raw.code, await sha256.digest(bytes))
	await ledger.put(cid, bytes)
	return { cid, size: BigInt(bytes.byteLength) }
}

interface Folder {
	readonly folders: Map<string, Folder>
	readonly files: Map<string, Imported>
}

/** Builds the directories of a tree; a large one becomes a HAMT, as in Kubo. Keys are paths with `/`. */
export async function importTree(
	files: ReadonlyMap<string, Imported>,
	ledger: BlockLedger,
	signal: AbortSignal
): Promise<Imported> {
	const root: Folder = { folders: new Map(), files: new Map() }
	for (const [path, file] of files) {
		const names = path.split('/')
		const name = names.pop() ?? ''
		let folder = root
		for (const part of names) {
			let next = folder.folders.get(part)
			if (next === undefined) folder.folders.set(part, (next = { folders: new Map(), files: new Map() }))
			folder = next
		}
		folder.files.set(name, file)
	}
	return importFolder(root, ledger, signal)
}

/**
 * One directory at a time, from the leaves up: the importer's own tree builder decides about sharding before it knows
 * the CIDs of sub-directories, so it never shards a folder of many folders, where Kubo does.
 */
async function importFolder(folder: Folder, ledger: BlockLedger, signal: AbortSignal): Promise<Imported> {
	signal.throwIfAborted()
	const children = new Map(folder.files)
	for (const [name, child] of folder.folders) children.set(name, await importFolder(child, ledger, signal))
	const built = importer([], storage(ledger), {
		cidVersion: 1,
		wrapWithDirectory: true,
		shardSplitStrategy: 'links-bytes',
		shardSplitThresholdBytes: 262_144,
		async *dagBuilder() {
			for (const [path, child] of children) yield () => Promise.resolve<InProgressImportResult>({ path, ...child })
		}
	})
	let last: Imported | undefined
	for await (const { cid, size } of built) last = { cid, size }
	if (last === undefined) throw new Error('the importer gave no directory')
	return last
}

const storage = (ledger: BlockLedger): WritableStorage => ({ put: (cid, bytes) => ledger.put(cid, bytes) })
