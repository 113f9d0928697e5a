import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder, without a trailing slash. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '')

/** `PATH` with the project's own programs first, `node` 24 among them. */
const PATH = [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter)

/**
 * Runs a program in the project's folder with this process's output.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env] - added to this process's own
 * @returns {Promise<number>} its exit code; 1 when it could not be started or was killed
 */
export function exitCode(command, args, env = {}) {
	return new Promise((resolve) => {
		const child = spawn(command, args, {
			cwd: ROOT,
			stdio: ['ignore', 'inherit', 'inherit'],
			env: { ...process.env, PATH, ...env },
			shell: process.platform === 'win32'
		})
		child.once('error', (error) => {
			console.error(`${command}: ${error.message}`)
			resolve(1)
		})
		child.once('close', (code) => resolve(code ?? 1))
	})
}

/**
 * As {@link exitCode}, for a program that must succeed.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function run(command, args, env) {
	const code = await exitCode(command, args, env)
	if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}`)
}
