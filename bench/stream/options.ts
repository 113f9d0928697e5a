import { parseArgs } from 'node:util'
import { LINES } from '../../playwright/fixtures/shaping-line.ts'
import type { BenchFileName } from './media.ts'

export type LineName = keyof typeof LINES

export interface StreamOptions {
	/** Few repeats and lines: printed, and not written down. */
	readonly quick: boolean
	/** Rows to measure; all when empty. */
	readonly rows: readonly string[]
	readonly lines: readonly LineName[]
	readonly files: readonly BenchFileName[]
	readonly http2: readonly boolean[]
	readonly repeats: number
	/** Of verified-fetch as it comes, which takes long; 0 for none. */
	readonly stockRepeats: number
}

const START_FILES: readonly BenchFileName[] = ['sound.mp3', 'sound.flac', 'picture.mp4', 'picture.webm']

/**
 * `--quick` for work in between, and by name what it shall be: `--rows=start,whole`, `--lines=home,phone`, `--files=sound.mp3`,
 * `--http=1,2`, `--repeats=3`, `--stock=0`.
 */
export function readOptions(): StreamOptions {
	const { values } = parseArgs({
		allowPositionals: true,
		options: {
			quick: { type: 'boolean', default: false },
			rows: { type: 'string' },
			lines: { type: 'string' },
			files: { type: 'string' },
			http: { type: 'string' },
			repeats: { type: 'string' },
			stock: { type: 'string' }
		}
	})
	const list = (value: string | undefined) => value?.split(',').filter((name) => name !== '')
	const { quick } = values
	return {
		quick,
		rows: list(values.rows) ?? [],
		lines: (list(values.lines) ?? (quick ? ['home', 'phone'] : Object.keys(LINES))) as LineName[],
		files: (list(values.files) ?? (quick ? ['sound.mp3', 'picture.mp4'] : START_FILES)) as BenchFileName[],
		http2: (list(values.http) ?? (quick ? ['1'] : ['1', '2'])).map((version) => version === '2'),
		repeats: Number(values.repeats ?? (quick ? 3 : 5)),
		stockRepeats: Number(values.stock ?? (quick ? 0 : 3))
	}
}
