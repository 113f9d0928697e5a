import * as dagPb from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { expect, test } from 'vitest'
import { aFile, DagBuilder, keyOf, someBytes, type FileShape, type TestFile } from './dag.fixture'
import { UnixfsTree } from './unixfs-tree'

/** All bytes of a file, by asking the tree for one piece after the other. */
function readAll({ root, blocks }: Pick<TestFile, 'root' | 'blocks'>): Uint8Array {
	const tree = new UnixfsTree(root)
	const parts: Uint8Array<ArrayBuffer>[] = []
	const blockOf = (cid: CID) => blocks.get(keyOf(cid)) ?? cid.multihash.digest
	for (let at = 0; at < tree.sizeBytes;) {
		const piece = tree.at(at)
		if (piece.isLeaf) {
			expect(piece.from).toBe(at)
			parts.push(new Uint8Array(tree.content(piece, blockOf(piece.node.cid))))
			at = piece.to
		} else tree.grow(piece.node, blockOf(piece.node.cid))
	}
	return Buffer.concat(parts)
}

const shapes: readonly [string, number, FileShape][] = [
	['one raw block', 900, {}],
	['one wrapped block', 900, { rawLeaves: false, reduceSingleLeaf: false }],
	['an empty file', 0, {}],
	['a wide node', 300_000, { chunkBytes: 1_024, links: 1_024 }],
	['a deep tree', 60_000, { chunkBytes: 500, links: 2 }],
	['trickle', 100_000, { chunkBytes: 700, links: 3, layout: 'trickle' }],
	['leaves in dag-pb', 50_000, { chunkBytes: 4_000, rawLeaves: false }],
	['chunks of 64 KiB', 700_000, { chunkBytes: 65_536, links: 174 }],
	['chunks of 1 MiB', 2_500_000, { chunkBytes: 1_048_576, links: 174 }]
]

test.each(shapes)('reads %s', async (_, sizeBytes, shape) => {
	const file = await aFile(someBytes(sizeBytes), shape)
	expect(Buffer.compare(readAll(file), file.bytes)).toBe(0)
})

test('reads nodes with bytes of their own, empty parts and identity CIDs', async () => {
	const dag = new DagBuilder()
	const inner = await dag.node([await dag.leaf(someBytes(50, 2)), dag.inline(someBytes(9, 3))], someBytes(7, 4))
	const root = await dag.node(
		[await dag.leaf(new Uint8Array()), inner, await dag.leaf(someBytes(30, 5))],
		someBytes(5)
	)
	const wanted = Buffer.concat(
		[
			[5, 1],
			[7, 4],
			[50, 2],
			[9, 3],
			[30, 5]
		].map(([size = 0, seed]) => someBytes(size, seed))
	)
	expect(Buffer.compare(readAll({ root: root.cid, blocks: dag.blocks }), wanted)).toBe(0)
})

test('a block must hold as many bytes as its parent says', async () => {
	const dag = new DagBuilder()
	const leaf = await dag.leaf(someBytes(50))
	const inner = await dag.node([leaf], undefined, [50])
	for (const claimed of [49, 51]) {
		for (const part of [leaf, inner]) {
			const { cid } = await dag.node([part], undefined, [claimed])
			expect(() => readAll({ root: cid, blocks: dag.blocks })).toThrow(/another number of bytes/)
		}
	}
	const { cid } = await dag.node([leaf, leaf], undefined, [50])
	expect(() => readAll({ root: cid, blocks: dag.blocks })).toThrow(/how long its parts are/)
})

test('a file that is built too deep is refused', async () => {
	const dag = new DagBuilder()
	let part = await dag.leaf(someBytes(10))
	for (let depth = 0; depth < 40; depth++) part = await dag.node([part])
	expect(() => readAll({ root: part.cid, blocks: dag.blocks })).toThrow(/too deep/)
})

test('directories and what is no UnixFS are told apart from files', async () => {
	const { cid } = await new DagBuilder().leaf(new Uint8Array([1]))
	const kindOf = (data: Uint8Array | undefined, code: number = dagPb.code) => {
		const tree = new UnixfsTree(CID.createV1(code, cid.multihash))
		tree.grow(tree.root, dagPb.encode({ ...(data ? { Data: data } : {}), Links: [] }))
		return [tree.kind, tree.sizeBytes]
	}
	expect(kindOf(new UnixFS({ type: 'directory' }).marshal())).toEqual(['directory', 0])
	expect(kindOf(new UnixFS({ type: 'hamt-sharded-directory', fanout: 256n, hashType: 0x22n }).marshal())).toEqual([
		'directory',
		0
	])
	expect(kindOf(new UnixFS({ type: 'symlink', data: new Uint8Array([1]) }).marshal())).toEqual(['other', 0])
	expect(kindOf(undefined)).toEqual(['other', 0])
	expect(kindOf(undefined, 0x71)).toEqual(['other', 0])
})

test('a hash function that is not checked here is refused before anything is read', async () => {
	const digest = Digest.create(0x11, new Uint8Array(20))
	expect(() => new UnixfsTree(CID.createV1(0x55, digest))).toThrow(/cannot be checked/)
})

test('what lies far away is forgotten, and grows again', async () => {
	const file = await aFile(someBytes(30_000), { chunkBytes: 500, links: 4 })
	const tree = new UnixfsTree(file.root)
	const leafAt = (position: number): number => {
		let grown = 0
		for (let piece = tree.at(position); !piece.isLeaf; piece = tree.at(position)) {
			tree.grow(piece.node, file.blocks.get(keyOf(piece.node.cid)) ?? new Uint8Array())
			grown++
		}
		return grown
	}
	leafAt(0)
	const first = leafAt(29_999)
	expect(leafAt(29_999)).toBe(0)
	tree.forget((from) => from < 10_000)
	expect(leafAt(0)).toBe(0)
	expect(leafAt(29_999)).toBe(first)
})
