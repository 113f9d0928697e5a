import { parseArgs } from 'node:util'
import { buildIfNeeded } from '../scripts/build.mjs'

/**
 * `npm run bench`: measures the built app in a real browser against real Kubo nodes on this machine, part by part, prints a table
 * and writes `bench/latest*.json`. `npm run bench -- stream` runs that part alone. Machines differ and are noisy: read the ratios,
 * which compare within one run. What is compared alternates, and each run has a browser context of its own, so that nothing is
 * cached.
 */
const PARTS = {
	main: () => import('./parts/main.ts'),
	blocks: () => import('./parts/blocks.ts'),
	search: () => import('./parts/search.ts'),
	stream: () => import('./parts/stream.ts'),
	publish: () => import('./parts/publish.ts')
}

const { positionals } = parseArgs({ allowPositionals: true, strict: false })
const names = Object.keys(PARTS) as (keyof typeof PARTS)[]
const unknown = positionals.filter((name) => !names.includes(name as keyof typeof PARTS))
if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}: there are ${names.join(', ')}`)

await buildIfNeeded()
for (const name of names) {
	if (positionals.length > 0 && !positionals.includes(name)) continue
	const { run } = await PARTS[name]()
	await run()
}
