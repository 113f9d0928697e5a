import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run.mjs'

/** All that a build reads; the lock file stands for the packages. */
const SOURCES = [
	'src',
	'service-worker',
	'static',
	'package-lock.json',
	'scripts/relative-page.mjs',
	'svelte.config.js',
	'tsconfig.json',
	'vite.config.ts'
]

/**
 * The files below a path, or the path itself when it is one.
 * @param {string} path - relative to the project
 * @returns {string[]} in an order that does not change
 */
function filesBelow(path) {
	if (!statSync(join(ROOT, path)).isDirectory()) return [path]
	return readdirSync(join(ROOT, path))
		.sort()
		.flatMap((name) => filesBelow(`${path}/${name}`))
}

/** Stands for one state of the sources: SHA-256, in hex. */
export function sourcesHash() {
	const hash = createHash('sha256')
	for (const path of SOURCES.flatMap(filesBelow)) {
		const bytes = readFileSync(join(ROOT, path))
		hash.update(`${path}\0${bytes.length}\0`).update(bytes)
	}
	return hash.digest('hex')
}
