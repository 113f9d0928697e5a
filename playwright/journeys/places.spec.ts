import type { BrowserContext } from '@playwright/test'
import { startFakePinata, type FakePinata } from '../fakes/pinata.ts'
import { expect, test } from '../fixtures/test.ts'

const KEY = 'eyJhbGciOi.a-key-of-a-test.c2lnbmF0dXJl'
let pinata: FakePinata

test.beforeEach(async () => {
	pinata = await startFakePinata(KEY)
})
test.afterEach(() => pinata.close())

/** What the page asks of Pinata goes to the fake one, headers and all. */
async function withPinata(context: BrowserContext): Promise<void> {
	await context.route(/^https:\/\/(uploads|api)\.pinata\.cloud\//, async (route) => {
		const asked = new URL(route.request().url())
		const response = await route.fetch({ url: pinata.origin + asked.pathname + asked.search })
		await route.fulfill({ response })
	})
}

test('a key of Pinata is tested and kept, and takes a folder, which is looked at, sent again and withdrawn', async ({
	browser,
	openApp,
	media
}) => {
	test.setTimeout(150_000)
	const context = await browser.newContext()
	await withPinata(context)
	const page = await openApp(context)
	const main = page.getByRole('main')
	await page.getByRole('link', { name: 'Publish', exact: true }).first().click()
	// Its dialog is the browser's own, which no test can answer; the input that it stands in for is there too.
	await page.evaluate(() => Reflect.deleteProperty(window, 'showDirectoryPicker'))
	const chooser = page.waitForEvent('filechooser')
	await main.getByRole('button', { name: 'Choose a folder' }).click()
	await (await chooser).setFiles(media.album)
	await main.getByRole('textbox', { name: 'Name that others see' }).fill('Ferry House', { timeout: 60_000 })

	await main.getByRole('button', { name: 'Add a place' }).click()
	const dialog = page.getByRole('dialog')
	await dialog.getByLabel('Key', { exact: true }).fill('eyJhbGciOi.another.key')
	await dialog.getByRole('button', { name: 'Test and add' }).click()
	await expect(dialog.getByRole('alert')).toContainText('It does not know this key')
	await dialog.getByLabel('Key', { exact: true }).fill(KEY)
	await dialog.getByRole('button', { name: 'Test again' }).click()
	await expect(dialog).toBeHidden()
	await expect(main.getByRole('checkbox', { name: /^Pinata/ })).toBeChecked()

	await main.getByRole('button', { name: 'Publish', exact: true }).click()
	await expect(main.getByRole('heading', { name: /^Announced/ })).toBeVisible({ timeout: 120_000 })
	const root = (await main.locator('a[href*="#/r/"]').first().getAttribute('href'))?.split('#/r/')[1]
	expect(pinata.files.map(({ cid, name }) => ({ cid, name }))).toEqual([{ cid: root, name: 'Ferry House' }])

	const lives = main.getByRole('list', { name: 'Where it lives' }).first()
	await expect(lives).toContainText('kept')
	pinata.files.length = 0
	await main.getByRole('button', { name: 'Look now' }).click()
	await expect(lives).toContainText('no longer kept')
	await main.getByRole('button', { name: 'Send again' }).click()
	await expect(lives).not.toContainText('no longer kept')
	await expect.poll(() => pinata.files.map(({ cid }) => cid), { timeout: 30_000 }).toEqual([root])
	await expect(lives).toContainText('kept')

	await main.getByRole('button', { name: 'Withdraw' }).click()
	await expect(page.getByRole('alertdialog')).toContainText('Copies that others made stay with them')
	await page.getByRole('alertdialog').getByRole('button', { name: 'Withdraw' }).click()
	// What is left is the empty catalog that stands for all that was there: a few hundred bytes.
	await expect.poll(() => pinata.files.map(({ cid }) => cid), { timeout: 60_000 }).not.toContain(root)
	expect(pinata.files.every(({ size }) => size < 1000)).toBe(true)
	await context.close()
})
