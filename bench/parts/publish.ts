import { serveApp } from '../../playwright/fixtures/app.ts'
import { makeMedia } from '../../playwright/fixtures/media.ts'
import { printFigures } from '../figures.ts'
import { findPrograms, launchChromium } from '../programs.ts'
import { measurePublish } from '../publish.ts'
import { writeReport } from '../report.ts'

/** Import of a folder against `ipfs add`, time for tags, and memory. */
export async function run(): Promise<void> {
	const programs = findPrograms()
	const app = await serveApp()
	const browser = await launchChromium()
	try {
		const media = await makeMedia(programs.ffmpeg)
		const figures = await measurePublish({ browser, app, program: programs.kubo, media })
		printFigures(figures)
		await writeReport('latest-publish.json', { browser: browser.version(), figures })
	} finally {
		await browser.close()
		await app.close()
	}
}
