import { afterEach, expect, test } from 'vitest'
import { render } from 'vitest-browser-svelte'
import { page, userEvent } from 'vitest/browser'
import { DEFAULT_SETTINGS } from '$lib/storage/settings'
import { STORAGE_CHANNEL, type StorageNotice } from '$lib/storage/storage-notice'
import { givenApp } from '../doing.fixture'
import Doing from '../doing.fixture.svelte'
import Settings from './+page.svelte'

let app: Awaited<ReturnType<typeof givenApp>>

async function screen(query = '') {
	app = await givenApp({ query })
	await render(Doing, { screen: Settings, given: app })
}

afterEach(async () => {
	await app.end()
})

test('a gateway is added, moved up and brought back after it was removed', async () => {
	await screen()
	await userEvent.fill(page.getByRole('textbox', { name: 'Add a gateway' }), 'http://gateway.example')
	await userEvent.keyboard('{Enter}')
	await expect.element(page.getByRole('alert').filter({ hasText: 'This must begin with https://.' })).toBeVisible()
	await userEvent.fill(page.getByRole('textbox', { name: 'Add a gateway' }), 'gateway.example')
	await userEvent.keyboard('{Enter}')
	const added = [...DEFAULT_SETTINGS.gateways, 'https://gateway.example']
	expect(app.settings.stored.gateways).toEqual(added)

	await page.getByRole('button', { name: 'Ask https://gateway.example earlier' }).click()
	expect(app.settings.stored.gateways.at(-2)).toBe('https://gateway.example')
	await expect.element(page.getByRole('button', { name: 'Ask https://gateway.example earlier' })).toHaveFocus()

	await page.getByRole('button', { name: 'Remove https://gateway.example' }).click()
	expect(app.settings.stored.gateways).toEqual(DEFAULT_SETTINGS.gateways)
	await page.getByRole('button', { name: 'Undo' }).click()
	expect(app.settings.stored.gateways).toContain('https://gateway.example')
})

test('what a visit asks for is shown and stored only when it is kept', async () => {
	await screen('?routers=https://router.example')
	await expect.element(page.getByText('For this visit')).toBeVisible()
	expect(app.settings.stored.routers).toEqual(DEFAULT_SETTINGS.routers)
	await page.getByRole('button', { name: 'Keep them' }).click()
	expect(app.settings.stored.routers).toEqual(['https://router.example'])
})

test('theme and language hold at once', async () => {
	await screen()
	await page.getByRole('combobox', { name: 'Theme' }).selectOptions('Dark')
	await page.getByRole('combobox', { name: 'Language' }).selectOptions('Deutsch')
	expect(app.settings.stored).toMatchObject({ theme: 'dark', language: 'de' })
})

test('a key is removed only after a warning', async () => {
	await screen()
	const { name } = await app.keys.create('Northing')
	await page.getByRole('button', { name: 'Remove Northing' }).click()
	await expect.element(page.getByRole('heading', { name: 'Remove Northing?' })).toBeVisible()
	await page.getByRole('button', { name: 'Not now' }).click()
	expect(app.keys.keys.map((key) => key.name)).toEqual([name])
	await page.getByRole('button', { name: 'Remove Northing' }).click()
	await page.getByRole('button', { name: 'Remove', exact: true }).click()
	await expect.poll(() => app.keys.keys).toEqual([])
	await expect.element(page.getByText('No key yet. One is made when you publish first.')).toBeVisible()
})

test('freeing space says how much', async () => {
	await screen()
	await page.getByRole('button', { name: 'Free space' }).click()
	await expect.element(page.getByText('1.5 MB freed.')).toBeVisible()
})

test('space: what stays and what can be had again; the budget is chosen, and trouble is told', async () => {
	await screen()
	await expect.element(page.getByText('2 MB', { exact: true })).toBeVisible()
	await expect.element(page.getByText('5 MB', { exact: true })).toBeVisible()
	await page.getByRole('combobox', { name: 'For what was played' }).selectOptions('5 GB')
	expect(app.settings.stored.cacheBytes).toBe(5_000_000_000)
	app.storage.open()
	const worker = new BroadcastChannel(STORAGE_CHANNEL)
	worker.postMessage({ type: 'storage', state: 'full' } satisfies StorageNotice)
	await expect.element(page.getByRole('alert').filter({ hasText: 'There is no room' })).toBeVisible()
	worker.close()
	app.storage.dispose()
})

test('the index: what it holds, what it may take, and that the disk is full', async () => {
	app = await givenApp({
		totals: { entries: 1_234_567, publishers: 9, albums: 5, bytes: 450_000_000, left: 2, degraded: 'full' }
	})
	await render(Doing, { screen: Settings, given: app })
	await expect.element(page.getByText('1,234,567')).toBeVisible()
	await expect.element(page.getByText('450 MB')).toBeVisible()
	await expect.element(page.getByText('Publishers that had to leave')).toBeVisible()
	await expect
		.element(page.getByRole('alert').filter({ hasText: 'The disk is full. Search goes on' }))
		.toBeVisible()
	await page.getByRole('combobox', { name: 'It may take at most' }).selectOptions('200 MB')
	expect(app.settings.stored.indexBytes).toBe(200_000_000)
})
