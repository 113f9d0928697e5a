import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run.mjs'

/**
 * Makes the addresses in the built page relative, so that one build works from `/`, `/sub/` and `/ipfs/<cid>/`.
 * Kit does so itself for every page but the one of the hash router, which it renders as a fallback page:
 * `paths.relative` is not looked at there (kit/src/runtime/server/page/render.js).
 */

const PAGE = join(ROOT, 'build/index.html')

/** @param {string} html */
export const withRelativeAddresses = (html) => html.replaceAll(/(\b(?:href|src)=|\bimport\()"\/(?!\/)/g, '$1"./')

if (import.meta.main) {
	writeFileSync(PAGE, withRelativeAddresses(readFileSync(PAGE, 'utf8')))
}
