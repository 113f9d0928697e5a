import { openAntiphonDatabase, type AntiphonDatabase } from '../storage/database'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
	createIdentity,
	exportIdentity,
	importIdentity,
	labelIdentity,
	listIdentities,
	privateKeyOf,
	removeIdentity
} from './identity'
import { parseRecord, signRecord } from './ipns-record'

let database: AntiphonDatabase
let count = 0
beforeEach(async () => {
	database = await openAntiphonDatabase(`identity-test-${String(count++)}`)
})
afterEach(() => {
	database.close()
})

test('a key pair is made, labelled, listed and removed, and signs under its name', async () => {
	const made = await createIdentity(database, ' Me ')
	expect(made.label).toBe('Me')
	await labelIdentity(database, made.name, 'Label')
	expect(await listIdentities(database)).toEqual([{ ...made, label: 'Label' }])
	const record = await signRecord(await privateKeyOf(database, made.name), '/ipfs/x', 1n)
	expect((await parseRecord(made.name, record)).value).toBe('/ipfs/x')
	await removeIdentity(database, made.name)
	await expect(privateKeyOf(database, made.name)).rejects.toMatchObject({ code: 'invalid-key' })
})

test.each(['libp2p-protobuf-cleartext', 'pem-pkcs8-cleartext'] as const)(
	'a key file of %s reads back',
	async (format) => {
		const made = await createIdentity(database, 'me')
		const { bytes, fileName } = await exportIdentity(database, made.name, format)
		expect(fileName).toContain('unencrypted')
		await removeIdentity(database, made.name)
		const back = await importIdentity(database, bytes, 'back')
		expect(back.name).toBe(made.name)
		expect(await importIdentity(database, bytes, 'again')).toEqual(back)
	}
)

test('what is no key file is refused', async () => {
	const text = (value: string) => new TextEncoder().encode(value)
	for (const file of [
		new Uint8Array(0),
		text('hello'),
		text('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'),
		text('-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----')
	]) {
		await expect(importIdentity(database, file, '')).rejects.toMatchObject({ code: 'invalid-key' })
	}
	await expect(importIdentity(database, new Uint8Array(20_000), '')).rejects.toMatchObject({ code: 'too-large' })
	expect(await listIdentities(database)).toEqual([])
})
