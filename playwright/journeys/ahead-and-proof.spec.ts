import { readFile, stat } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { Listening } from '../fixtures/listening.ts'
import { ShapingProxy } from '../fixtures/shaping-proxy.ts'
import { expect, test as base } from '../fixtures/test.ts'

/** A gateway that tells what it was asked for, and can be switched off; and what lies behind it. */
const test = base.extend<{
	gateway: ShapingProxy
	album: { readonly root: string; cid(name: string): Promise<string> }
}>({
	gateway: async ({ kubo }, use) => {
		const proxy = await ShapingProxy.start({ behind: kubo.gatewayUrl, speed: { rttMs: 20, mbitPerS: 50 } })
		await use(proxy)
		await proxy.close()
	},
	album: async ({ kubo, media }, use) => {
		const said = await kubo.cli(['add', '-r', '-Q', '--cid-version=1', media.album])
		await use({
			root: said.trim(),
			cid: async (name) => {
				const cid = await kubo.cli(['add', '-Q', '--only-hash', '--cid-version=1', `${media.album}/${name}`])
				return cid.trim()
			}
		})
	}
})

/** Waits until all of a file's first bytes were sent: the tracks of the album are smaller than what is fetched ahead. */
async function expectFetched(gateway: ShapingProxy, cid: string, sizeBytes: number): Promise<void> {
	await expect.poll(() => gateway.bytesSent(cid), { timeout: 30_000 }).toBeGreaterThanOrEqual(sizeBytes)
}

/** Lets the worker write what it has: the page hears of it by its report. */
const open = async (page: Page, title: string) => {
	await page
		.getByRole('button', { name: `More actions for ${title}`, exact: true })
		.first()
		.click()
	await page.getByRole('menuitem', { name: 'Proof' }).click()
	return page.getByRole('dialog', { name: new RegExp(`^Proof.*${title}`) })
}

test('what has been on the screen for a while starts with the gateway switched off', async ({
	page,
	openApp,
	gateway,
	album,
	media
}) => {
	await openApp(page, { gateways: [gateway.origin], hash: `#/r/${album.root}` })
	const [first, second] = media.albumTracks
	if (!first || !second) throw new Error('the album is empty')
	for (const { name } of [first, second]) {
		await expectFetched(gateway, await album.cid(name), (await stat(`${media.album}/${name}`)).size)
	}
	gateway.fault = 'dies'
	const listening = new Listening(page)
	await listening.playButton(second.title).first().click()
	await listening.expectPlaying()
})

test('what comes next in the queue is fetched while this one plays', async ({
	page,
	openApp,
	gateway,
	album,
	media
}) => {
	const [first, second] = media.albumTracks
	if (!first || !second) throw new Error('the album is empty')
	await openApp(page, { gateways: [gateway.origin], hash: `#/r/${album.root}` })
	const listening = new Listening(page)
	await listening.playButton(first.title).first().click()
	await listening.expectPlaying()
	await expectFetched(gateway, await album.cid(second.name), (await stat(`${media.album}/${second.name}`)).size)
	gateway.fault = 'dies'
	await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Next', exact: true }).click()
	await expect(page.getByRole('region', { name: 'Player' })).toContainText(second.title)
	await listening.expectPlaying()
})

test('with fetching ahead switched off, or data saver on, nothing is asked for that nobody played', async ({
	page,
	context,
	openApp,
	gateway,
	album,
	media
}) => {
	const [first] = media.albumTracks
	const cid = await album.cid(first?.name ?? '')
	const query = { gateways: [gateway.origin], hash: `#/r/${album.root}` }
	await openApp(page, { gateways: [gateway.origin], hash: '#/settings' })
	await page.getByRole('combobox', { name: 'Fetch before it is asked for' }).selectOption('Never')
	await page.evaluate((root) => {
		location.hash = `#/r/${root}`
	}, album.root)
	const listening = new Listening(page)
	await expect(listening.playButton(first?.title ?? '').first()).toBeVisible()
	// Long enough for what would be fetched: the same list with the switch on is, in the test above.
	await expect(page.getByRole('row').first()).toBeVisible()
	const asked = () =>
		gateway.passed.filter(({ path, range }) => path.includes(cid) && range !== 'bytes=0-1').length
	const before = asked()
	await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 3000)))
	expect(asked()).toBe(before)
	await page.close()

	const saving = await context.browser()?.newContext({ serviceWorkers: 'allow' })
	if (!saving) throw new Error('no browser')
	await saving.addInitScript(() => {
		Object.defineProperty(Object.getPrototypeOf(navigator), 'connection', {
			value: Object.assign(new EventTarget(), { saveData: true, type: 'wifi', effectiveType: '4g' })
		})
	})
	const other = await openApp(saving, query)
	await expect(new Listening(other).playButton(first?.title ?? '').first()).toBeVisible()
	await other.evaluate(() => new Promise((resolve) => setTimeout(resolve, 3000)))
	expect(asked()).toBe(before)
	await saving.close()
})

test('the proof of a track adds up to its size, and is there as text', async ({
	page,
	openApp,
	gateway,
	kubo,
	media
}) => {
	const cid = (await kubo.cli(['add', '-Q', '--cid-version=1', media.mp3])).trim()
	const { size } = await stat(media.mp3)
	await openApp(page, { gateways: [gateway.origin], hash: `#/e/${cid}` })
	await page.getByRole('main').getByRole('button', { name: /^Play/ }).first().click()
	await new Listening(page).expectPlaying()
	const panel = page.getByRole('complementary')
	await expect(panel.getByText(/100% of the file/)).toBeVisible({ timeout: 30_000 })
	const saved = page.waitForEvent('download')
	await panel.getByRole('button', { name: 'Save as text' }).click()
	const text = await readFile(await (await saved).path(), 'utf8')
	const line = text.split('\n').find((each) => each.startsWith(gateway.origin)) ?? ''
	const [bytes = 0, pieces = 0, wrong = -1] = (line.slice(gateway.origin.length).match(/[\d,]+/g) ?? []).map(
		(number) => Number(number.replaceAll(',', ''))
	)
	// A file's pieces are its bytes, and a little for its shape.
	expect(bytes).toBeGreaterThanOrEqual(size)
	expect(bytes).toBeLessThan(size * 1.02)
	expect(pieces).toBeGreaterThan(1)
	expect(wrong).toBe(0)
	expect(text).toContain(cid)
})

test('the starter collection: its record is checked, and no byte came from anyone', async ({ page, openApp }) => {
	await openApp(page)
	const row = page.getByRole('button', { name: /^More actions for/ }).first()
	const title = (await row.getAttribute('aria-label'))?.replace('More actions for ', '') ?? ''
	const dialog = await open(page, title)
	await expect(dialog.getByText('The publisher’s record is rightly signed.')).toBeVisible()
	await expect(dialog.getByText('No byte of it was read in this tab yet.')).toBeVisible()
})

test('a stall says who is asked, and goes away by itself', async ({ page, openApp, gateway, kubo, media }) => {
	gateway.line.mbitPerS = 2
	const cid = (await kubo.cli(['add', '-Q', '--cid-version=1', '--chunker=size-65536', media.mp3])).trim()
	await openApp(page, { gateways: [gateway.origin], hash: `#/e/${cid}` })
	const listening = new Listening(page)
	const play = page.getByRole('main').getByRole('button', { name: /^Play/ }).first()
	await play.waitFor()
	gateway.fault = 'stalls'
	await play.click()
	const host = new URL(gateway.origin).host
	await expect(listening.player.getByRole('status').filter({ hasText: `Waiting for ${host}` })).toBeVisible({
		timeout: 30_000
	})
	gateway.fault = undefined
	await listening.expectPlaying()
	await expect(listening.player.getByText(/^Waiting for/)).toHaveCount(0)
})

test('where no worker can run, the gateway’s own link is offered, and says that it is unchecked', async ({
	browser,
	app,
	kubo,
	media
}) => {
	const cid = (await kubo.cli(['add', '-Q', '--cid-version=1', media.mp3])).trim()
	const context = await browser.newContext({ serviceWorkers: 'block' })
	const page = await context.newPage()
	await page.goto(`${app.url}?hubs=&routers=&gateways=${encodeURIComponent(kubo.gatewayUrl)}&local=1#/e/${cid}`)
	await expect(page.getByText('This window cannot check bytes, so it plays nothing.').first()).toBeVisible()
	const link = page.getByRole('link', { name: /unchecked$/ }).first()
	await expect(link).toHaveAttribute('href', new RegExp(`^${kubo.gatewayUrl}/ipfs/${cid}`))
	expect(await page.locator('audio[src], video[src]').count()).toBe(0)
	await context.close()
})
