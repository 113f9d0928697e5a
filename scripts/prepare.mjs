import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
	cachedKuboPath,
	findChromium,
	findFfmpeg,
	findFirefox,
	findKubo,
	findOnPath,
	findWebKit
} from './programs.mjs'
import { ROOT, exitCode } from './run.mjs'

/** Brings in the programs that the tests use and npm does not. Every step may fail: the tests say what is missing. */

/** Debian packages by what they are for. */
const DEBIAN = {
	chromium: ['chromium'],
	ffmpeg: ['ffmpeg'],
	firefox: ['firefox-esr'],
	webkit: [
		'webkit2gtk-driver',
		'xvfb',
		'gstreamer1.0-plugins-good',
		'gstreamer1.0-plugins-bad',
		'gstreamer1.0-libav'
	]
}

/** Playwright's own Chromium, if it was downloaded. Asked only once the packages are installed. */
async function findPlaywrightChromium() {
	const { chromium } = await import('@playwright/test')
	return existsSync(chromium.executablePath())
}

/** @param {string[]} packages */
const aptInstall = (packages) =>
	exitCode('apt-get', ['install', '--yes', '--no-install-recommends', ...packages], {
		DEBIAN_FRONTEND: 'noninteractive'
	})

/** Installs what is missing with Debian's package manager, where this is a Debian and we may. */
async function installDebianPackages() {
	const missing = [
		...(findChromium() ? [] : [DEBIAN.chromium]),
		...(findFfmpeg() ? [] : [DEBIAN.ffmpeg]),
		...(findFirefox() ? [] : [DEBIAN.firefox]),
		...(findWebKit() ? [] : [DEBIAN.webkit])
	]
	if (missing.length === 0 || !findOnPath('apt-get') || process.getuid?.() !== 0) return
	console.log(`Installing ${missing.flat().join(', ')} (apt-get)…`)
	if ((await exitCode('apt-get', ['update'])) !== 0) return
	for (const packages of missing) await aptInstall(packages)
}

async function installChromium() {
	if (findChromium() || process.env.CHROMIUM_PATH || (await findPlaywrightChromium())) return
	console.log('Downloading Chromium (playwright install)…')
	await exitCode('playwright', ['install', 'chromium'])
}

/** Builds Kubo from the Go module proxy; some minutes, once on a machine. */
async function buildKubo() {
	if (findKubo() || process.env.KUBO_BIN || !findOnPath('go')) return
	const target = cachedKuboPath()
	console.log(`Building Kubo into ${target} (some minutes, once)…`)
	await mkdir(dirname(target), { recursive: true })
	const folder = join(ROOT, 'playwright/kubo')
	await exitCode('go', ['-C', folder, 'build', '-o', target, 'github.com/ipfs/kubo/cmd/ipfs'])
}

/**
 * Installs what can be installed.
 * @returns {Promise<string[]>} the names of the parts that are missing all the same
 */
export async function preparePrograms() {
	await installDebianPackages()
	await installChromium()
	await buildKubo()
	const parts = {
		Chromium: Boolean(findChromium()) || (!process.env.CHROMIUM_PATH && (await findPlaywrightChromium())),
		ffmpeg: Boolean(findFfmpeg()),
		Firefox: Boolean(findFirefox()),
		WebKitGTK: Boolean(findWebKit()),
		Kubo: Boolean(findKubo())
	}
	return Object.entries(parts).flatMap(([name, found]) => (found ? [] : [name]))
}
