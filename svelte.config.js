import adapter from '@sveltejs/adapter-static'
import { sourcesHash } from './scripts/sources.mjs'

/** @type {import('@sveltejs/kit').Config} */
export default {
	kit: {
		adapter: adapter({ pages: 'build', assets: 'build' }),
		// Hash routes and relative paths: one build serves `/`, a subfolder and `/ipfs/<cid>/` alike.
		router: { type: 'hash' },
		paths: { relative: true },
		files: { serviceWorker: 'service-worker/index.ts' },
		// The same sources give the same build, whoever makes it and when. Handed on to the processes that Kit forks.
		version: { name: (process.env.ANTIPHON_VERSION ??= sourcesHash().slice(0, 16)) },
		// Registered by hand (src/lib/state/worker-control.svelte.ts), so that the page can say when it fails.
		serviceWorker: { register: false },
		typescript: {
			config: (config) => {
				config.include.push('../service-worker/**/*.ts')
			}
		}
	}
}
