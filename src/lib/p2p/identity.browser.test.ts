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
import { deleteDB } from 'idb'
import { Vault } from '../storage/vault'
import { parseRecord, signRecord } from './ipns-record'
import { backUp, importPhrase, isBackup, phraseOf, restore } from './key-backup'

const COST = 2 ** 10
let database: AntiphonDatabase
let vault: Vault

async function aVault(): Promise<Vault> {
	database = await openAntiphonDatabase(`identity-test-${crypto.randomUUID()}`)
	const made = new Vault(database, { cost: COST })
	await made.open()
	return made
}

beforeEach(async () => {
	vault = await aVault()
})
afterEach(async () => {
	const { name } = vault.database
	vault.dispose()
	vault.database.close()
	await deleteDB(name)
})

test('a key pair is made, labelled, listed and removed, and signs under its name', async () => {
	const made = await createIdentity(vault, ' Me ')
	expect(made.label).toBe('Me')
	await labelIdentity(vault, made.name, 'Label')
	expect(await listIdentities(vault)).toEqual([{ ...made, label: 'Label' }])
	const record = await signRecord(await privateKeyOf(vault, made.name), '/ipfs/x', 1n)
	expect((await parseRecord(made.name, record)).value).toBe('/ipfs/x')
	await removeIdentity(vault, made.name)
	await expect(privateKeyOf(vault, made.name)).rejects.toMatchObject({ code: 'invalid-key' })
})

test.each(['libp2p-protobuf-cleartext', 'pem-pkcs8-cleartext'] as const)(
	'a key file of %s reads back',
	async (format) => {
		const made = await createIdentity(vault, 'me')
		const { bytes, fileName } = await exportIdentity(vault, made.name, format)
		expect(fileName).toContain('unencrypted')
		await removeIdentity(vault, made.name)
		const back = await importIdentity(vault, bytes, 'back')
		expect(back.name).toBe(made.name)
		expect(await importIdentity(vault, bytes, 'again')).toEqual(back)
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
		await expect(importIdentity(vault, file, '')).rejects.toMatchObject({ code: 'invalid-key' })
	}
	await expect(importIdentity(vault, new Uint8Array(20_000), '')).rejects.toMatchObject({ code: 'too-large' })
	expect(await listIdentities(vault)).toEqual([])
})

test('no secret lies in the clear in the database', async () => {
	const { name } = await createIdentity(vault, 'me')
	const { bytes } = await exportIdentity(vault, name)
	const seed = bytes.slice(4, 36).join()
	expect(seed.split(',')).toHaveLength(32)
	expect(JSON.stringify(await database.get('keys', name))).not.toContain('privateKey')
	const { sealed } = (await database.get('keys', name)) ?? {}
	expect(sealed?.bytes.join()).not.toContain(seed)
})

test('a key that an earlier version stored in the clear is sealed and still signs', async () => {
	const { name } = await createIdentity(vault, 'me')
	const { bytes } = await exportIdentity(vault, name)
	await database.put('keys', { name, label: 'old', createdMs: 1, privateKey: bytes })
	expect(await listIdentities(vault)).toMatchObject([{ name, label: 'old' }])
	expect(await database.get('keys', name)).not.toHaveProperty('privateKey')
	expect((await exportIdentity(vault, name)).bytes).toEqual(bytes)
})

test('a backup opens on a second device, by its passphrase alone', async () => {
	const [one, two] = [await createIdentity(vault, 'Northing'), await createIdentity(vault, 'Ölberg 石')]
	const file = await backUp(vault, 'correct horse', { cost: COST })
	expect(isBackup(file)).toBe(true)
	const first = vault
	const second = await aVault()
	await expect(restore(second, file, 'correct hors')).rejects.toMatchObject({ code: 'wrong-passphrase' })
	await restore(second, file, 'correct horse')
	expect(await listIdentities(second)).toEqual([one, two])
	expect(await phraseOf(second, two.name)).toEqual(await phraseOf(first, two.name))
	second.dispose()
	second.database.close()
	database = first.database
})

test('a changed backup is refused, and one that asks for too much of this device', async () => {
	await createIdentity(vault, 'me')
	const file = await backUp(vault, 'x', { cost: COST })
	const parsed = JSON.parse(file) as { sealed: string; kdf: { N: number } }
	const other = parsed.sealed.startsWith('A') ? 'B' : 'A'
	const changed = JSON.stringify({ ...parsed, sealed: other + parsed.sealed.slice(1) })
	await expect(restore(vault, changed, 'x')).rejects.toMatchObject({ code: 'wrong-passphrase' })
	const costly = JSON.stringify({ ...parsed, kdf: { ...parsed.kdf, N: 2 ** 30 } })
	await expect(restore(vault, costly, 'x')).rejects.toMatchObject({ code: 'invalid-key' })
	await expect(restore(vault, '{"antiphon-key-backup":1}', 'x')).rejects.toMatchObject({ code: 'invalid-key' })
})

test('24 words are the key, however they are typed', async () => {
	const made = await createIdentity(vault, 'me')
	const words = await phraseOf(vault, made.name)
	expect(words).toHaveLength(24)
	await removeIdentity(vault, made.name)
	const typed = words.map((word, n) => `${n + 1}. ${word.toUpperCase()}`).join('\n  ')
	expect(await importPhrase(vault, typed, 'back')).toMatchObject({ name: made.name, label: 'back' })
	const wrong = words.with(3, words[3] === 'zoo' ? 'zebra' : 'zoo').join(' ')
	const error = (await importPhrase(vault, wrong, '').catch((thrown: unknown) => thrown)) as Error
	expect(error).toMatchObject({ code: 'invalid-key' })
	expect(String(error.cause)).not.toContain('zoo')
})
