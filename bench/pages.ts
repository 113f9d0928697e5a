import type { Browser, Page } from '@playwright/test'

/** The worker controls the page, and search answers. */
export const ready = async (page: Page) => {
	await page.waitForFunction(() => document.documentElement.dataset['ready'] === 'true')
}

/** Opens a page in a context of its own, which ends with the work. */
export async function inFreshPage<T>(browser: Browser, url: string, work: (page: Page) => Promise<T>): Promise<T> {
	const context = await browser.newContext()
	try {
		const page = await context.newPage()
		await page.goto(url)
		await ready(page)
		return await work(page)
	} finally {
		await context.close()
	}
}
