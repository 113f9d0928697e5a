/// <reference types="node" />
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { STARTER_NAME, STARTER_ROOT } from '$lib/catalog/starter'
import { readSignature, type SignatureInit } from './signature'

const announcement = new Uint8Array(await readFile('static/starter.announce.cbor'))

const init = (heard: unknown, served?: Uint8Array): SignatureInit => ({
	database: { get: () => Promise.resolve(heard) } as SignatureInit['database'],
	base: 'https://app.example/',
	fetch: () => Promise.resolve(new Response(served ? new Uint8Array(served) : null)),
	nowMs: () => 5
})
const row = { publisher: STARTER_NAME, root: STARTER_ROOT }

test('checks the record that was heard, and says when', async () => {
	const signature = await readSignature(row, init({ bytes: announcement, receivedMs: 7 }))
	expect(signature).toMatchObject({
		kind: 'signed',
		name: STARTER_NAME,
		sequence: 1n,
		value: `/ipfs/${STARTER_ROOT}`,
		heardMs: 7,
		leadsHere: true,
		checkedMs: 5
	})
})

test('the record of what came with the app is among its files', async () => {
	expect(await readSignature(row, init(undefined, announcement))).toMatchObject({
		kind: 'signed',
		leadsHere: true
	})
})

test('a record of another publication is told from this one', async () => {
	const signature = await readSignature({ ...row, root: 'other' }, init({ bytes: announcement, receivedMs: 7 }))
	expect(signature).toMatchObject({ kind: 'signed', leadsHere: false })
})

test('a record that was tampered with is wrong', async () => {
	const bytes = new Uint8Array(announcement)
	// Within the signed data, near its end.
	bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1
	expect(await readSignature(row, init({ bytes, receivedMs: 7 }))).toMatchObject({ kind: 'wrong' })
})

test('without a publisher, or never heard of, nobody signed', async () => {
	expect(await readSignature({ publisher: '', root: '' }, init(undefined))).toEqual({ kind: 'none' })
	expect(await readSignature({ publisher: 'k51other', root: '' }, init(undefined))).toEqual({ kind: 'none' })
})
