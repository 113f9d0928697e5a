import type { LocalBlocks } from './file-reader'
import type { TreeNode } from './unixfs-tree'

/** The block store is given so long before the network is asked too, ms. */
const HEAD_START_MS = 12

/** Looks for the blocks of one file on this device, each once. */
export class LocalLookups {
	readonly #local: LocalBlocks
	readonly #rootKey: string
	readonly #found: (node: TreeNode, bytes: Uint8Array | undefined) => void
	/** Since when, by key. */
	readonly #looking = new Map<string, number>()
	readonly #absent = new Set<string>()
	/** The root was not here: nothing of the file is, but what was kept since. */
	#isNew = false
	readonly #kept = new Set<string>()

	/** @param found - called with what came of each look, also when it is nothing */
	constructor(
		local: LocalBlocks,
		rootKey: string,
		found: (node: TreeNode, bytes: Uint8Array | undefined) => void
	) {
		this.#local = local
		this.#rootKey = rootKey
		this.#found = found
	}

	/** True while the block may be found, so that the network need not be asked yet. Starts to look for it. */
	mayFind(node: TreeNode): boolean {
		const { key, cid } = node
		if (this.#absent.has(key) || (this.#isNew && !this.#kept.has(key))) return false
		const sinceMs = this.#looking.get(key)
		if (sinceMs !== undefined) return performance.now() - sinceMs < HEAD_START_MS
		this.#looking.set(key, performance.now())
		const late = setTimeout(this.#found, HEAD_START_MS, node, undefined)
		void this.#local.get(cid).then((bytes) => {
			clearTimeout(late)
			this.#looking.delete(key)
			if (bytes === undefined) this.#absent.add(key)
			if (bytes === undefined && key === this.#rootKey) this.#isNew = true
			this.#found(node, bytes)
		})
		return true
	}

	/** The block was given to the store. */
	kept({ key }: TreeNode): void {
		this.#absent.delete(key)
		this.#kept.add(key)
	}
}
