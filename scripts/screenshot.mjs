import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { chromium } from '@playwright/test'
import { buildIfNeeded } from './build.mjs'
import { chromiumLaunchOptions } from './programs.mjs'
import { ROOT } from './run.mjs'
import { serveFolder } from './serve.mjs'

/** `npm run screenshot`: the picture in the README, of the built app with nothing but what ships with it. */

const PICTURE = join(ROOT, 'docs/screenshot.png')

await buildIfNeeded()
const { url, close } = await serveFolder({ folder: join(ROOT, 'build'), prefix: '/' })
const browser = await chromium.launch(chromiumLaunchOptions())
try {
	const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
	await page.goto(`${url}?hubs=&routers=&gateways=`)
	await page.waitForFunction(() => document.documentElement.dataset['ready'] === 'true')
	await page
		.getByRole('row')
		.getByRole('button', { name: /^Play / })
		.first()
		.click()
	await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Pause' }).waitFor()
	// The covers are there, and the first seconds have been played.
	await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0))
	await page.waitForFunction(() =>
		[...document.querySelectorAll('time')].some(({ textContent }) => textContent === '0:07')
	)
	mkdirSync(dirname(PICTURE), { recursive: true })
	await page.screenshot({ path: PICTURE })
	console.log(PICTURE)
} finally {
	await browser.close()
	await close()
}
