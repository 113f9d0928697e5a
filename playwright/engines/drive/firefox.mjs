import { launch } from 'puppeteer-core'

/**
 * Firefox over WebDriver BiDi.
 * @param {string} executablePath
 */
export const startFirefox = (executablePath) =>
	launch({
		browser: 'firefox',
		executablePath,
		headless: true,
		protocolTimeout: 90_000,
		extraPrefsFirefox: {
			'media.autoplay.default': 0,
			'media.autoplay.blocking_policy': 0,
			// WebRTC between two tabs of one machine: nothing answers mDNS here.
			'media.peerconnection.ice.obfuscate_host_addresses': false,
			'media.peerconnection.ice.loopback': true
		}
	})

/**
 * @param {import('puppeteer-core').Page} page
 * @returns {import('./smoke.mjs').Driver}
 */
export const driverOf = (page) => ({
	goto: async (url) => {
		await page.goto(url, { waitUntil: 'domcontentloaded' })
	},
	evaluate: (expression) => page.evaluate(expression),
	click: async (selector) => {
		await page.locator(selector).click()
	},
	clickAlong: async (selector, part) => {
		const box = await (await page.$(selector))?.boundingBox()
		if (!box) throw new Error(`${selector} is not visible`)
		await page.mouse.click(box.x + box.width * part, box.y + box.height / 2)
	},
	// Test machines have no device for sound, and Firefox fails music that it cannot sound; muted, it asks for none.
	hush: async () => {
		const mute = await page.$('[aria-label="Player"] button[aria-label="Mute"]')
		await mute?.click()
	},
	screenshot: async (path) => {
		await page.screenshot({ path: /** @type {`${string}.png`} */ (path) })
	}
})
