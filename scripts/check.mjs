import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT, exitCode } from './run.mjs'

/** `npm run check`: everything that can be said of the project without running it. */

/** The stages: every `check:` script of package.json, in its order. */
function stages() {
	const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
	return Object.keys(scripts).filter((name) => name.startsWith('check:'))
}

/**
 * Runs every stage, also after one has failed, so that all failures are seen at once.
 * @returns {Promise<{ passed: number, failed: string[] }>} the names of the stages that failed
 */
export async function check() {
	const failed = []
	for (const stage of stages()) {
		console.log(`\n── ${stage}`)
		if ((await exitCode('npm', ['run', '--silent', stage])) !== 0) failed.push(stage)
	}
	return { passed: stages().length - failed.length, failed }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	const { failed } = await check()
	console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}`)
	process.exitCode = failed.length === 0 ? 0 : 1
}
