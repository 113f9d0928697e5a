import { firstPageFiles, peerFiles } from './scripts/built-files.mjs'

export default [
	{ name: 'first page', path: firstPageFiles(), limit: '117 kB', gzip: true },
	{ name: 'service worker', path: 'build/service-worker.js', limit: '200 kB', gzip: true },
	{ name: 'peer, loaded after the first page', path: peerFiles(), limit: '295 kB', gzip: true }
]
