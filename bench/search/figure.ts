import type { MeasuredEngine } from './options.ts'

/** One cell of the table. */
export interface SearchFigure {
	readonly what: string
	readonly entries: number
	readonly engine: MeasuredEngine
	readonly unit: 'ms' | 'MB' | '/s' | '%'
	/** How many were measured. */
	readonly n: number
	/** Of times their 95th percentile where `n` is more than ten, else their median. */
	readonly value: number
	readonly median?: number
	readonly worst?: number
	/** What the value must stay below, or reach. */
	readonly target?: { readonly below: number } | { readonly least: number }
	/** Undefined where there is nothing to reach. */
	readonly reached?: boolean
}

/** The value that 95 of 100 do not exceed (nearest rank). */
export function percentile95(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b)
	return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? NaN
}

/** With what was reached of the target; rivals have none. */
export function judged(figure: Omit<SearchFigure, 'reached'>): SearchFigure {
	const { target, value, engine } = figure
	if (target === undefined || engine !== 'ours') return figure
	return { ...figure, reached: 'below' in target ? value < target.below : value >= target.least }
}

const SHORT_NAMES = { ours: '', minisearch: 'MiniSearch ', fts5: 'FTS5 ' }

/** A row for each thing measured, a column for each engine and size. */
export function printTable(figures: readonly SearchFigure[]): void {
	const rows = new Map<string, Record<string, string>>()
	for (const { what, entries, engine, unit, value, target, reached } of figures) {
		const row = rows.get(what) ?? {}
		rows.set(what, row)
		row[`${SHORT_NAMES[engine]}${short(entries)}`] = shown(value) + (reached === false ? ' MISSED' : '')
		row['unit'] = unit
		if (target !== undefined)
			row['target'] = 'below' in target ? `< ${short(target.below)}` : `≥ ${short(target.least)}`
	}
	console.table(Object.fromEntries(rows))
}

function short(count: number): string {
	if (count >= 1_000_000) return `${String(Math.round(count / 100_000) / 10)}M`
	return count >= 10_000 ? `${String(Math.round(count / 1000))}k` : String(count)
}

function shown(value: number): string {
	if (!Number.isFinite(value)) return 'never'
	return value >= 100 ? value.toFixed(0) : value.toFixed(1)
}
