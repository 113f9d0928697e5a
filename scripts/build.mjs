import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, run } from './run.mjs'
import { sourcesHash } from './sources.mjs'

const PAGE = join(ROOT, 'build/index.html')
const STAMP = join(ROOT, '.cache/built')

/**
 * Names one build of one state of the sources. The page's time is part of it, so that a build which was made
 * by other means is never taken for this one.
 * @param {string} hash
 */
const stampOf = (hash) => `${hash} ${statSync(PAGE).mtimeMs}`

/** @param {string} hash */
function isBuilt(hash) {
	try {
		return readFileSync(STAMP, 'utf8') === stampOf(hash)
	} catch {
		return false
	}
}

/** Builds the app into `build/` unless it was built from these very sources already. */
export async function buildIfNeeded() {
	const hash = sourcesHash()
	if (isBuilt(hash)) return
	console.log('Building (vite build)…')
	await run('npm', ['run', '--silent', 'build'])
	mkdirSync(dirname(STAMP), { recursive: true })
	writeFileSync(STAMP, stampOf(hash))
}
