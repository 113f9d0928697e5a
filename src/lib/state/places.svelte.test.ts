import { deleteDB } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAntiphonDatabase, type AntiphonDatabase } from '$lib/storage/database'
import { Vault } from '$lib/storage/vault'
import { PlacesState } from './places.svelte'
import { SettingsState } from './settings.svelte'

let database: AntiphonDatabase
let settings: SettingsState
let vault: Vault
let places: PlacesState

beforeEach(async () => {
	database = await openAntiphonDatabase(`places-test-${crypto.randomUUID()}`)
	settings = new SettingsState(database, '')
	await settings.open()
	vault = new Vault(database, { cost: 2 ** 10 })
	places = new PlacesState(vault, settings)
	await places.open()
})
afterEach(async () => {
	places.dispose()
	vault.dispose()
	settings.dispose()
	database.close()
	await deleteDB(database.name)
})

const pinata = { kind: 'pinata', label: 'Mine', endpoint: '', token: 'eyJh.secret.key' } as const

test('a place is kept with its key sealed, and is ready to be asked', async () => {
	const id = await places.add(pinata)
	expect(places.places).toEqual([
		{ id, kind: 'pinata', label: 'Mine', endpoint: '', keyed: true, fromSettings: false }
	])
	const stored = await database.getAll('places')
	expect(new TextDecoder().decode(stored[0]?.token?.bytes)).not.toContain('secret')
	expect(JSON.stringify(stored)).not.toContain('eyJh')
	expect(await places.ready([id, 'another'])).toMatchObject([{ id, label: 'Mine', takes: 'bytes' }])
	await places.remove(id)
	expect(places.places).toEqual([])
})

test('the own node of Settings is a place', async () => {
	await settings.update({ nodeRpc: 'http://127.0.0.1:5001' })
	const [node] = places.places
	expect(node).toMatchObject({ kind: 'kubo', endpoint: 'http://127.0.0.1:5001', fromSettings: true })
	expect(await places.ready([node?.id ?? ''])).toMatchObject([{ takes: 'bytes' }])
})

test('a locked key is waited for, not done without', async () => {
	const id = await places.add(pinata)
	await vault.setPassphrase('staple staple')
	vault.lock()
	await expect(places.ready([id])).rejects.toMatchObject({ code: 'locked' })
	await expect(places.add(pinata)).rejects.toMatchObject({ code: 'locked' })
	expect(await database.getAll('places')).toHaveLength(1)
})
