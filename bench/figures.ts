/** One line of the table. `plain` is what the browser needs without us, in the same run. */
export interface Figure {
	readonly what: string
	readonly unit: 'ms' | 'MB/s' | 'KB'
	readonly value: number
	readonly plain?: number
	/** value / plain, two digits. */
	readonly ratio?: number
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b)
	const middle = sorted.length >> 1
	const [low = NaN, high = NaN] = [sorted[middle - 1], sorted[middle]]
	return sorted.length % 2 === 1 ? high : (low + high) / 2
}

export const ratio = (value: number, plain: number): number => Math.round((value / plain) * 100) / 100

export function printFigures(figures: readonly Figure[]): void {
	const written = ({ unit }: Figure, value: number) => `${value.toFixed(1)} ${unit}`
	console.table(
		Object.fromEntries(
			figures.map((figure) => [
				figure.what,
				{
					value: written(figure, figure.value),
					plain: figure.plain === undefined ? '' : written(figure, figure.plain),
					ratio: figure.ratio ?? ''
				}
			])
		)
	)
}
