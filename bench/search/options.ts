import { parseArgs } from 'node:util'

export const ENGINES = ['ours', 'minisearch', 'fts5'] as const
export type MeasuredEngine = (typeof ENGINES)[number]
export type Rival = Exclude<MeasuredEngine, 'ours'>

export interface SearchOptions {
	/** Entries of each set. */
	readonly sizes: readonly number[]
	readonly engines: readonly MeasuredEngine[]
	/** Queries of each class. */
	readonly queries: number
	/** Whether the hand-written queries are asked. */
	readonly relevance: boolean
	/** Printed, and not written down. */
	readonly quick: boolean
}

/** `--sizes=10k,100k,1M`, `--engines=ours,minisearch,fts5`, `--queries=60`, `--no-relevance`, `--quick`. */
export function readOptions(): SearchOptions {
	const { values } = parseArgs({
		allowPositionals: true,
		allowNegative: true,
		options: {
			sizes: { type: 'string' },
			engines: { type: 'string' },
			queries: { type: 'string' },
			relevance: { type: 'boolean', default: true },
			quick: { type: 'boolean', default: false }
		}
	})
	const list = (value: string | undefined) => value?.split(',').filter((name) => name !== '')
	return {
		sizes: (list(values.sizes) ?? (values.quick ? ['10k'] : ['10k', '100k', '1M'])).map(readCount),
		engines: (list(values.engines) ?? (values.quick ? ['ours'] : ENGINES)) as MeasuredEngine[],
		queries: Number(values.queries ?? (values.quick ? 30 : 60)),
		relevance: values.relevance,
		quick: values.quick
	}
}

function readCount(text: string): number {
	const factor = text.endsWith('M') ? 1_000_000 : text.endsWith('k') ? 1000 : 1
	return Number.parseFloat(text) * factor
}
