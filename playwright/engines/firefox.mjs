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
	await fill(page, 'Name that others see', name)
	await check(page, 'Your own Kubo node')
	await fill(page, 'Address of its RPC', nodeRpc)
	await page.keyboard.press('Enter')
	await page.locator('::-p-xpath(//main//button[normalize-space()="Publish"])').click()
	await until('it is announced', () =>
		page.evaluate(() =>
			[...document.querySelectorAll('main h2')].some((head) => head.textContent?.startsWith('Announced'))
		)
	)
}

/**
 * Ticks the box with this label.
 * @param {import('puppeteer-core').Page} page
 * @param {string} label
 */
async function check(page, label) {
	const found = await page.waitForSelector(`::-p-xpath(//label[starts-with(normalize-space(), "${label}")]/input)`)
	const box = /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (found)
	if (!(await box.evaluate((element) => element.checked))) await box.click()
}

/**
 * Types into the field with this label.
 * @param {import('puppeteer-core').Page} page
 * @param {string} label
 * @param {string} text
 */
async function fill(page, label, text) {
	const found = await page.waitForSelector(`::-p-xpath(//label[starts-with(normalize-space(), "${label}")])`)
	const field = await found?.evaluateHandle((element) => /** @type {HTMLLabelElement} */ (element).control)
	const input = /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (field)
	await input.click({ count: 3 })
	await input.type(text)
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

		// A tab in the back draws nothing, and a click waits for what is drawn.
		await page.bringToFront()
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
