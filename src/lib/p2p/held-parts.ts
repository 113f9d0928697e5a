import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'
import { UnixfsTree } from '../gateway/unixfs-tree'
import { readBlock } from '../storage/read-block'
import { PARTS } from './haves-message'

/** Looks into the store for one file at the most: 1 GiB of blocks of 256 KiB. */
const MAX_LOOKS = 4_096

/**
 * Which parts of a file lie in a block store: {@link PARTS} bits as protocol section 8 has them, or no bytes when not
 * even its root is there.
 */
export async function heldParts(
	store: Pick<Blockstore, 'has' | 'get'>,
	file: CID,
	signal: AbortSignal
): Promise<Uint8Array> {
	const none = new Uint8Array()
	const tree = new UnixfsTree(file)
	const missing: { readonly from: number; readonly to: number }[] = []
	let looks = 0
	try {
		for (let at = 0; at < tree.sizeBytes;) {
			signal.throwIfAborted()
			const { node, to, isLeaf } = tree.at(at)
			if (++looks > MAX_LOOKS) {
				missing.push({ from: at, to: tree.sizeBytes })
				break
			}
			if (await store.has(node.cid)) {
				if (isLeaf) at = to
				else tree.grow(node, await readBlock(store, node.cid))
			} else if (node === tree.root) return none
			else {
				missing.push({ from: at, to })
				at = to
			}
		}
	} catch {
		// what is not built as a file should be is not told of
		return none
	}
	return tree.kind === 'file' ? bitsWithout(missing, tree.sizeBytes) : none
}

/** All bits but those of parts that something is missing of. */
function bitsWithout(missing: readonly { from: number; to: number }[], sizeBytes: number): Uint8Array {
	const bits = new Uint8Array(PARTS / 8).fill(0xff)
	const start = (part: number) => Math.floor((part * sizeBytes) / PARTS)
	for (const { from, to } of missing) {
		for (let part = 0; part < PARTS; part++) {
			if (start(part) < to && start(part + 1) > from) {
				const byte = part >> 3
				bits[byte] = (bits[byte] ?? 0) & ~(0x80 >> (part & 7))
			}
		}
	}
	return bits
}

/** True when any bit is set. */
export const hasAny = (parts: Uint8Array): boolean => parts.some((byte) => byte !== 0)
