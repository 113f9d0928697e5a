/**
 * Draws the app's icons from its mark, three bars that hang and three that rise, and writes them to static/icons.
 * Run by hand when the mark changes: `node scripts/make-icons.mjs`. The results are committed. Needs Chromium.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { chromium } from '@playwright/test'
import { chromiumLaunchOptions } from './programs.mjs'

const FOLDER = new URL('../static/icons/', import.meta.url)
const PAPER = '#f8faf9'
const INK = 'oklch(0.2 0.012 210)'
const RUBRIC = 'oklch(0.56 0.21 28)'
const CALL = 'M2.5 3v14M5.8 3v9.5M9.1 3v5'
const RESPONSE = 'M10.9 17v-5M14.2 17V7.5M17.5 17V3'

/**
 * @param {{ inset?: number, paper?: string, ink?: string, style?: string }} look inset: free space on each side, in units
 * of the 20 that the mark is wide
 */
function drawing({ inset = 0, paper, ink = INK, style = '' }) {
	const size = 20 + 2 * inset
	const ground =
		paper === undefined
			? ''
			: `<rect x="${-inset}" y="${-inset}" width="${size}" height="${size}" fill="${paper}"/>`
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-inset} ${-inset} ${size} ${size}">${style}${ground}`,
		`<g fill="none" stroke-width="1.5" stroke-linecap="round">`,
		`<path class="call" stroke="${ink}" d="${CALL}"/><path class="response" stroke="${RUBRIC}" d="${RESPONSE}"/></g></svg>`
	].join('')
}

/** In a browser's tab the ground is the browser's own, light or dark. */
const TAB_STYLE =
	'<style>@media (prefers-color-scheme:dark){.call{stroke:oklch(0.955 0.004 170)}.response{stroke:oklch(0.7 0.18 28)}}</style>'

const images = [
	{ name: 'icon-192.png', pixels: 192, svg: drawing({ inset: 3, paper: PAPER }) },
	{ name: 'icon-512.png', pixels: 512, svg: drawing({ inset: 3, paper: PAPER }) },
	// Launchers cut a maskable icon to a circle of 80 %: https://www.w3.org/TR/appmanifest/#icon-masks
	{ name: 'maskable-512.png', pixels: 512, svg: drawing({ inset: 9, paper: PAPER }) },
	{ name: 'apple-touch-icon.png', pixels: 180, svg: drawing({ inset: 4, paper: PAPER }) }
]

await mkdir(FOLDER, { recursive: true })
await writeFile(new URL('icon.svg', FOLDER), `${drawing({ style: TAB_STYLE })}\n`)
const browser = await chromium.launch(chromiumLaunchOptions())
try {
	for (const { name, pixels, svg } of images) {
		const page = await browser.newPage({ viewport: { width: pixels, height: pixels } })
		await page.setContent(
			`<style>body{margin:0}svg{display:block;width:${pixels}px;height:${pixels}px}</style>${svg}`
		)
		await writeFile(new URL(name, FOLDER), await page.screenshot())
		await page.close()
	}
} finally {
	await browser.close()
}
