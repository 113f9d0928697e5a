import { setTimeout as wait } from 'node:timers/promises'

/**
 * The journey that every engine makes: the starter collection, then a root through a real gateway; play, seek.
 *
 * @typedef {object} Driver - one page of a browser
 * @property {(url: string) => Promise<void>} goto
 * @property {(expression: string) => Promise<unknown>} evaluate - the value of a JavaScript expression in the page
 * @property {(selector: string) => Promise<void>} click
 * @property {(selector: string, part: number) => Promise<void>} clickAlong - at a part of its width, 0 to 1
 * @property {() => Promise<void>} [hush] - mutes the player, where sound needs a device
 * @property {(path: string) => Promise<void>} screenshot
 */

const TIMEOUT_MS = 60_000
const POLL_MS = 100

/**
 * @param {string} what
 * @param {() => Promise<unknown>} isSo
 */
export async function until(what, isSo) {
	const deadline = Date.now() + TIMEOUT_MS
	for (;;) {
		if (await isSo()) return
		if (Date.now() > deadline) throw new Error(`not so after ${TIMEOUT_MS / 1000} s: ${what}`)
		await wait(POLL_MS)
	}
}

const POSITION = '[aria-label="Player"] input[aria-label="Position"]'

/** @param {Driver} page */
export const ready = (page) =>
	until('the app is ready', () => page.evaluate('document.documentElement.dataset.ready === "true"'))

/** @param {Driver} page */
export const seconds = async (page) =>
	Number(await page.evaluate(`document.querySelector(${JSON.stringify(POSITION)})?.value ?? -1`))

/**
 * @param {Driver} page
 * @param {string} title
 */
export async function play(page, title) {
	const button = `[role="row"] button[aria-label=${JSON.stringify(`Play ${title}`)}]`
	await until(`"${title}" is shown`, () =>
		page.evaluate(`document.querySelector(${JSON.stringify(button)}) !== null`)
	)
	await page.hush?.()
	await page.click(button)
	await plays(page, 1)
}

/**
 * Waits until sound has gone on for so many seconds.
 * @param {Driver} page
 * @param {number} forSeconds
 */
export async function plays(page, forSeconds) {
	await until('the player is shown', async () => (await seconds(page)) >= 0)
	const from = await seconds(page)
	await until(`it plays on from ${from} s`, async () => (await seconds(page)) >= from + forSeconds)
}

/**
 * @param {Driver} page
 * @param {number} part
 */
export async function seek(page, part) {
	const wanted = part * Number(await page.evaluate(`document.querySelector(${JSON.stringify(POSITION)}).max`))
	await page.clickAlong(POSITION, part)
	await until(`the position is ${Math.floor(wanted)} s`, async () => Math.abs((await seconds(page)) - wanted) < 4)
	await plays(page, 1)
}

/** The title of the first row that can be played. @param {Driver} page */
export async function firstTitle(page) {
	const label = `document.querySelector('[role="row"] button[aria-label^="Play "]')?.getAttribute('aria-label')`
	await until('a row is shown', () => page.evaluate(label))
	return String(await page.evaluate(label)).replace(/^Play /, '')
}

/**
 * @param {Driver} page
 * @param {{ offlineUrl: string, rootUrl: string, title: string }} where - the app with no network; the app at a root that
 * a gateway has, and the title of a piece in it
 */
export async function smoke(page, { offlineUrl, rootUrl, title }) {
	await page.goto(offlineUrl)
	await ready(page)
	await play(page, await firstTitle(page))
	await seek(page, 0.6)
	await page.goto('about:blank')
	await page.goto(rootUrl)
	await ready(page)
	await play(page, title)
	await seek(page, 0.5)
}
