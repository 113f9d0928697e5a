import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { StreamFigure } from './figure.ts'

const MOST_KB = 200
const WORKER = new URL('../../build/service-worker.js', import.meta.url)

/** The worker's script as it is served, gzipped as `npm run check:size` does. */
export async function measureSize(): Promise<StreamFigure[]> {
	const size = (await promisify(gzip)(await readFile(WORKER), { level: 9 })).byteLength / 1000
	const target = `≤ ${MOST_KB} KB`
	const figure = { row: 'size', what: 'worker’s code, gzipped', unit: 'KB', n: 1, target } as const
	return [{ ...figure, median: size, worst: size, reached: size <= MOST_KB }]
}
