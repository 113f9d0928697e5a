import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { Listening } from '../fixtures/listening.ts'
import { expect, test } from '../fixtures/test.ts'
import { STARTER_NAME } from '../../src/lib/catalog/starter.ts'

const ROUTES = {
	home: '#/',
	search: '#/search?q=a',
	library: '#/library',
	publish: '#/publish',
	publishers: '#/publishers',
	publisher: `#/u/${STARTER_NAME}`,
	network: '#/network',
	settings: '#/settings',
	queue: '#/queue'
} as const

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const
const THEMES = ['light', 'dark'] as const

/** Serious and critical findings, in words. */
async function violations(page: Page): Promise<string[]> {
	const { violations } = await new AxeBuilder({ page })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
		.analyze()
	return violations
		.filter(({ impact }) => impact === 'serious' || impact === 'critical')
		.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map(({ target }) => String(target)).join('\n  ')}`)
}

for (const [size, viewport] of Object.entries(SIZES)) {
	for (const theme of THEMES) {
		test(`no serious axe violation on any route: ${size}, ${theme}`, async ({ page, openApp }, testInfo) => {
			test.setTimeout(180_000)
			await page.setViewportSize(viewport)
			await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
			for (const [name, hash] of Object.entries(ROUTES)) {
				await openApp(page, { hash })
				if (name === 'home') await page.getByRole('row').first().waitFor()
				await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toHaveCount(1)
				await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
				await page.screenshot({ path: testInfo.outputPath(`${name}-${size}-${theme}.png`) })
				expect(await violations(page), name).toEqual([])
			}
		})
	}
}

test('with the keyboard alone: search, play, pause, seek', async ({ page, openApp }) => {
	await openApp(page)
	const listening = new Listening(page)
	await page.getByRole('row').first().waitFor()
	const button = page
		.getByRole('row')
		.getByRole('button', { name: /^Play / })
		.first()
	const title = ((await button.getAttribute('aria-label')) ?? '').replace(/^Play /, '')

	await page.keyboard.press('/')
	await expect(page.getByRole('searchbox', { name: 'Search' })).toBeFocused()
	await page.keyboard.type(title)
	const play = listening.row(title).getByRole('button', { name: `Play ${title}`, exact: true })
	await expect(play).toBeVisible()
	await tabTo(page, play)
	await page.keyboard.press('Enter')
	await listening.expectPlaying()

	await tabTo(page, listening.player.getByRole('button', { name: 'Pause', exact: true }))
	await page.keyboard.press('Enter')
	await expect(listening.player.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
	const stopped = await listening.seconds()

	await tabTo(page, listening.position)
	await page.keyboard.press('ArrowRight')
	await page.keyboard.press('ArrowRight')
	await expect.poll(() => listening.seconds()).toBeGreaterThan(stopped + 5)
	await page.keyboard.press('Home')
	await expect.poll(() => listening.seconds()).toBeLessThan(2)
})

/** Presses Tab until the element has the focus, as a person without a mouse does. */
async function tabTo(page: Page, target: ReturnType<Page['locator']>): Promise<void> {
	for (let presses = 0; presses < 150; presses++) {
		if (await target.evaluate((element) => element === document.activeElement)) return
		await page.keyboard.press('Tab')
	}
	throw new Error('the keyboard does not get there')
}
