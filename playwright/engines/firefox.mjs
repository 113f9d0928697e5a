import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findFirefox } from '../../scripts/programs.mjs'
import { appUrl } from '../fixtures/app.ts'
import { driverOf, startFirefox } from './drive/firefox.mjs'
import { plays, play, ready, smoke, until } from './drive/smoke.mjs'
import { runInWorld } from './drive/world.mjs'

const SIZE = { width: 1280, height: 800 }

/**
 * Publishes a folder's files on the Publish screen.
 * @param {import('puppeteer-core').Page} page
 * @param {{ folder: string, name: string, nodeRpc: string }} what
 */
async function publish(page, { folder, name, nodeRpc }) {
	await page.locator('nav a[href="#/publish"]').click()
	const input = await page.waitForSelector('input[type="file"]:not([webkitdirectory])')
	const files = (await readdir(folder)).map((file) => join(folder, file))
	await /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (input).uploadFile(...files)
	await page.locator('::-p-aria([name="Name that others see"][role="textbox"])').fill(name)
	await page.locator('::-p-aria([name="Address of its RPC"][role="textbox"])').fill(nodeRpc)
	await page.keyboard.press('Enter')
	await page.locator('main ::-p-aria([name="Publish"][role="button"])').click()
	await until('it is announced', () =>
		page.evaluate(() => [...document.querySelectorAll('main h2')].some((head) => head.textContent?.startsWith('Announced')))
	)
}

await runInWorld(findFirefox(), 'Firefox', async ({ engine, app, kubo, media, ...where }) => {
	const browser = await startFirefox(engine)
	try {
		const page = await browser.newPage()
		await page.setViewport(SIZE)
		await smoke(driverOf(page), where)

		// By WebSocket: its WebTransport does not carry blocks well yet, see src/lib/p2p/libp2p-config.ts.
		const url = appUrl(app, { hubs: [kubo.addresses.ws] })
		const strangerPage = await (await browser.createBrowserContext()).newPage()
		await strangerPage.setViewport(SIZE)
		const stranger = driverOf(strangerPage)
		await stranger.goto(url)
		await ready(stranger)

		await page.goto(url, { waitUntil: 'domcontentloaded' })
		await ready(driverOf(page))
		await publish(page, { folder: media.album, name: 'Fox House', nodeRpc: kubo.rpcUrl })

		await strangerPage.bringToFront()
		await strangerPage.locator('input[type="search"]').fill('quiet engine')
		await play(stranger, 'Quiet Engine')
		await plays(stranger, 2)
	} finally {
		await browser.close()
	}
})
