import { MemoryBlockstore } from 'blockstore-core'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { CID } from 'multiformats/cid'
import { expect, test } from 'vitest'
import { buildPublication } from '$lib/catalog/publish/build'
import { aDraft, anEntry } from '$lib/catalog/publish/draft.fixture'
import { AppError } from '$lib/errors'
import type { BlockSource } from '$lib/gateway/block-source'
import { parseRecord, signRecord } from '$lib/p2p/ipns-record'
import { nameOfKey } from '$lib/p2p/ipns-name'
import { readBlock } from '$lib/storage/read-block'
import { entryOf, readVoucher, type VoucherDoors } from './voucher'

const signal = AbortSignal.timeout(30_000)
const key = await generateKeyPair('Ed25519')
const name = nameOfKey(key.publicKey)
const blockstore = new MemoryBlockstore()
const built = await buildPublication(aDraft([anEntry('Album/01 One.mp3'), anEntry('Album/02 Two.mp3')]), name, {
	blockstore,
	signal,
	createdS: 1000
})
const missing = new Set<string>()
const blocks: BlockSource = {
	get: async (cid: CID) => {
		if (missing.has(cid.toString())) throw new AppError('content-unavailable', 'no one')
		return await readBlock(blockstore, cid)
	}
}
const doors = async (value: string): Promise<VoucherDoors> => {
	const record = await parseRecord(name, await signRecord(key, value, 3n))
	return { record: () => Promise.resolve(record), blocks }
}
const root = built.root.toString()

test('a record that is rightly signed, and what it leads to, say who, what and when', async () => {
	const voucher = await readVoucher(name, await doors(`/ipfs/${root}`), signal)
	if (voucher.kind !== 'signed') throw new Error(voucher.kind)
	expect(voucher).toMatchObject({ name, displayName: 'Northing', root, madeMs: 1_000_000 })
	const all = voucher.head.pages.length
	expect(all).toBeGreaterThan(0)
})

test('the entry of a file is found among what was signed, and another is not', async () => {
	const voucher = await readVoucher(name, await doors(`/ipfs/${root}`), signal)
	if (voucher.kind !== 'signed') throw new Error(voucher.kind)
	const { entries } = await import('$lib/catalog/page').then(async ({ decodePage }) =>
		decodePage(await blocks.get(voucher.head.pages[0]?.c as CID, { signal }))
	)
	const file = entries[1]?.file.toV1().toString() ?? ''
	expect(await entryOf(voucher, file, blocks, signal)).toMatchObject({
		file,
		publisher: name,
		publisherName: 'Northing',
		root,
		k: entries.find((entry) => entry.file.toString() === file)?.k
	})
	expect(await entryOf(voucher, root, blocks, signal)).toBeUndefined()
})

test('no record, one past its end, and one whose publication does not come are told apart', async () => {
	const nobody = { record: () => Promise.resolve(undefined), blocks }
	expect(await readVoucher(name, nobody, signal)).toEqual({ kind: 'unknown', name })
	const later = { ...(await doors(`/ipfs/${root}`)), nowMs: () => Date.now() + 200 * 24 * 3_600_000 }
	expect(await readVoucher(name, later, signal)).toMatchObject({ kind: 'ended' })
	expect(await readVoucher(name, await doors('/ipns/example.org'), signal)).toMatchObject({ kind: 'unread' })
	missing.add(root)
	expect(await readVoucher(name, await doors(`/ipfs/${root}`), signal)).toMatchObject({
		kind: 'unread',
		error: { code: 'content-unavailable' }
	})
	missing.clear()
})

test('what another published is not theirs, whoever signed for it', async () => {
	const other = nameOfKey((await generateKeyPair('Ed25519')).publicKey)
	const theirs = await buildPublication(aDraft([anEntry('a.mp3')]), other, { blockstore, signal })
	const voucher = await readVoucher(name, await doors(`/ipfs/${theirs.root.toString()}`), signal)
	expect(voucher).toMatchObject({ kind: 'unread', error: { code: 'publisher-mismatch' } })
})
