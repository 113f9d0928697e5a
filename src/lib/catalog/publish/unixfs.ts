import { importer, type InProgressImportResult, type WritableStorage } from 'ipfs-unixfs-importer'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import type { BlockLedger } from './block-ledger'
import type { Imported } from './file-dag'
import { FileImporter } from './import-files'

/** Imports and stores a small file as {@link FileImporter} does a chosen one. */
export async function importBlob(blob: Blob, ledger: BlockLedger, signal: AbortSignal): Promise<Imported> {
	const store = { has: () => Promise.resolve(false) }
	const { cid, size } = await new FileImporter({ ledger, signal, store }).one({
		path: '',
		file: new File([blob], '')
	})
	return { cid, size }
}

/** Imports bytes as one raw leaf, whatever their length: heads, pages and playlists. */
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
