import { deleteDB } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAntiphonDatabase, type AntiphonDatabase } from '$lib/storage/database'
import { DEFAULT_SETTINGS, readSettings } from '$lib/storage/settings'
import { SettingsState } from './settings.svelte'

let database: AntiphonDatabase
const name = `settings-test-${crypto.randomUUID()}`
const open: SettingsState[] = []

async function settingsOf(query = ''): Promise<SettingsState> {
	const settings = new SettingsState(database, query)
	open.push(settings)
	await settings.open()
	return settings
}

beforeEach(async () => {
	database = await openAntiphonDatabase(name)
})

afterEach(async () => {
	for (const settings of open.splice(0)) settings.dispose()
	database.close()
	await deleteDB(name)
})

test('what the address of the page asks for holds, and is never stored', async () => {
	const settings = await settingsOf('?hubs=/dns4/a.example/tcp/443/wss&gateways=&local=1')
	expect(settings.effective).toMatchObject({
		hubs: ['/dns4/a.example/tcp/443/wss'],
		gateways: [],
		allowLocal: true,
		routers: DEFAULT_SETTINGS.routers
	})
	await settings.update({ theme: 'dark' })
	await settings.update({ gateways: ['https://b.example'] })
	expect(settings.effective.gateways).toEqual([])
	expect(settings.stored.gateways).toEqual(['https://b.example'])
	expect(await readSettings(database)).toEqual({
		...DEFAULT_SETTINGS,
		theme: 'dark',
		gateways: ['https://b.example']
	})
})

test('a change holds at once and after a reload', async () => {
	const settings = await settingsOf()
	const stored = settings.update({ language: 'de' })
	expect(settings.effective.language).toBe('de')
	await stored
	expect((await settingsOf()).stored.language).toBe('de')
})

test('a reset can be undone with what it returns', async () => {
	const settings = await settingsOf()
	await settings.update({ routers: [], theme: 'light' })
	const before = settings.reset('routers')
	expect(settings.stored).toMatchObject({ routers: DEFAULT_SETTINGS.routers, theme: 'light' })
	await settings.update(before)
	expect((await readSettings(database)).routers).toEqual([])
})

test('two tabs do not undo each other, and follow each other', async () => {
	const [one, other] = [await settingsOf(), await settingsOf()]
	await one.update({ theme: 'dark' })
	await other.update({ language: 'de' })
	expect(await readSettings(database)).toMatchObject({ theme: 'dark', language: 'de' })
	await expect.poll(() => one.stored.language).toBe('de')
	await expect.poll(() => other.stored.theme).toBe('dark')
})

test('a change that cannot be stored holds, and is said', async () => {
	const settings = await settingsOf()
	database.close()
	await settings.update({ theme: 'dark' })
	expect(settings.effective.theme).toBe('dark')
	expect(settings.failure).toBeInstanceOf(DOMException)
	database = await openAntiphonDatabase(name)
})
