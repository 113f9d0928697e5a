import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, run } from './run.mjs'

/** All that a build reads; the lock file stands for the packages. */
const SOURCES = [
	'src',
	'service-worker',
	'static',
	'package-lock.json',
	'svelte.config.js',
	'tsconfig.json',
	'vite.config.ts'
]
const PAGE = join(ROOT, 'build/index.html')
const STAMP = join(ROOT, '.cache/built')

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

function sourcesHash() {
	const hash = createHash('sha256')
	for (const path of SOURCES.flatMap(filesBelow)) {
		const bytes = readFileSync(join(ROOT, path))
		hash.update(`${path}\0${bytes.length}\0`).update(bytes)
	}
	return hash.digest('hex')
}

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
