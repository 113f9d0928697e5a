import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run.mjs'

/** Refuses file and folder names that say nothing of what is inside. */

const FOLDERS = ['bench', 'docs', 'playwright', 'scripts', 'service-worker', 'src', 'static']

const EMPTY_WORD = /(?:^|[-_.])(?:managers?|helpers?|utils?|common|misc|services?)(?=$|[-_.])/i

/** `service` on its own says nothing, but these are the platform's and the IPFS specifications' own terms. */
const TERM = /service-workers?|pinning-services?/gi

/**
 * @param {string} path
 * @returns {boolean} whether one of its folders, or the file, has such a name
 */
export const isNamedEmptily = (path) =>
	path.split('/').some((part) => EMPTY_WORD.test(part.replace(TERM, '').replace(/([a-z])([A-Z])/g, '$1-$2')))

if (import.meta.main) {
	const files = FOLDERS.flatMap((folder) =>
		readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`)
	)
	const refused = files.filter(isNamedEmptily)
	for (const path of refused) console.error(`${path}: name it after the one idea that it holds`)
	process.exitCode = refused.length === 0 ? 0 : 1
}
