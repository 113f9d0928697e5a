import { deleteDB } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { encodeAnnouncement } from '$lib/p2p/announce'
import { createIdentity, privateKeyOf } from '$lib/p2p/identity'
import { parseRecord, signRecord } from '$lib/p2p/ipns-record'
import { openAntiphonDatabase, type AntiphonDatabase } from '$lib/storage/database'
import { Vault } from '$lib/storage/vault'
import { keepOnce } from './head-keeper'
import { PlacesState } from './places.svelte'
import { SettingsState } from './settings.svelte'

const DAY_MS = 24 * 60 * 60_000
const signal = new AbortController().signal
let database: AntiphonDatabase
let vault: Vault
let settings: SettingsState

beforeEach(async () => {
	database = await openAntiphonDatabase(`head-keeper-test-${crypto.randomUUID()}`)
	vault = new Vault(database, { cost: 2 ** 10 })
	settings = new SettingsState(database, '?routers=')
	await settings.open()
})
afterEach(async () => {
	vault.dispose()
	settings.dispose()
	database.close()
	await deleteDB(database.name)
})

/** What was announced under a new key so many days ago. */
async function published(daysAgo: number): Promise<string> {
	const { name } = await createIdentity(vault, 'me')
	const nowMs = Date.now() - daysAgo * DAY_MS
	const record = await signRecord(await privateKeyOf(vault, name), '/ipfs/bafkqaaa', 7n, { nowMs })
	const { value, sequence, validUntilMs } = await parseRecord(name, record)
	const bytes = encodeAnnouncement(name, record, [])
	await database.put('announcements', { name, bytes, value, sequence, validUntilMs, receivedMs: nowMs, hints: [] })
	return name
}

test('an own record that has stood for a month is signed anew and announced', async () => {
	const name = await published(31)
	const announced: Uint8Array[] = []
	const leader = {
		publish: (_: string, record: Uint8Array) => {
			announced.push(record)
			return Promise.resolve({ peers: 1 })
		}
	}
	const places = new PlacesState(vault, settings)
	expect(await keepOnce({ vault, leader, settings, places }, signal)).toMatchObject([{ name, did: 'renewed' }])
	const renewed = await parseRecord(name, announced[0] ?? new Uint8Array())
	expect(renewed).toMatchObject({ value: '/ipfs/bafkqaaa', sequence: 8n })
	expect(renewed.validUntilMs).toBeGreaterThan(Date.now() + 89 * DAY_MS)
	expect(await keepOnce({ vault, leader, settings, places }, signal)).not.toMatchObject([{ did: 'put' }])
})

test('behind a passphrase it waits', async () => {
	await published(31)
	await vault.setPassphrase('staple staple')
	vault.lock()
	const leader = { publish: () => Promise.reject(new Error('not now')) }
	const places = new PlacesState(vault, settings)
	expect(await keepOnce({ vault, leader, settings, places }, signal)).toMatchObject([{ did: 'waits' }])
})
