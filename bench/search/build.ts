import { build } from 'vite'

const ROOT = new URL('./page/', import.meta.url).pathname
const FOLDER = new URL('../../.cache/bench-search-page/', import.meta.url).pathname

/** Bundles the page with the app's catalog worker and the rivals' workers. @returns the folder to serve, with a slash */
export async function buildPage(): Promise<string> {
	await build({
		root: ROOT,
		base: './',
		configFile: false,
		logLevel: 'error',
		worker: { format: 'es' },
		build: { outDir: FOLDER, emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 5_000 }
	})
	return FOLDER
}
