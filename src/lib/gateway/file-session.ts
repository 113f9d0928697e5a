import type { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { BlockMemory } from './block-memory'
import type { SourceKind } from './block-source'
import type { Claim } from './claim'
import { Cursor } from './cursor'
import type { LocalBlocks } from './file-reader'
import type { Leaf } from './gateway-range'
import { UnixfsTree, type Piece, type TreeNode } from './unixfs-tree'
import { identityBlock, isInline } from './verify-block'

/** Blocks of one file in memory: what several sources bring ahead of the reader, and what it comes back for at once. */
const MEMORY_BYTES = 10 * 1024 * 1024

/** What was handed on no longer ago than this was handed on just now, ms. */
const FLOWS_MS = 10_000

/** Who gives work to the sources of a session. */
export interface Scheduling {
	/** Called soon after anything changed. */
	plan(): void
	/** Whether the block that a claim would read next is needed now, later, or no more. */
	room(claim: Claim, next: number): 'read' | 'later' | 'cut'
	/** A block came; the claims that owed it too have lost. */
	delivered(claim: Claim, node: TreeNode): void
}

/** One file while it is read: its DAG as far as it is known, its blocks in memory, its readers and what is under way. */
export class FileSession {
	readonly root: CID
	readonly tree: UnixfsTree
	readonly cursors = new Set<Cursor>()
	readonly claims = new Set<Claim>()
	/** When some of it was handed on last, `performance.now()`. */
	#readMs = -Infinity
	readonly #memory = new BlockMemory(MEMORY_BYTES)
	readonly #local: LocalBlocks
	readonly #scheduling: Scheduling
	/** Blocks that were written on demand, by key. */
	readonly #ensured = new Set<string>()
	#change = Promise.withResolvers<undefined>()
	#isPlanned = false

	constructor(root: CID, local: LocalBlocks, scheduling: (session: FileSession) => Scheduling) {
		this.root = root
		this.tree = new UnixfsTree(root)
		this.#local = local
		this.#scheduling = scheduling(this)
	}

	/** Some of it was handed on. */
	get wasRead(): boolean {
		return this.#readMs > -Infinity
	}

	/** Some of it was handed on just now. */
	get isFlowing(): boolean {
		return performance.now() - this.#readMs < FLOWS_MS
	}

	/** Resolves after the next change and the planning that follows it. */
	get change(): Promise<undefined> {
		return this.#change.promise
	}

	/** Something is other than it was: work is planned anew, and whoever waits looks again. */
	changed(): void {
		if (this.#isPlanned) return
		this.#isPlanned = true
		queueMicrotask(() => {
			this.#isPlanned = false
			this.#scheduling.plan()
			const { resolve } = this.#change
			this.#change = Promise.withResolvers()
			resolve(undefined)
		})
	}

	has(node: TreeNode): boolean {
		return this.#memory.has(node.key) || isInline(node.cid) || this.#local.peek(node.cid) !== undefined
	}

	/**
	 * The block that holds the byte at `position`, or the one to be read to find that out, by all blocks that are in memory.
	 * @throws AppError `content-unsupported`
	 */
	locate(position: number): Piece {
		for (;;) {
			const piece = this.tree.at(position)
			if (piece.isLeaf) return piece
			const bytes = this.#bytesOf(piece.node)
			if (bytes === undefined) return piece
			this.#grow(piece.node, bytes)
			if (position < 0 || position >= this.tree.sizeBytes) return this.tree.at(0)
		}
	}

	/** The first byte of a stretch that is not in memory; `to` when all of it is. @throws as {@link locate} */
	missingFrom(from: number, to: number): number {
		let at = from
		while (at < to) {
			const piece = this.locate(at)
			if (!piece.isLeaf || !this.has(piece.node)) return at
			at = piece.to
		}
		return to
	}

	/**
	 * The blocks from a place in the file on, as far as they are known and hold nothing but its bytes.
	 * @throws as {@link locate}
	 */
	leaves(from: number, to: number): Leaf[] {
		const leaves: Leaf[] = []
		for (let at = from; at >= 0 && at < Math.min(to, this.tree.sizeBytes);) {
			const { node, isLeaf, from: start, to: end } = this.locate(at)
			if (!isLeaf || node.cid.code !== raw.code || isInline(node.cid)) break
			leaves.push({ cid: node.cid, from: start, to: end })
			at = end
		}
		return leaves
	}

	/** Takes in a verified block of this device. */
	found(node: TreeNode, bytes: Uint8Array): void {
		if (this.#memory.has(node.key)) return
		this.#memory.put(node.key, bytes)
		const [cursor] = this.cursors
		cursor?.watch.received('local', 'local', bytes.byteLength)
	}

	/** Takes in a verified block that a source brought. */
	deliver(claim: Claim, node: TreeNode, bytes: Uint8Array, kind: SourceKind, name: string): void {
		claim.arrived()
		if (this.has(node)) claim.watch.wasted(name, bytes.byteLength)
		else {
			this.#memory.put(node.key, bytes)
			this.#local.put(node.cid, bytes, this.tree.root.cid)
			claim.watch.received(kind, name, bytes.byteLength)
		}
		if (node === this.tree.root) this.#grow(node, bytes)
		claim.from = this.missingFrom(claim.from, claim.to)
		this.#scheduling.delivered(claim, node)
		this.changed()
	}

	/**
	 * Waits until the block at `next` is needed. `cut`: it is not, and nothing after it.
	 * @throws the reason of the claim's signal
	 */
	async room(claim: Claim, next: number): Promise<'read' | 'cut'> {
		for (;;) {
			claim.signal.throwIfAborted()
			const room = this.#scheduling.room(claim, next)
			if (room !== 'later') {
				claim.resume()
				return room
			}
			claim.pause()
			await this.change
		}
	}

	/**
	 * The next bytes of a reader, as many as lie in one block; undefined at its end.
	 * @throws AppError when they cannot be had
	 */
	async next(cursor: Cursor): Promise<Uint8Array | undefined> {
		for (;;) {
			if (cursor.error !== undefined) throw cursor.error as Error
			if (cursor.position >= cursor.end) return undefined
			const piece = this.locate(cursor.position)
			const bytes = piece.isLeaf ? this.#bytesOf(piece.node) : undefined
			if (bytes !== undefined) {
				const content = this.tree.content(piece, bytes)
				const part = content.subarray(cursor.position - piece.from, cursor.end - piece.from)
				cursor.advance(part.byteLength)
				this.#readMs = performance.now()
				this.changed()
				return part
			}
			if (cursor.waits()) this.changed()
			await this.change
		}
	}

	/** Has the block that holds the byte at `position` written, and those above it. @throws as `LocalBlocks.ensure` */
	async ensure(position: number): Promise<void> {
		for (const { cid, key } of this.tree.path(position)) {
			const bytes = this.#ensured.has(key) ? undefined : (this.#memory.get(key) ?? this.#local.peek(cid))
			if (bytes === undefined) continue
			await this.#local.ensure(cid, bytes, this.root)
			this.#ensured.add(key)
		}
	}

	/** The root block was read. */
	settle(cursorOrClaim: { settle(sizeBytes: number): void }): void {
		if (this.tree.kind !== undefined) cursorOrClaim.settle(this.tree.sizeBytes)
	}

	#bytesOf(node: TreeNode): Uint8Array | undefined {
		return this.#memory.get(node.key) ?? identityBlock(node.cid) ?? this.#local.peek(node.cid)
	}

	#isNear(from: number, to: number): boolean {
		return [...this.cursors, ...this.claims].some((each) => {
			const at = each instanceof Cursor ? each.position : each.from
			return at + MEMORY_BYTES > from && at - MEMORY_BYTES < to
		})
	}

	#grow(node: TreeNode, bytes: Uint8Array): void {
		this.tree.grow(node, bytes)
		if (this.tree.isLarge) this.tree.forget((from, to) => this.#isNear(from, to))
		if (node !== this.tree.root) return
		for (const cursor of this.cursors) this.settle(cursor)
		for (const claim of this.claims) this.settle(claim)
	}
}
