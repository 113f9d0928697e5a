import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** The few commands of W3C WebDriver that the journey needs. @see https://www.w3.org/TR/webdriver2/ */

const COMMAND_TIMEOUT_MS = 90_000
const START_TIMEOUT_MS = 20_000
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

/** @returns {Promise<number>} */
const freePort = () =>
	new Promise((resolve) => {
		const server = createServer().listen(0, '127.0.0.1', () => {
			const address = server.address()
			server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
		})
	})

/**
 * Starts WebKitGTK under a virtual screen of its own.
 * @param {{ driver: string, xvfb: string, browser: string }} programs
 * @returns {Promise<{ page: import('./smoke.mjs').Driver, stop: () => Promise<void> }>}
 */
export async function startWebKit({ driver, xvfb, browser }) {
	const display = `:${90 + (process.pid % 400)}`
	const screen = spawn(xvfb, [display, '-screen', '0', '1280x800x24'], { stdio: 'ignore' })
	const port = await freePort()
	const environment = {
		...process.env,
		DISPLAY: display,
		// Root, as in most containers, cannot have a sandbox.
		WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
		// Sound goes nowhere: test machines have no device for it.
		GST_PLUGIN_FEATURE_RANK: 'fakeaudiosink:MAX'
	}
	const server = spawn(driver, [`--port=${port}`, '--host=127.0.0.1'], { env: environment, stdio: 'ignore' })
	const base = `http://127.0.0.1:${port}`

	/**
	 * @param {string} method
	 * @param {string} path
	 * @param {unknown} [body]
	 * @returns {Promise<any>}
	 */
	const command = async (method, path, body) => {
		const response = await fetch(base + path, {
			method,
			signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS),
			...(body === undefined ? {} : { body: JSON.stringify(body) })
		})
		const { value } = /** @type {{ value: any }} */ (await response.json())
		if (!response.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`)
		return value
	}

	const deadline = Date.now() + START_TIMEOUT_MS
	while (!(await command('GET', '/status').catch(() => undefined))) {
		if (Date.now() > deadline) throw new Error('the WebKit driver did not start')
		await wait(100)
	}
	const { sessionId } = await command('POST', '/session', {
		capabilities: {
			alwaysMatch: {
				'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] },
				pageLoadStrategy: 'eager'
			}
		}
	})
	const session = `/session/${sessionId}`
	/** @param {string} selector */
	const find = async (selector) =>
		(await command('POST', `${session}/element`, { using: 'css selector', value: selector }))[ELEMENT]

	return {
		page: {
			goto: (url) => command('POST', `${session}/url`, { url }),
			evaluate: (expression) =>
				command('POST', `${session}/execute/sync`, { script: `return ${expression}`, args: [] }),
			click: async (selector) => command('POST', `${session}/element/${await find(selector)}/click`, {}),
			clickAlong: async (selector, part) => {
				const element = await find(selector)
				const { width } = await command('GET', `${session}/element/${element}/rect`)
				await command('POST', `${session}/actions`, {
					actions: [
						{
							type: 'pointer',
							id: 'mouse',
							actions: [
								{ type: 'pointerMove', origin: { [ELEMENT]: element }, x: Math.round(width * (part - 0.5)), y: 0 },
								{ type: 'pointerDown', button: 0 },
								{ type: 'pointerUp', button: 0 }
							]
						}
					]
				})
			},
			screenshot: async (path) =>
				writeFile(path, Buffer.from(await command('GET', `${session}/screenshot`), 'base64'))
		},
		stop: async () => {
			await command('DELETE', session).catch(() => undefined)
			server.kill()
			screen.kill()
		}
	}
}
