import { median } from '../figures.ts'

/** One line of the table: what ours needs, and what a plain link (or what the target speaks of) needs in the same run. */
export interface StreamFigure {
	readonly row: RowName
	readonly what: string
	readonly unit: string
	readonly n: number
	readonly median: number
	readonly worst: number
	readonly plain?: number
	readonly plainWorst?: number
	/** median / plain. */
	readonly ratio?: number
	/** The median of verified-fetch as it comes. */
	readonly stock?: number
	readonly stockRatio?: number
	readonly target: string
	/** Undefined where there is nothing to reach. */
	readonly reached?: boolean
}

export type RowName =
	'start' | 'ahead' | 'stalls' | 'whole' | 'waste' | 'sources' | 'lost' | 'size' | 'cpu' | 'memory'

/** What did not come at all counts as without end: a median of such runs must not look quick. */
export const orEndless = (values: readonly (number | undefined)[]): number[] =>
	values.map((value) => value ?? Infinity)

export interface Compared {
	readonly row: RowName
	readonly what: string
	readonly unit: string
	readonly ours: readonly number[]
	readonly plain: readonly number[]
	readonly stock?: readonly number[]
	readonly target: string
	/** More is better: the worst is the least. */
	readonly more?: boolean
	/** None where there is nothing to reach. */
	readonly reached?: (found: {
		readonly median: number
		readonly worst: number
		readonly plain: number
	}) => boolean
}

export function compare({
	row,
	what,
	unit,
	ours,
	plain,
	stock,
	target,
	more = false,
	reached
}: Compared): StreamFigure {
	const worstOf = (values: readonly number[]) => (more ? Math.min(...values) : Math.max(...values))
	const found = { median: median(ours), worst: worstOf(ours), plain: median(plain) }
	const stockMedian = stock === undefined || stock.length === 0 ? undefined : median(stock)
	return {
		row,
		what,
		unit,
		n: ours.length,
		...found,
		plainWorst: worstOf(plain),
		...(found.plain === 0 ? {} : { ratio: found.median / found.plain }),
		...(stockMedian === undefined ? {} : { stock: stockMedian, stockRatio: stockMedian / found.plain }),
		target,
		...(reached === undefined ? {} : { reached: reached(found) })
	}
}

/** 50 ms more where the plain link is so quick that a ratio says little. */
export const withinRatio = (value: number, plain: number, ratio: number): boolean =>
	value <= plain * ratio + (plain < 250 ? 50 : 0)

export function printTable(figures: readonly StreamFigure[]): void {
	const shown = (value: number | undefined, unit = '') => {
		if (value === undefined) return ''
		if (!Number.isFinite(value)) return 'never'
		return `${value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)}${unit && ` ${unit}`}`
	}
	console.table(
		figures.map(({ what, unit, n, median, worst, plain, ratio, stock, stockRatio, target, reached }) => ({
			what,
			n,
			ours: shown(median, unit),
			worst: shown(worst),
			plain: shown(plain),
			ratio: shown(ratio),
			stock: stock === undefined ? '' : `${shown(stock)} (${shown(stockRatio)})`,
			target,
			'': reached === undefined ? '' : reached ? 'ok' : 'MISSED'
		}))
	)
}
