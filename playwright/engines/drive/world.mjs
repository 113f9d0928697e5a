import { findFfmpeg, findKubo } from '../../../scripts/programs.mjs'
import { appUrl, serveApp } from '../../fixtures/app.ts'
import { Kubo } from '../../fixtures/kubo.ts'
import { makeMedia } from '../../fixtures/media.ts'

/** How a test says that what it needs is not here. */
const SKIPPED = 77

/**
 * Runs a test of one engine with the built app, a Kubo that holds an album, and what the engine's finder found. Ends the
 * process: 0 when it passed, 77 when something that it needs is missing, else 1.
 * @template T
 * @param {T | undefined} engine
 * @param {string} name
 * @param {(world: { engine: T, app: import('../../fixtures/app.ts').App, kubo: Kubo, media: import('../../fixtures/media.ts').Media, offlineUrl: string, rootUrl: string, title: string }) => Promise<void>} test
 */
export async function runInWorld(engine, name, test) {
	const [program, ffmpeg] = [findKubo(), findFfmpeg()]
	if (engine === undefined || program === undefined || ffmpeg === undefined) {
		console.log(`${name}: skipped, the browser, Kubo or ffmpeg is missing`)
		process.exit(SKIPPED)
	}
	const app = await serveApp()
	const kubo = await Kubo.start({ program, rpcOrigins: [app.origin] })
	try {
		const media = await makeMedia(ffmpeg)
		const root = (await kubo.cli(['add', '-r', '-Q', '--cid-version=1', media.album])).trim()
		const rootUrl = appUrl(app, { gateways: [kubo.gatewayUrl], hash: `#/r/${root}` })
		const title = media.albumTracks[0]?.title ?? ''
		await test({ engine, app, kubo, media, offlineUrl: appUrl(app), rootUrl, title })
		console.log(`${name}: passed`)
	} catch (error) {
		console.error(`${name}: failed`, error)
		process.exitCode = 1
	} finally {
		await kubo.stop()
		await app.close()
	}
}
