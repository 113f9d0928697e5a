import type { Browser, Page } from '@playwright/test'
import { publishFolder } from '../fixtures/publishing.ts'
import { Listening } from '../fixtures/listening.ts'
import { expect, test } from '../fixtures/test.ts'

const SIZES = [
	{ name: 'desktop', width: 1280, height: 800 },
	{ name: 'phone', width: 390, height: 844 }
]

/** The link that the share dialog gives for a row, from `#` on. */
async function shareRow(page: Page, title: string, clip?: { from: string; to: string }): Promise<string> {
	const row = page.getByRole('row').filter({ hasText: title }).first()
	await row.getByRole('button', { name: /^More actions/ }).click()
	await page.getByRole('menuitem', { name: 'Share', exact: true }).click()
	const dialog = page.getByRole('dialog')
	if (clip) {
		await dialog.getByLabel('From, seconds').fill(clip.from)
		await dialog.getByLabel('To, seconds').fill(clip.to)
	}
	const url = await dialog.getByLabel('Link', { exact: true }).inputValue()
	await dialog.getByRole('button', { name: 'Close' }).click()
	return url.slice(url.indexOf('#'))
}

for (const { name, width, height } of SIZES) {
	test.describe(name, () => {
		const fresh = (browser: Browser) => browser.newContext({ viewport: { width, height } })

		test('links open in a fresh browser with a gateway alone, say who signed before anything plays, and play', async ({
			browser,
			openApp,
			kubo,
			media
		}) => {
			test.setTimeout(240_000)
			const publisherContext = await fresh(browser)
			const page = await openApp(publisherContext, { hubs: [kubo.addresses.webtransport] })
			const { root, publisher } = await publishFolder(page, {
				folder: media.album,
				name: 'Ferry House',
				nodeRpc: kubo.rpcUrl
			})
			const [, track] = media.albumTracks
			const title = track?.title ?? ''
			await page.evaluate((of) => (location.hash = `#/u/${of}`), publisher)
			await expect(page.getByRole('row').filter({ hasText: title }).first()).toBeVisible({ timeout: 60_000 })
			const entry = await shareRow(page, title)
			const clip = await shareRow(page, title, { from: '0', to: '3' })
			expect(entry).toMatch(/^#\/e\/\w+\?by=k51\w+$/)
			expect(clip).toMatch(/^#\/e\/\w+\?t=0,3&by=k51\w+$/)
			await publisherContext.close()

			const gateways = [kubo.gatewayUrl]
			const open = async (hash: string) => {
				const context = await fresh(browser)
				return await openApp(context, { gateways, hash })
			}
			const said = `Signed by Ferry House, published`

			// One entry: its title from the catalog, who signed and when, and no byte of it played.
			const one = await open(entry)
			await expect(one.getByRole('heading', { level: 1 })).toContainText(title, { timeout: 45_000 })
			await expect(one.getByRole('main').getByText(said)).toContainText('signature checked')
			await expect(one.getByRole('region', { name: 'Player' })).toContainText('Nothing playing')
			await one.getByRole('main').getByRole('button', { name: 'Play', exact: true }).click()
			await new Listening(one).expectPlaying()
			await one.context().close()

			// A clip from the very start ends where it says.
			const part = await open(clip)
			await expect(part.getByRole('main').getByText(said)).toBeVisible({ timeout: 45_000 })
			await part.getByRole('main').getByRole('button', { name: /^Play/ }).click()
			const listening = new Listening(part)
			await listening.expectPlaying()
			await listening.expectEnded()
			expect(await listening.seconds()).toBeLessThan(5)
			await part.context().close()

			// The publisher, heard of by nobody here.
			const them = await open(`#/u/${publisher}`)
			await expect(them.getByRole('heading', { level: 1 })).toContainText('Ferry House', { timeout: 45_000 })
			await expect(them.getByRole('main').getByText(said)).toBeVisible()
			await expect(them.getByRole('row').filter({ hasText: title }).first()).toBeVisible({ timeout: 45_000 })
			await them.context().close()

			// The root, and one that is older.
			const whole = await open(`#/r/${root}`)
			await expect(whole.getByRole('main').getByText(said)).toBeVisible({ timeout: 45_000 })
			await expect(whole.getByRole('row').filter({ hasText: title }).first()).toBeVisible()
			await whole.context().close()

			// In a frame of another page.
			const framed = await open(entry.replace('#/', '#/embed/'))
			await expect(framed.getByRole('heading', { level: 1 })).toHaveText(title, { timeout: 45_000 })
			await expect(framed.getByText(said)).toBeVisible()
			await framed.context().close()
		})

		test('a file that no one signed for says so, and what stands in it', async ({
			browser,
			openApp,
			kubo,
			media
		}) => {
			const cid = await kubo.cli(['add', '-Q', '--cid-version=1', media.mp3])
			const context = await fresh(browser)
			const page = await openApp(context, { gateways: [kubo.gatewayUrl], hash: `#/e/${cid}` })
			await expect(page.getByRole('heading', { level: 1 })).toContainText('Harbour Lights')
			await expect(page.getByText('No one signed for this.', { exact: false }).first()).toBeVisible()
			await context.close()
		})

		test('a playlist in a link says what it is, and that the list is signed by no one', async ({
			browser,
			openApp
		}) => {
			const context = await fresh(browser)
			const page = await openApp(context, { gateways: [], hash: '#/library?shelf=playlists' })
			await page.getByRole('button', { name: 'New smart playlist' }).click()
			await expect(page.getByRole('row').first()).toBeVisible()
			await context.grantPermissions(['clipboard-read', 'clipboard-write'])
			await page.getByRole('button', { name: 'Copy link' }).first().click()
			await expect(page.getByText('The link was copied.').first()).toBeVisible()
			const link = await page.evaluate(() => navigator.clipboard.readText())
			await context.close()
			const other = await fresh(browser)
			const opened = await openApp(other, { gateways: [], hash: link.slice(link.indexOf('#')) })
			await expect(opened.getByRole('heading', { level: 1 })).toContainText('Newest first')
			await expect(opened.getByRole('main').getByText('The list is in the link, signed by no one.')).toBeVisible()
			await other.close()
		})

		for (const [what, hash] of [
			['an entry', '#/e/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fb'],
			['a clip', '#/e/bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau?t=9,5'],
			['a publisher', '#/u/k51qzi5uqu5dh69gngqlrf2yohbravtkp8zt3vwfb76ask5tu'],
			['a root', '#/r/bafybeigdyrzt5sfp7udm7hu76'],
			['a playlist', '#/p/~Zm9v']
		] as const) {
			test(`a link to ${what} that is cut or mistyped says so`, async ({ browser, openApp }) => {
				const context = await fresh(browser)
				const page = await openApp(context, { gateways: [], hash })
				await expect(page.getByRole('alert')).toContainText('This link is cut or mistyped.')
				await expect(page.getByRole('link', { name: 'Go to Home' })).toBeVisible()
				await context.close()
			})
		}

		test('a link to a publisher whom no one knows says that no one answers', async ({
			browser,
			openApp,
			kubo
		}) => {
			const context = await fresh(browser)
			const nobody = 'k51qzi5uqu5dm6hxvkzovuzjxefg2dqvlxqz7nt3qxj2tkb1a0q5mzt1v2hdqi'
			const hash = `#/u/${nobody.slice(0, 62)}`
			const page = await openApp(context, { gateways: [kubo.gatewayUrl], hash })
			const main = page.getByRole('main')
			await expect(main.getByText(/no one answers with their signature|This link is cut/)).toBeVisible({
				timeout: 60_000
			})
			await context.close()
		})
	})
}
