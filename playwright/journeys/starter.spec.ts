import { expect, test } from '../fixtures/test.ts'
import { STARTER_NAME } from '../../src/lib/catalog/starter.ts'
import { Listening } from '../fixtures/listening.ts'

/** The app's own CID does not matter here, its shape in the path does. */
const PREFIXES = ['/', '/sub/', '/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/']

for (const prefix of PREFIXES) {
	test.describe(`mounted at ${prefix}`, () => {
		test.use({ appPrefix: prefix })

		test('with no network at all, the starter collection is found, played and sought, after a reload too', async ({
			page,
			openApp
		}) => {
			await openApp(page)
			const listening = new Listening(page)
			const first = page
				.getByRole('row')
				.getByRole('button', { name: /^Play / })
				.first()
			const name = await first.getAttribute('aria-label').then(async (label) => label ?? (await first.innerText()))
			const title = name.replace(/^Play /, '')

			await listening.playFound(title, title)
			await listening.expectPlaying()
			await listening.seekTo(0.6)
			await listening.expectPlaying()

			await page.reload()
			await page.waitForFunction(() => document.documentElement.dataset.ready === 'true')
			await listening.playFound(title, title)
			await listening.expectPlaying()
		})
	})
}

test('the shell and what was played open offline', async ({ page, openApp, app }) => {
	await openApp(page)
	const listening = new Listening(page)
	const button = page
		.getByRole('row')
		.getByRole('button', { name: /^Play / })
		.first()
	const title = ((await button.getAttribute('aria-label')) ?? '').replace(/^Play /, '')
	await listening.playFound(title, title)
	await listening.expectPlaying()

	await page.context().setOffline(true)
	await page.goto(`${app.url}?hubs=&routers=&gateways=`)
	await page.waitForFunction(() => document.documentElement.dataset.ready === 'true')
	await listening.playFound(title, title)
	await listening.expectPlaying()
	await listening.seekTo(0.5)
	await listening.expectPlaying()
})

test('the starter collection has music and a video, all with covers, and each of them plays', async ({
	page,
	openApp
}) => {
	test.setTimeout(180_000)
	await openApp(page, { hash: `#/u/${STARTER_NAME}` })
	const listening = new Listening(page)
	await page.getByRole('row').first().waitFor()
	const titles = await page
		.getByRole('row')
		.getByRole('button', { name: /^Play / })
		.evaluateAll((buttons) =>
			buttons.map((button) => (button.getAttribute('aria-label') ?? '').replace(/^Play /, ''))
		)
	const pieces = [...new Set(titles)]
	expect(pieces.length).toBeGreaterThanOrEqual(9)
	for (const title of pieces) {
		await listening.playFound(title, title)
		await expect(listening.player).toContainText(title)
		await listening.expectPlaying()
	}
})
