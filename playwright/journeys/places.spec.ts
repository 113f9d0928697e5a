import { startFakePinata, type FakePinata } from '../fakes/pinata.ts'
import { withPinata } from '../fixtures/pinata-account.ts'
import { choose, goToPublish, publishChosen } from '../fixtures/publishing.ts'
import { SIZES } from '../fixtures/sizes.ts'
import { expect, test } from '../fixtures/test.ts'

const KEY = 'eyJhbGciOi.a-key-of-a-test.c2lnbmF0dXJl'
let pinata: FakePinata

test.beforeEach(async () => {
	pinata = await startFakePinata(KEY)
})
test.afterEach(() => pinata.close())

for (const [size, viewport] of Object.entries(SIZES)) {
	test(`${size}: a key of Pinata is tested and kept, and takes what is looked at, sent again and withdrawn`, async ({
		browser,
		openApp,
		media
	}) => {
		test.setTimeout(150_000)
		const context = await browser.newContext({ viewport })
		await withPinata(context, pinata)
		const page = await openApp(context)
		const main = page.getByRole('main')
		await goToPublish(page)
		// A phone's picker gives files, and no folder.
		const files = media.albumTracks.map(({ name }) => `${media.album}/${name}`)
		await choose(page, size === 'phone' ? files : media.album)
		await main.getByRole('textbox', { name: 'Name that others see' }).fill('Ferry House')

		await main.getByRole('button', { name: 'Add a place' }).click()
		const dialog = page.getByRole('dialog')
		await dialog.getByLabel('Key', { exact: true }).fill('eyJhbGciOi.another.key')
		await dialog.getByRole('button', { name: 'Test and add' }).click()
		await expect(dialog.getByRole('alert')).toContainText('It does not know this key')
		await dialog.getByLabel('Key', { exact: true }).fill(KEY)
		await dialog.getByRole('button', { name: 'Test again' }).click()
		await expect(dialog).toBeHidden()
		await expect(main.getByRole('checkbox', { name: /^Pinata/ })).toBeChecked()

		const { root } = await publishChosen(page)
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

		// What else lies in the account is seen, and deleted, in Settings.
		await page
			.getByRole('link', { name: size === 'phone' ? 'More' : 'Settings', exact: true })
			.first()
			.click()
		if (size === 'phone') await main.getByRole('link', { name: /^Settings/ }).click()
		await main.getByRole('button', { name: 'Look at Pinata' }).click()
		const account = page.getByRole('dialog', { name: 'What lies at Pinata' })
		const lying = account.getByRole('list', { name: 'What lies at Pinata' })
		await expect(lying.getByRole('listitem')).toHaveCount(pinata.files.length)
		const { name = '' } = pinata.files[0] ?? {}
		await lying
			.getByRole('button', { name: `Delete ${name}` })
			.first()
			.click()
		const asks = page.getByRole('alertdialog')
		await expect(asks).toContainText('gone from your account for good')
		await asks.getByRole('button', { name: 'Delete', exact: true }).click()
		await expect(account).toContainText('Nothing lies there yet')
		expect(pinata.files).toEqual([])
		await context.close()
	})
}
