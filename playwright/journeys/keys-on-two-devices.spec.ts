import { SIZES } from '../fixtures/sizes.ts'
import { Listening } from '../fixtures/listening.ts'
import { choose, chooseNode, goToPublish, publishChosen, publishFolder } from '../fixtures/publishing.ts'
import { expect, test } from '../fixtures/test.ts'
import { unmarshalIPNSRecord } from 'ipns'
import type { Page } from '@playwright/test'

const PASSPHRASE = 'ferry lights at nine'

const settings = (page: Page) => page.evaluate(() => (location.hash = '#/settings'))

test('a key is guarded, saved, and opened on a phone, which publishes the next edition under the same name', async ({
	browser,
	openApp,
	kubo,
	media
}, testInfo) => {
	test.setTimeout(180_000)
	const network = { hubs: [kubo.addresses.webtransport], gateways: [kubo.gatewayUrl] }
	const sequenceOf = async (name: string) => {
		const answer = await fetch(`${kubo.gatewayUrl}/ipns/${name}?format=ipns-record`)
		return unmarshalIPNSRecord(new Uint8Array(await answer.arrayBuffer())).sequence
	}
	const deskContext = await browser.newContext({ viewport: SIZES.desktop })
	const desk = await openApp(deskContext, network)
	const { publisher } = await publishFolder(desk, {
		folder: media.album,
		name: 'Ferry House',
		nodeRpc: kubo.rpcUrl
	})
	const first = await sequenceOf(publisher)

	await settings(desk)
	const main = desk.getByRole('main')
	const dialog = desk.getByRole('dialog')

	// The words, which are only shown when asked for.
	await main.getByRole('button', { name: 'Show the words of Ferry House' }).click()
	await expect(dialog.getByRole('listitem')).toHaveCount(0)
	await dialog.getByRole('button', { name: 'Show them now' }).click()
	await expect(dialog.getByRole('listitem')).toHaveCount(24)
	await expect(dialog.getByRole('button', { name: 'Print' })).toBeVisible()
	const words = await dialog.getByRole('listitem').allInnerTexts()
	await desk.keyboard.press('Escape')

	// A passphrase on this device.
	await main.getByRole('button', { name: 'Set a passphrase' }).click()
	await dialog.getByLabel('Passphrase', { exact: true }).fill('a passphrase of here')
	await dialog.getByLabel('Once more').fill('a passphrase of there')
	await dialog.getByRole('button', { name: 'Set a passphrase' }).click()
	await expect(dialog.getByRole('alert')).toHaveText('These are not the same.')
	await dialog.getByLabel('Once more').fill('a passphrase of here')
	await dialog.getByRole('button', { name: 'Set a passphrase' }).click()
	await expect(dialog).toBeHidden()
	await main.getByRole('button', { name: 'Lock now' }).click()
	await expect(main.getByText('Your keys are locked.')).toBeVisible()
	await expect(main.getByRole('button', { name: 'Save a backup of all keys' })).toBeDisabled()
	await main.getByLabel('Passphrase', { exact: true }).fill('a guess')
	await main.getByRole('button', { name: 'Unlock' }).click()
	await expect(main.getByText('This is not the passphrase.')).toBeVisible()
	await main.getByLabel('Passphrase', { exact: true }).fill('a passphrase of here')
	await main.getByRole('button', { name: 'Unlock' }).click()
	await expect(main.getByRole('button', { name: 'Lock now' })).toBeVisible()

	// The backup has a passphrase of its own.
	await main.getByRole('button', { name: 'Save a backup of all keys' }).click()
	await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
	await dialog.getByLabel('Once more').fill(PASSPHRASE)
	const saving = desk.waitForEvent('download')
	await dialog.getByRole('button', { name: 'Save the file' }).click()
	const backup = testInfo.outputPath('backup.json')
	await (await saving).saveAs(backup)
	await deskContext.close()

	const phoneContext = await browser.newContext({ viewport: SIZES.phone })
	const phone = await openApp(phoneContext, network)
	await settings(phone)
	const keys = phone.getByRole('main')
	const asked = phone.getByRole('dialog')
	const chooser = phone.waitForEvent('filechooser')
	await keys.getByText('Bring a key', { exact: true }).click()
	await (await chooser).setFiles(backup)
	await asked.getByLabel('Passphrase').fill('ferry lights at ten')
	await asked.getByRole('button', { name: 'Bring the keys' }).click()
	await expect(asked.getByRole('alert')).toHaveText('This is not the passphrase.')
	await asked.getByLabel('Passphrase').fill(PASSPHRASE)
	await asked.getByRole('button', { name: 'Bring the keys' }).click()
	await expect(asked).toBeHidden()
	await keys.getByRole('button', { name: 'Show the words of Ferry House' }).click()
	await asked.getByRole('button', { name: 'Show them now' }).click()
	expect(await asked.getByRole('listitem').allInnerTexts()).toEqual(words)
	await phone.keyboard.press('Escape')

	await goToPublish(phone)
	await choose(phone, [media.opus])
	await expect(keys.getByRole('textbox', { name: 'Name that others see' })).toHaveValue('Ferry House')
	// The other device is gone, and nothing was heard of it: what it published is found by its name.
	await expect(keys.getByText('This key has published before, from another device.')).toBeVisible()
	await expect(keys.getByRole('radio', { name: /^Add to it/ })).toBeChecked()
	await chooseNode(phone, kubo.rpcUrl)
	expect((await publishChosen(phone)).publisher).toBe(publisher)
	expect(await sequenceOf(publisher)).toBeGreaterThan(first)

	for (const [link, title] of [
		['I lost a key', 'A lost key'],
		['Someone has my key', 'A stolen key']
	] as const) {
		await settings(phone)
		await keys.getByRole('link', { name: link }).click()
		await expect(keys.getByRole('heading', { level: 1, name: title })).toBeVisible()
		await expect(keys.getByRole('heading', { name: /What to do/ }).first()).toBeVisible()
	}
	const stranger = new Listening(await openApp(await browser.newContext(), network))
	for (const words of ['gulls', 'night bus']) {
		await stranger.search(words)
		await expect(stranger.page.getByRole('row').filter({ hasText: 'Ferry House' }).first()).toBeVisible({
			timeout: 60_000
		})
	}
	await phoneContext.close()
})
