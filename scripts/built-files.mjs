import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run.mjs'

/**
 * Which built files belong together, read from Vite's manifest; for the size budgets.
 *
 * @typedef {{ file: string, isDynamicEntry?: boolean, imports?: string[], dynamicImports?: string[] }} Chunk
 * @typedef {Record<string, Chunk>} Manifest
 */

const GENERATED = '.svelte-kit/generated/client-optimized'
/** What the leading tab loads for its peer: the peer, and what reads the publications that it hears of. */
const PEER = ['src/lib/p2p/peer-node.ts', 'src/lib/catalog/intake.ts']

/** @param {string} path */
const read = (path) => readFileSync(join(ROOT, path), 'utf8')

/** @returns {Manifest} */
const readManifest = () => JSON.parse(read('.svelte-kit/output/client/.vite/manifest.json'))

/**
 * The chunks that are loaded together with the given ones: they and all that they import, but for what they
 * import only when needed.
 * @param {Manifest} manifest
 * @param {string[]} keys
 */
export function staticClosure(manifest, keys) {
	/** @type {Set<string>} */
	const closure = new Set()
	/** @param {string} key */
	const visit = (key) => {
		if (closure.has(key)) return
		const chunk = manifest[key]
		if (!chunk) throw new Error(`the build has no chunk ${key}`)
		closure.add(key)
		for (const imported of chunk.imports ?? []) visit(imported)
	}
	keys.forEach(visit)
	return closure
}

/**
 * The nodes (layouts and page) that Kit loads for the first screen.
 * @param {string} dictionary - Kit's generated `app.js`, which maps each route to its page and its layouts
 */
export function firstScreenNodes(dictionary) {
	const home = /"\/(?:\([^)/]*\))?": \[(\d+)(?:,\[([\d,]*)\])?/.exec(dictionary)
	if (!home) throw new Error('the build has no route for the first screen')
	const [, page, layouts = ''] = home
	return [...new Set(['0', page, ...layouts.split(',').filter(Boolean)])]
}

/** @param {Manifest} manifest */
function firstPageChunks(manifest) {
	const nodes = firstScreenNodes(read(`${GENERATED}/app.js`))
	return staticClosure(manifest, [
		'node_modules/@sveltejs/kit/src/runtime/client/entry.js',
		`${GENERATED}/app.js`,
		...nodes.map((node) => `${GENERATED}/nodes/${node}.js`)
	])
}

/**
 * @param {Manifest} manifest
 * @param {Iterable<string>} keys
 */
const scripts = (manifest, keys) => [...keys].map((key) => `build/${manifest[key]?.file}`)

/** The scripts that the first screen waits for. */
export function firstPageFiles() {
	const manifest = readManifest()
	return scripts(manifest, firstPageChunks(manifest))
}

/** The scripts that come only when the peer starts. */
export function peerFiles() {
	const manifest = readManifest()
	const lazyOf = (/** @type {string} */ start) => {
		const lazy = Object.keys(manifest).filter((key) => key.startsWith(start) && manifest[key]?.isDynamicEntry)
		if (lazy.length === 0) throw new Error(`nothing of ${start} is loaded lazily`)
		return lazy
	}
	const firstPage = firstPageChunks(manifest)
	const withPeer = [...staticClosure(manifest, PEER.flatMap(lazyOf))]
	return scripts(
		manifest,
		withPeer.filter((key) => !firstPage.has(key))
	)
}
