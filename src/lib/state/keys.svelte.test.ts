import { deleteDB } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAntiphonDatabase, type AntiphonDatabase } from '$lib/storage/database'
import { Vault } from '$lib/storage/vault'
import { KeysState } from './keys.svelte'

const name = `keys-test-${crypto.randomUUID()}`
let database: AntiphonDatabase
let keys: KeysState

beforeEach(async () => {
	database = await openAntiphonDatabase(name)
	keys = new KeysState(new Vault(database))
	await keys.open()
})

afterEach(async () => {
	keys.dispose()
	database.close()
	await deleteDB(name)
})

test('a key that was saved can be brought back after it was removed', async () => {
	const made = await keys.create('Northing')
	const file = await keys.export(made.name)
	await keys.remove(made.name)
	expect(keys.keys).toEqual([])
	const taken = await keys.import(file)
	expect(taken.name).toBe(made.name)
	expect(keys.keys).toHaveLength(1)
})

test('a new label is kept', async () => {
	const made = await keys.create('')
	await keys.rename(made.name, 'Tidewater Archive')
	expect(keys.keys[0]).toMatchObject({ name: made.name, label: 'Tidewater Archive' })
})

test('another tab hears of a new key', async () => {
	const other = new KeysState(new Vault(database))
	await other.open()
	const made = await keys.create('Northing')
	await expect.poll(() => other.keys.map((key) => key.name)).toEqual([made.name])
	other.dispose()
})

test('a file that is no key is refused, and nothing changes', async () => {
	await expect(keys.import(new File(['no key'], 'song.txt'))).rejects.toMatchObject({ code: 'invalid-key' })
	await expect(keys.import(new File([new Uint8Array(99_999)], 'large'))).rejects.toMatchObject({
		code: 'too-large'
	})
	expect(keys.keys).toEqual([])
})
