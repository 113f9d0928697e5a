import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { ipnsValidator } from 'ipns/validator'
import { multihashToIPNSRoutingKey } from 'ipns'
import { expect, test } from 'vitest'
import { nameOfKey } from './ipns-name'
import {
	compareRecords,
	newestRecord,
	nextSequence,
	parseRecord,
	RECORD_LIFETIME_MS,
	signRecord
} from './ipns-record'

const VALUE = '/ipfs/bafybeianqaxtzyhyh3r4uf3vapqb6lo64pgy3momkphw2u5froabpblqtq'
const key = await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(7))
const name = nameOfKey(key.publicKey)

test('a record that was signed reads back, and other software takes it', async () => {
	const nowMs = Date.now()
	const bytes = await signRecord(key, VALUE, 5n, { nowMs })
	const record = await parseRecord(name, bytes)
	expect(record).toMatchObject({
		name,
		value: VALUE,
		sequence: 5n,
		validUntilMs: nowMs + RECORD_LIFETIME_MS,
		ttlMs: 300_000
	})
	await expect(
		ipnsValidator(multihashToIPNSRoutingKey(key.publicKey.toMultihash()), bytes)
	).resolves.toBeUndefined()
})

test('a record of another key, a changed one and garbage are refused', async () => {
	const bytes = await signRecord(key, VALUE, 5n)
	const other = await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(8))
	await expect(parseRecord(nameOfKey(other.publicKey), bytes)).rejects.toMatchObject({ code: 'invalid-record' })
	for (const position of [30, 150, bytes.length - 5]) {
		const changed = bytes.slice()
		changed[position] = (changed[position] ?? 0) ^ 1
		await expect(parseRecord(name, changed)).rejects.toMatchObject({ code: 'invalid-record' })
	}
	await expect(parseRecord(name, new Uint8Array(20))).rejects.toMatchObject({ code: 'invalid-record' })
	await expect(parseRecord(name, new Uint8Array(11_000))).rejects.toMatchObject({ code: 'too-large' })
})

test('the higher sequence wins, then the later end, then the greater bytes', () => {
	const record = (sequence: bigint, validUntilNs: bigint, ...bytes: number[]) => ({
		sequence,
		validUntilNs,
		bytes: Uint8Array.from(bytes)
	})
	const ascending = [
		record(1n, 9n, 9),
		record(2n, 1n, 9),
		record(2n, 2n, 1),
		record(2n, 2n, 1, 0),
		record(2n, 2n, 2)
	]
	for (const [i, a] of ascending.entries()) {
		for (const [j, b] of ascending.entries()) expect(Math.sign(compareRecords(a, b))).toBe(Math.sign(i - j))
	}
})

test('the end is compared to the nanosecond', async () => {
	const late = await parseRecord(name, await signRecord(key, VALUE, 1n, { nowMs: 1_000_001 }))
	const early = await parseRecord(name, await signRecord(key, VALUE, 1n, { nowMs: 1_000_000 }))
	expect(newestRecord([early, undefined, late])).toBe(late)
	expect(late.validUntilNs - early.validUntilNs).toBe(1_000_000n)
})

test('the next sequence is one above the highest seen', () => {
	expect(nextSequence([])).toBe(1n)
	expect(nextSequence([{ sequence: 4n }, undefined, { sequence: 41n }, { sequence: 0n }])).toBe(42n)
})
