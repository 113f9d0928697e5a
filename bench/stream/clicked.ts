import type { Locator, Page } from '@playwright/test'

/* How long the app's own player takes, from a click on to the sound. */

/**
 * From the click to sound or picture, ms; undefined when it takes longer than the limit.
 * @param file - CID of what is to sound
 */
export async function timeFromClick(
	page: Page,
	button: Locator,
	file: string,
	limitMs: number
): Promise<number | undefined> {
	const timed = page.evaluate(
		async ({ file, limitMs }) => {
			const clicked = new Promise<number>((resolve) => {
				window.addEventListener('click', () => resolve(performance.now()), { once: true, capture: true })
			})
			const started = await clicked
			for (;;) {
				const { notedElement: element } = window as { notedElement?: HTMLMediaElement }
				if (element?.src.includes(file) && element.currentTime > 0) return performance.now() - started
				if (performance.now() - started > limitMs) return undefined
				await new Promise((resolve) => setTimeout(resolve, 4))
			}
		},
		{ file, limitMs }
	)
	await button.click()
	return timed
}
