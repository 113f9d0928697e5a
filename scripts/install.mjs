import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, run } from './run.mjs'

const STAMP = join(ROOT, 'node_modules/.antiphon-installed')

const lockHash = () =>
	createHash('sha256')
		.update(readFileSync(join(ROOT, 'package-lock.json')))
		.digest('hex')

function installedHash() {
	try {
		return readFileSync(STAMP, 'utf8')
	} catch {
		return undefined
	}
}

/**
 * Installs the npm packages that `package-lock.json` names, unless they were installed from this very file already.
 * Needs the network only when it installs.
 */
export async function installPackages() {
	const wanted = lockHash()
	if (installedHash() === wanted) return
	console.log('Installing packages (npm ci)…')
	await run('npm', ['ci', '--no-fund', '--no-audit'])
	writeFileSync(STAMP, wanted)
}
