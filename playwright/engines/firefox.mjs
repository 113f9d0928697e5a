import { findFirefox } from '../../scripts/programs.mjs'
import { driverOf, startFirefox } from './drive/firefox.mjs'
import { smoke } from './drive/smoke.mjs'
import { runInWorld } from './drive/world.mjs'

await runInWorld(findFirefox(), 'Firefox', async ({ engine, ...where }) => {
	const browser = await startFirefox(engine)
	try {
		const page = await browser.newPage()
		await page.setViewport({ width: 1280, height: 800 })
		await smoke(driverOf(page), where)
	} finally {
		await browser.close()
	}
})
