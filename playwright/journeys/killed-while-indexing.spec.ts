import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, expect, test, type BrowserContext, type Page } from '@playwright/test'
import { chromiumLaunchOptions } from '../../scripts/programs.mjs'
import { serveIndexPage } from '../fixtures/index-page'

/** How often the browser is killed; 50 show more than a check on each change has time for. */
const KILLS = Number(process.env.KILLS ?? 6)
/** It is killed at some time up to this. */
const WITHIN_MS = 5000
/** What a crash took from memory is indexed again by then. */
const COVERED_WITHIN_MS = 30_000

/** Ends all processes of the browser at once, as a crash or a power cut would. */
async function kill(context: BrowserContext): Promise<void> {
	const session = await context.browser()?.newBrowserCDPSession()
	const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] }
	const closed = new Promise((resolve) => context.once('close', resolve))
	for (const { id } of processInfo) {
		try {
			process.kill(id, 'SIGKILL')
		} catch {
			// It went with another.
		}
	}
	await closed
}

test(`the browser killed ${KILLS} times while it indexes and merges leaves an index that is as its rows`, async () => {
	test.setTimeout(120_000 + KILLS * 60_000)
	const server = await serveIndexPage()
	const profile = await mkdtemp(join(tmpdir(), 'killed-'))
	const opened = async (): Promise<[BrowserContext, Page]> => {
		const context = await chromium.launchPersistentContext(profile, chromiumLaunchOptions())
		const page = await context.newPage()
		await page.goto(server.url)
		await expect(page.locator('html')).toHaveAttribute('data-ready', 'true')
		return [context, page]
	}
	try {
		for (let round = 1; round <= KILLS; round++) {
			const [context, page] = await opened()
			const filling = page.evaluate(`catalogPage.fill(${round})`).catch(() => undefined)
			await page.waitForTimeout(100 + Math.random() * WITHIN_MS)
			await kill(context)
			await filling
			const [after, again] = await opened()
			const wrong = await again.evaluate(`catalogPage.wrongs(${COVERED_WITHIN_MS})`)
			expect(wrong, `after kill ${round}`).toEqual([])
			await after.close()
		}
	} finally {
		await server.close()
		await rm(profile, { recursive: true, force: true })
	}
})
