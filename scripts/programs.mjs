import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/**
 * Programs that the tests use and npm does not bring. Nothing is installed here: these functions only look.
 */

/** The version that `playwright/kubo/go.mod` builds. */
export const KUBO_VERSION = '0.43.0'

/** The WebKitGTK browser that its WebDriver starts; Debian keeps it outside `PATH`. */
const MINI_BROWSER = 'webkit2gtk-4.1/MiniBrowser'

const DEBIAN_LIBRARIES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu']

/** What WebKitGTK plays MP3, AAC and Opus with: plugins good, bad and libav. */
const GSTREAMER_PLUGINS = ['libgstisomp4.so', 'libgstvideoparsersbad.so', 'libgstlibav.so']

/** @param {string} path */
function isProgram(path) {
	try {
		accessSync(path, constants.X_OK)
		return statSync(path).isFile()
	} catch {
		return false
	}
}

/**
 * The first of `names` that stands on `PATH`.
 * @param {string[]} names
 * @returns {string | undefined} its absolute path
 */
export function findOnPath(...names) {
	const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
	return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram)
}

/**
 * A program that an environment variable names, else the first of `names` on `PATH`.
 * @param {string} variable - a set but wrong value counts as missing, so that a typing error is not hidden
 * @param {...string} names
 */
function findNamed(variable, ...names) {
	const path = process.env[variable]
	if (path) return isProgram(path) ? path : undefined
	return findOnPath(...names)
}

/** `CHROMIUM_PATH`, else a Chromium or Chrome of this machine. Playwright's own download is not looked for. */
export const findChromium = () =>
	findNamed('CHROMIUM_PATH', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')

/** `FIREFOX_PATH`, else Firefox (ESR first) of this machine. */
export const findFirefox = () => findNamed('FIREFOX_PATH', 'firefox-esr', 'firefox')

/** Everything that a WebKitGTK session needs, media plugins included; undefined unless all of it is there. */
export function findWebKit() {
	const driver = findOnPath('WebKitWebDriver')
	const xvfb = findOnPath('Xvfb')
	const libraries = DEBIAN_LIBRARIES.find((folder) => isProgram(join(folder, MINI_BROWSER)))
	if (!driver || !xvfb || !libraries) return undefined
	const playsMedia = GSTREAMER_PLUGINS.every((plugin) => existsSync(join(libraries, 'gstreamer-1.0', plugin)))
	return playsMedia ? { driver, xvfb, browser: join(libraries, MINI_BROWSER) } : undefined
}

/** Where what takes long to make is kept; outside the project, so that every clone shares it. */
export const cacheFolder = () => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'antiphon')

/** Where a Kubo that was built here is kept. */
export const cachedKuboPath = () => join(cacheFolder(), `kubo-${KUBO_VERSION}`, 'ipfs')

/** `KUBO_BIN`, else `ipfs` on `PATH`, else the one that was built for these tests. */
export function findKubo() {
	const found = findNamed('KUBO_BIN', 'ipfs')
	if (found || process.env.KUBO_BIN) return found
	return existsSync(cachedKuboPath()) ? cachedKuboPath() : undefined
}

/** ffmpeg makes the media that the tests play. */
export const findFfmpeg = () => findOnPath('ffmpeg')

/**
 * How Chromium is started for tests. `executablePath` is absent where only Playwright's download is there.
 *
 * - No sandbox, since root, as in most containers, cannot have one.
 * - Local addresses are shown to WebRTC peers, since nothing answers mDNS on a test machine.
 * - QUIC stays on: WebTransport needs it.
 */
export function chromiumLaunchOptions() {
	const executablePath = findChromium()
	return {
		...(executablePath && { executablePath }),
		args: [
			'--no-sandbox',
			'--disable-features=WebRtcHideLocalIpsWithMdns',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			'--no-first-run',
			'--autoplay-policy=no-user-gesture-required'
		]
	}
}
