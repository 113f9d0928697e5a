import type { Page } from '@playwright/test'
import { Listening } from '../fixtures/listening.ts'
import { publishFolder } from '../fixtures/publishing.ts'
import { expect, test } from '../fixtures/test.ts'

const SIZES = [
	{ name: 'desktop', width: 1280, height: 800 },
	{ name: 'phone', width: 390, height: 844 }
]

const keptList = (page: Page) => page.getByRole('list', { name: 'Kept here' })

for (const { name, width, height } of SIZES) {
	test.describe(name, () => {
		test.use({ viewport: { width, height } })

		test('a publisher is kept, plays with no network at all, and its room is given back', async ({
			browser,
			openApp,
			kubo,
			media
		}) => {
			test.setTimeout(180_000)
			const hubs = [kubo.addresses.webtransport]
			const [publisherContext, context] = [await browser.newContext(), await browser.newContext()]
			const page = await openApp(context, { hubs, gateways: [kubo.gatewayUrl] })
			const away = await openApp(publisherContext, { hubs })
			const { publisher } = await publishFolder(away, {
				folder: media.album,
				name: 'Ferry House',
				nodeRpc: kubo.rpcUrl
			})
			await publisherContext.close()

			await page.evaluate((of) => (location.hash = `#/u/${of}`), publisher)
			const main = page.getByRole('main')
			await expect(main.getByRole('heading', { level: 1 })).toContainText('Ferry House', { timeout: 60_000 })
			await main.getByRole('button', { name: 'Keep', exact: true }).click()
			const dialog = page.getByRole('dialog')
			await expect(dialog.getByRole('status')).toContainText(/6 files, .*B\./)
			await expect(dialog.getByRole('checkbox', { name: /^Offline in this browser/ })).toBeChecked()
			await dialog.getByRole('button', { name: 'Keep', exact: true }).click()
			await expect(main.getByRole('button', { name: 'Kept', exact: true })).toBeVisible()
			await main.getByRole('button', { name: 'Kept', exact: true }).click()
			const row = keptList(page).getByRole('listitem')
			await expect(row).toContainText('Whole in this browser.', { timeout: 60_000 })
			await expect(row.getByRole('link', { name: 'Ferry House' })).toBeVisible()

			await kubo.stop()
			await context.setOffline(true)
			await page.reload()
			await page.waitForFunction(() => document.documentElement.dataset['ready'] === 'true')
			await expect(row).toContainText('Whole in this browser.')
			const [, track] = media.albumTracks
			const listening = new Listening(page)
			await listening.playButton(track?.title ?? '').click()
			await listening.expectPlaying()
			await listening.seekTo(0.7)
			await listening.expectEnded()
			// On a phone seeking is done in the full player.
			const close = page.getByRole('button', { name: 'Close the player' })
			if (await close.isVisible()) await close.click()

			await row.getByRole('button', { name: 'Keep Ferry House no longer' }).click()
			await expect(page.getByRole('heading', { name: /Nothing is kept offline/ })).toBeVisible()
			await page.getByRole('button', { name: 'Undo' }).click()
			await expect(row).toContainText('Whole in this browser.')
			await context.close()
		})

		test('a signed playlist is found at its publisher, kept with what it lists, and opens with no network at all', async ({
			browser,
			openApp,
			kubo,
			media
		}) => {
			test.setTimeout(180_000)
			const hubs = [kubo.addresses.webtransport]
			const [publisherContext, context] = [await browser.newContext(), await browser.newContext()]
			const away = await openApp(publisherContext, { hubs })
			const row = away.getByRole('row').first()
			const title = ((await row.getByRole('button', { name: /^Play / }).getAttribute('aria-label')) ?? '').slice(5)
			for (const list of ['Evening', 'Morning']) {
				await row.getByRole('button', { name: /^More actions/ }).click()
				await away.getByRole('menuitem', { name: 'Add to playlist' }).click()
				await away.getByRole('textbox', { name: 'New playlist' }).fill(list)
				await away.getByRole('button', { name: 'Create' }).click()
				await expect(away.getByRole('dialog')).toBeHidden()
			}
			const { publisher } = await publishFolder(away, {
				folder: media.album,
				name: 'Ferry House',
				nodeRpc: kubo.rpcUrl,
				playlist: 'Evening'
			})

			const page = await openApp(context, { hubs, gateways: [kubo.gatewayUrl], hash: `#/u/${publisher}` })
			const main = page.getByRole('main')
			const lists = main.getByRole('list', { name: 'Their playlists' })
			await expect(lists.getByRole('link', { name: 'Evening 1 track' })).toBeVisible({ timeout: 60_000 })
			await expect(lists.getByRole('link')).toHaveCount(1)

			// The other one is added to what is published, without its files.
			await away.getByRole('button', { name: 'Edit', exact: true }).first().click()
			const edit = away.getByRole('dialog')
			await expect(edit.getByRole('list', { name: 'Playlists' })).toContainText('Evening')
			await edit.getByText('Add playlists of yours: none').click()
			await edit.getByRole('checkbox', { name: /^Morning/ }).check()
			await edit.getByRole('button', { name: 'Publish the changes' }).click()
			await expect(lists.getByRole('link', { name: 'Morning 1 track' })).toBeVisible({ timeout: 60_000 })
			await expect(lists.getByRole('link')).toHaveCount(2)
			await publisherContext.close()

			await lists.getByRole('link', { name: 'Evening 1 track' }).click()
			await expect(main.getByRole('heading', { level: 1 })).toContainText('Evening')
			await expect(main.getByRole('status').filter({ hasText: /Signed by\s+Ferry House/ })).toBeVisible()
			await main.getByRole('button', { name: 'Keep', exact: true }).click()
			await expect(page.getByRole('dialog').getByRole('status')).toContainText('1 file')
			await page.getByRole('dialog').getByRole('button', { name: 'Keep', exact: true }).click()
			await main.getByRole('button', { name: 'Kept', exact: true }).click()
			const kept = keptList(page).getByRole('listitem')
			await expect(kept).toContainText('Whole in this browser.', { timeout: 60_000 })
			await expect(kept).toContainText('Playlist · Ferry House · 1 file')

			await kubo.stop()
			await context.setOffline(true)
			await page.reload()
			await page.waitForFunction(() => document.documentElement.dataset['ready'] === 'true')
			await kept.getByRole('link', { name: 'Evening' }).click()
			await expect(main.getByRole('heading', { level: 1 })).toContainText('Evening')
			const listening = new Listening(page)
			await listening.playButton(title).first().click()
			await listening.expectPlaying()
			await main.getByRole('button', { name: 'Kept', exact: true }).click()
			await kept.getByRole('button', { name: 'Keep Evening no longer' }).click()
			await expect(page.getByRole('heading', { name: /Nothing is kept offline/ })).toBeVisible()
			await context.close()
		})

		test('an album is pinned at an own node, which lets go of it when told', async ({
			page,
			openApp,
			startKubo,
			media
		}) => {
			test.setTimeout(180_000)
			const [theirs, mine] = [await startKubo(), await startKubo()]
			await mine.connect(theirs)
			const root = (await theirs.cli(['add', '-r', '-Q', '--cid-version=1', media.album])).trim()
			await openApp(page, { gateways: [theirs.gatewayUrl], hash: '#/settings' })
			const address = page.getByRole('textbox', { name: 'Address of its RPC' })
			await address.fill(mine.rpcUrl)
			await address.press('Enter')

			await page.evaluate((of) => (location.hash = `#/r/${of}`), root)
			const title = media.albumTracks[0]?.title ?? ''
			const track = page.getByRole('row').filter({ hasText: title }).first()
			await track.getByRole('button', { name: /^More actions/ }).click()
			await page.getByRole('menuitem', { name: 'Keep offline' }).click()
			const dialog = page.getByRole('dialog')
			await dialog.getByRole('checkbox', { name: /^Offline in this browser/ }).uncheck()
			await dialog.getByRole('checkbox', { name: mine.rpcUrl }).check()
			await dialog.getByRole('button', { name: 'Keep', exact: true }).click()

			const path = `${media.album}/${media.albumTracks[0]?.name ?? ''}`
			const cid = (await mine.cli(['add', '-Q', '--only-hash', '--cid-version=1', path])).trim()
			await page.evaluate(() => (location.hash = '#/library?shelf=kept'))
			const kept = keptList(page).getByRole('listitem')
			await expect(kept).toContainText(`${mine.rpcUrl}: keeps it.`, { timeout: 60_000 })
			await expect(kept).toContainText('Not in this browser.')
			expect(await mine.cli(['pin', 'ls', '--type=recursive', '-q'])).toContain(cid)

			await kept.getByRole('button', { name: /no longer$/ }).click()
			await page.getByRole('alertdialog').getByRole('button', { name: 'Let it go' }).click()
			await expect(keptList(page)).toBeHidden()
			await expect.poll(() => mine.cli(['pin', 'ls', '--type=recursive', '-q'])).not.toContain(cid)
		})
	})
}
