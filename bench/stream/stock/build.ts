import { join } from 'node:path'
import { build } from 'vite'

const ROOT = new URL('.', import.meta.url).pathname
const FOLDER = new URL('../../../.cache/bench-stock/', import.meta.url).pathname

/** Bundles the page and the worker of verified-fetch as it comes. @returns the folder to serve */
export async function buildStock(): Promise<string> {
	await build({
		root: ROOT,
		base: './',
		configFile: false,
		logLevel: 'error',
		build: {
			outDir: FOLDER,
			emptyOutDir: true,
			target: 'es2023',
			chunkSizeWarningLimit: 5_000,
			rolldownOptions: {
				input: { index: join(ROOT, 'index.html'), worker: join(ROOT, 'worker.ts') },
				output: { entryFileNames: '[name].js' }
			}
		}
	})
	return FOLDER
}
