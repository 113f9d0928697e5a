import { encode, prepare } from '@ipld/dag-pb'
import { MemoryBlockstore } from 'blockstore-core'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { expect, test } from 'vitest'
import { heldParts } from './held-parts'

const ever = new AbortController().signal

/** Two nodes of so many leaves of 1,000 bytes each. */
async function aFile(count: number) {
	const store = new MemoryBlockstore()
	const put = async (code: number, bytes: Uint8Array) => {
		const cid = CID.createV1(code, await sha256.digest(bytes))
		await store.put(cid, bytes)
		return cid
	}
	const leaves: CID[] = []
	const parent = async (children: { cid: CID; size: number }[]) => {
		const unixfs = new UnixFS({ type: 'file', blockSizes: children.map(({ size }) => BigInt(size)) })
		const links = children.map(({ cid, size }) => ({ Hash: cid, Name: '', Tsize: size }))
		return await put(0x70, encode(prepare({ Data: unixfs.marshal(), Links: links })))
	}
	const nodes: CID[] = []
	for (let half = 0; half < 2; half++) {
		const children = []
		for (let i = 0; i < count; i++) {
			const cid = await put(0x55, new Uint8Array(1_000).fill(half * count + i))
			leaves.push(cid)
			children.push({ cid, size: 1_000 })
		}
		nodes.push(await parent(children))
	}
	const root = await parent(nodes.map((cid) => ({ cid, size: count * 1_000 })))
	return { store, root, nodes, leaves }
}

const bits = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')

test('a whole file has all parts, one whose root is missing has none', async () => {
	const { store, root } = await aFile(32)
	expect(bits(await heldParts(store, root, ever))).toBe('1'.repeat(128))
	await store.delete(root)
	expect(await heldParts(store, root, ever)).toHaveLength(0)
})

test('a part is held when every byte of it is', async () => {
	const { store, root, leaves } = await aFile(32)
	// 64 leaves, so that each is two parts
	for (const i of [0, 5, 63]) await store.delete(leaves[i] as CID)
	const expected = Array.from({ length: 128 }, (_, part) => ([0, 5, 63].includes(part >> 1) ? '0' : '1'))
	expect(bits(await heldParts(store, root, ever))).toBe(expected.join(''))
})

test('below a node that is missing nothing counts as held', async () => {
	const { store, root, nodes } = await aFile(32)
	await store.delete(nodes[1] as CID)
	expect(bits(await heldParts(store, root, ever))).toBe('1'.repeat(64) + '0'.repeat(64))
})

test('a file in one block, a directory, and bytes that are no node', async () => {
	const { store, leaves } = await aFile(1)
	const [leaf] = leaves as [CID]
	expect(bits(await heldParts(store, leaf, ever))).toBe('1'.repeat(128))
	const directory = encode(prepare({ Data: new UnixFS({ type: 'directory' }).marshal(), Links: [] }))
	for (const bytes of [directory, new Uint8Array([1, 2, 3])]) {
		const cid = CID.createV1(0x70, await sha256.digest(bytes))
		await store.put(cid, bytes)
		expect(await heldParts(store, cid, ever)).toHaveLength(0)
	}
})
