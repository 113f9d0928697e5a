import { Listening } from '../fixtures/listening.ts'
import { publishFolder } from '../fixtures/publishing.ts'
import { SIZES } from '../fixtures/sizes.ts'
import { expect, test } from '../fixtures/test.ts'

for (const [size, viewport] of Object.entries(SIZES)) {
	test(`a standing search counts what comes, tells of it where it may, and is forgotten: ${size}`, async ({
		page,
		context,
		openApp,
		media
	}) => {
		test.setTimeout(120_000)
		await context.grantPermissions(['notifications'])
		await context.addInitScript(() => {
			// As if another window were in front, and with notifications where a test can read them.
			Document.prototype.hasFocus = () => false
			const told: string[] = []
			Object.assign(globalThis, { told })
			ServiceWorkerRegistration.prototype.showNotification = (title: string) => {
				told.push(title)
				return Promise.resolve()
			}
		})
		await page.setViewportSize(viewport)
		await openApp(page, { hash: '#/search' })
		const listening = new Listening(page)
		await expect(page.getByRole('heading', { name: 'Standing searches' })).toBeVisible()

		await listening.search('nadia tide')
		await page.getByRole('button', { name: 'Listen for this' }).first().click()
		await expect(page.getByText('New pieces for “nadia tide” are counted from now on.')).toBeVisible()
		await listening.search('')
		const wishes = page.getByRole('region', { name: 'Standing searches' })
		await expect(wishes.getByRole('link', { name: /nadia tide/ })).toBeVisible()
		await expect(wishes).not.toContainText(/\d new/)

		await publishFolder(page, { folder: media.shelf, name: 'Shelfmark' })
		await expect
			.poll(() => page.evaluate(() => (globalThis as unknown as { told: string[] }).told), { timeout: 60_000 })
			.toEqual(['New for “nadia tide”'])
		await page.getByRole('link', { name: 'Search' }).first().click()
		await expect(wishes).toContainText('2 new')

		// It outlives the tab.
		await page.reload()
		await expect(wishes).toContainText('2 new')
		await wishes.getByRole('link', { name: /nadia tide/ }).click()
		await expect.poll(async () => (await listening.titles()).toSorted()).toEqual(['Low Tide', 'Spring Tide'])
		await listening.search('')
		await expect(wishes).not.toContainText('2 new')

		await wishes.getByRole('button', { name: 'Stop listening for nadia tide' }).click()
		await expect(wishes.getByRole('link', { name: /nadia tide/ })).toHaveCount(0)
		await page.getByRole('button', { name: 'Undo' }).click()
		await expect(wishes.getByRole('link', { name: /nadia tide/ })).toBeVisible()
	})
}
