import { join } from 'node:path'
import { buildIfNeeded } from './build.mjs'
import { installPackages } from './install.mjs'
import { ROOT } from './run.mjs'
import { serveFolder } from './serve.mjs'

/** `npm start`: installs and builds where needed, then serves the app until it is interrupted. */

const USUAL_PORT = 4173

/** @param {number} port */
const serve = (port) => serveFolder({ folder: join(ROOT, 'build'), port })

async function serveOnFreePort() {
	if (process.env.PORT) return serve(Number(process.env.PORT))
	return serve(USUAL_PORT).catch((error) => {
		if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error
		return serve(0)
	})
}

try {
	await installPackages()
	await buildIfNeeded()
	const { url } = await serveOnFreePort()
	console.log(`\nAntiphon is at\n${url}\n\nCtrl+C ends it.`)
} catch (error) {
	console.error(error instanceof Error ? error.message : error)
	process.exit(1)
}
