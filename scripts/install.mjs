import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, run } from './run.mjs'

/**
 * The packages that a lock file names, by the folder that each goes into.
 * @param {string} path - relative to the project
 * @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }>}
 */
function readPackages(path) {
	const { packages } = JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
	return packages
}

/**
 * Whether `node_modules` holds what `package-lock.json` names. npm writes a lock file of its own there, as the last
 * thing it does, so that an install which broke off has none.
 */
function isInstalled() {
	let installed
	try {
		installed = readPackages('node_modules/.package-lock.json')
	} catch {
		return false
	}
	return Object.entries(readPackages('package-lock.json')).every(
		([folder, { version, optional, devOptional }]) => {
			// The project itself has no folder, and packages for other platforms are left out.
			if (folder === '' || ((optional || devOptional) && !installed[folder])) return true
			return installed[folder]?.version === version
		}
	)
}

/** Installs the npm packages, unless they are installed already. Needs the network only when it installs. */
export async function installPackages() {
	if (isInstalled()) return
	console.log('Installing packages (npm ci)…')
	await run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'])
}
