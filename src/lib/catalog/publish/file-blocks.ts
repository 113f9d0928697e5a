import type { CID } from 'multiformats/cid'
import { AppError } from '../../errors'
import type { ChosenFile } from '../publishing'
import { publishedBlob } from './byte-patch'
import { CHUNK_BYTES, DIGEST_BYTES, leafCid } from './file-dag'

/** Where the leaves of one file are: in the file itself. */
export interface FileLeaves {
	readonly path: string
	/** sha2-256 digests of its leaves, one behind the other. */
	readonly digests: Uint8Array
}

interface Place {
	readonly file: ChosenFile
	readonly at: number
}

/** Blocks that were hashed but not stored: read again from the files that they are of, and checked again. */
export class FileBlocks {
	readonly #places = new Map<string, Place>()

	constructor(files: readonly ChosenFile[], leaves: readonly FileLeaves[]) {
		const byPath = new Map(files.map((file) => [file.path, file]))
		for (const { path, digests } of leaves) {
			const file = byPath.get(path)
			if (file === undefined) continue
			for (let at = 0; at * DIGEST_BYTES < digests.byteLength; at++) {
				this.#places.set(keyOf(digests.subarray(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES)), { file, at })
			}
		}
	}

	/**
	 * Undefined for a block of no file.
	 * @throws AppError `content-unavailable`, its `detail` the path, when the file is gone or is another by now
	 */
	async get(cid: CID): Promise<Uint8Array | undefined> {
		const place = this.#places.get(keyOf(cid.multihash.digest))
		if (place === undefined) return undefined
		const { file, at } = place
		const part = publishedBlob(file).slice(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES)
		const bytes = new Uint8Array(
			await part.arrayBuffer().catch((cause: unknown) => {
				throw changed(file.path, cause)
			})
		)
		const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
		if (!leafCid(digest, 0).equals(leafCid(cid.multihash.digest, 0))) throw changed(file.path)
		return bytes
	}
}

const changed = (path: string, cause?: unknown) =>
	new AppError('content-unavailable', `${path} has changed since it was read`, { cause, detail: path })

/** Half of a digest tells two million leaves apart, in half the memory; what is read is checked in full. */
const keyOf = (digest: Uint8Array): string => String.fromCharCode(...digest.subarray(0, 16))
