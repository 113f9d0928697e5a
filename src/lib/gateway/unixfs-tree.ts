import * as dagPb from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import type { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { AppError } from '../errors'
import { assertVerifiable, identityBlock } from './verify-block'

/** Deeper than any importer builds: with two links a node this is a file of a million leaves. */
const MAX_DEPTH = 20
/** Nodes held at once, about 10 MB; beyond it, what lies far from every reader is forgotten and read again when needed. */
const MAX_NODES = 20_000

/** One block of the file at one place. The same block may stand at several places. */
export interface TreeNode {
	readonly cid: CID
	/** The multihash, as a key of maps. */
	readonly key: string
	readonly depth: number
	/** First byte of the file below this node. */
	readonly from: number
	/** The byte after the last one; Infinity while nothing is known of the file but the CID of its root. */
	readonly to: number
}

interface GrowingNode extends TreeNode {
	to: number
	/** Bytes of the file that lie in the block itself, before those of its children; undefined until the block was read. */
	ownBytes: number | undefined
	/** In order, without those that hold nothing. */
	children: readonly GrowingNode[]
}

/** A stretch of the file that lies in one block. */
export interface Piece {
	readonly node: TreeNode
	readonly from: number
	/** The byte after the last one. */
	readonly to: number
	/** False while the block must be read to know what lies below it. */
	readonly isLeaf: boolean
}

/**
 * Picture of a file's DAG, grown from verified blocks as they come, in any layout that UnixFS allows: balanced, trickle, one
 * raw block, nodes with bytes of their own, identity CIDs. Every block must hold as many bytes as its parent says.
 * @see https://specs.ipfs.tech/unixfs/
 */
export class UnixfsTree {
	readonly #root: GrowingNode
	#kind: 'file' | 'directory' | 'other' | undefined
	#nodes = 1

	constructor(root: CID) {
		this.#root = aNode(root, 0, 0, Infinity)
		this.#growFromIdentity(this.#root)
	}

	get root(): TreeNode {
		return this.#root
	}

	/** What the root is; undefined until it was read. */
	get kind(): 'file' | 'directory' | 'other' | undefined {
		return this.#kind
	}

	/** Bytes of the file; Infinity until its root was read, 0 for what is no file. */
	get sizeBytes(): number {
		return this.#root.to
	}

	/** True when so much is held that {@link forget} is due. */
	get isLarge(): boolean {
		return this.#nodes > MAX_NODES
	}

	/**
	 * The block that holds the byte at `position`, or the one to read to find that out.
	 * @param position - below `sizeBytes`
	 * @throws AppError `content-unsupported` for an identity block that is not built as it should
	 */
	at(position: number): Piece {
		let node = this.#root
		for (;;) {
			if (node.ownBytes === undefined) this.#growFromIdentity(node)
			const { from, to, ownBytes, children } = node
			if (ownBytes === undefined) return { node, from, to, isLeaf: isRaw(node) && to !== Infinity }
			if (position < from + ownBytes || children.length === 0)
				return { node, from, to: from + ownBytes, isLeaf: true }
			node = childAt(children, position)
		}
	}

	/**
	 * Takes in the verified block of a node.
	 * @throws AppError `content-unsupported` when it does not hold what its parent says, or is no part of a file
	 */
	grow(node: TreeNode, bytes: Uint8Array): void {
		const growing = node as GrowingNode
		if (growing.ownBytes !== undefined) return
		const isRoot = node === this.#root
		const read = isRaw(node) ? { ownBytes: bytes.byteLength, links: [] } : readFileNode(node.cid, bytes)
		if ('kind' in read) {
			if (!isRoot) throw malformed('a part of the file is no file')
			this.#kind = read.kind
			growing.to = 0
			growing.ownBytes = 0
			return
		}
		const children: GrowingNode[] = []
		let at = node.from + read.ownBytes
		for (const { cid, sizeBytes } of read.links) {
			if (sizeBytes > 0) children.push(aNode(cid, node.depth + 1, at, at + sizeBytes))
			at += sizeBytes
		}
		if (!Number.isSafeInteger(at)) throw malformed('the file is larger than can be')
		if (!isRoot && at !== node.to) throw malformed('a block holds another number of bytes than its parent says')
		if (children.length > 0 && node.depth >= MAX_DEPTH) throw malformed('the file is built too deep')
		if (isRoot) this.#kind = 'file'
		growing.to = at
		growing.ownBytes = read.ownBytes
		growing.children = children
		this.#nodes += children.length
	}

	/** The bytes of the file that a leaf's verified block holds. @throws AppError `content-unsupported` */
	content(piece: Piece, bytes: Uint8Array): Uint8Array {
		const { node, from, to } = piece
		const content = isRaw(node) ? bytes : ownData(bytes)
		if (content.byteLength === to - from) return content
		throw malformed('a block holds another number of bytes than its parent says')
	}

	/** True for a block on the way from the root down to the byte at `position`. */
	isAbove(key: string, position: number): boolean {
		for (let node = this.#root; ; node = childAt(node.children, position)) {
			if (node.key === key) return true
			if (node.children.length === 0) return false
		}
	}

	/** The blocks from the root down to the one that holds the byte at `position`, as far as they are known. */
	path(position: number): TreeNode[] {
		const path: GrowingNode[] = [this.#root]
		for (let node = this.#root; position >= node.from + (node.ownBytes ?? 0) && node.children.length > 0;) {
			node = childAt(node.children, position)
			path.push(node)
		}
		return path
	}

	/** Forgets what is below nodes that lie wholly outside what `isNear` says is still read. */
	forget(isNear: (from: number, to: number) => boolean): void {
		const visit = (node: GrowingNode): void => {
			for (const child of node.children) {
				if (child.children.length === 0) continue
				if (isNear(child.from, child.to)) visit(child)
				else {
					this.#nodes -= countBelow(child)
					child.children = []
					child.ownBytes = undefined
				}
			}
		}
		visit(this.#root)
	}

	#growFromIdentity(node: TreeNode): void {
		const inside = identityBlock(node.cid)
		if (inside !== undefined) this.grow(node, inside)
	}
}

/** Key of a block in maps: the same for every codec. */
export const blockKey = (cid: CID): string => String.fromCharCode(...cid.multihash.bytes)

function aNode(cid: CID, depth: number, from: number, to: number): GrowingNode {
	assertVerifiable(cid)
	return { cid, key: blockKey(cid), depth, from, to, ownBytes: undefined, children: [] }
}

const isRaw = ({ cid }: TreeNode) => cid.code === raw.code

const malformed = (message: string) => new AppError('content-unsupported', message)

const countBelow = (node: GrowingNode): number =>
	node.children.reduce((sum, child) => sum + 1 + countBelow(child), 0)

/** The child that holds `position`, by halving. */
function childAt(children: readonly GrowingNode[], position: number): GrowingNode {
	let low = 0
	let high = children.length - 1
	while (low < high) {
		const middle = (low + high) >> 1
		if (position < (children[middle]?.to ?? 0)) high = middle
		else low = middle + 1
	}
	return children[low] as GrowingNode
}

interface FileNode {
	readonly ownBytes: number
	readonly links: readonly { readonly cid: CID; readonly sizeBytes: number }[]
}

/** @throws AppError `content-unsupported` for a file whose links and sizes do not agree */
function readFileNode(cid: CID, bytes: Uint8Array): FileNode | { readonly kind: 'directory' | 'other' } {
	if (cid.code !== dagPb.code) return { kind: 'other' }
	const decoded = decode(bytes)
	if (decoded === undefined) return { kind: 'other' }
	const { unixfs, links } = decoded
	if (unixfs.isDirectory()) return { kind: 'directory' }
	if (unixfs.type !== 'file' && unixfs.type !== 'raw') return { kind: 'other' }
	if (unixfs.blockSizes.length !== links.length) throw malformed('a block does not say how long its parts are')
	return {
		ownBytes: unixfs.data?.byteLength ?? 0,
		links: links.map(({ Hash }, index) => ({ cid: Hash, sizeBytes: Number(unixfs.blockSizes[index]) }))
	}
}

function decode(bytes: Uint8Array): { unixfs: UnixFS; links: dagPb.PBLink[] } | undefined {
	try {
		const { Data, Links } = dagPb.decode(bytes)
		return Data === undefined ? undefined : { unixfs: UnixFS.unmarshal(Data), links: Links }
	} catch {
		return undefined
	}
}

const ownData = (bytes: Uint8Array): Uint8Array => decode(bytes)?.unixfs.data ?? new Uint8Array()
