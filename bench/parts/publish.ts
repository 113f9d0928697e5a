import { serveApp } from '../../playwright/fixtures/app.ts'
import { makeMedia } from '../../playwright/fixtures/media.ts'
import { printFigures } from '../figures.ts'
import { findPrograms } from '../programs.ts'
import { measurePublish } from '../publish.ts'
import { writeReport } from '../report.ts'

/** Import of a folder against `ipfs add`, time for tags, and memory. */
export async function run(): Promise<void> {
	const programs = findPrograms()
	const app = await serveApp()
	try {
		const media = await makeMedia(programs.ffmpeg)
		const figures = await measurePublish({ app, program: programs.kubo, media })
		printFigures(figures)
		await writeReport('latest-publish.json', { figures })
	} finally {
		await app.close()
	}
}
