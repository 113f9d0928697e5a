import type { Answer } from './page/page.ts'
import { median } from '../figures.ts'
import { percentile95, type SearchFigure } from './figure.ts'
import { QUERY_CLASSES, type BenchQuery } from './queries.ts'

/** What was measured, whoever by. */
export type Measured = Omit<SearchFigure, 'entries' | 'engine' | 'reached'>

/** How often what was in mind was among the first ten. */
export function found(queries: readonly BenchQuery[], answers: readonly Answer[]): Measured[] {
	const share = (of: BenchQuery['of'], what: string, least: number) => {
		const asked = answers.filter((_, at) => queries[at]?.of === of)
		const value = (asked.filter((answer) => answer.found).length / asked.length) * 100
		return { what, unit: '%', n: asked.length, value, target: { least } } as const
	}
	return [
		share('artist-title', 'in the top 10: artist + title', 98),
		share('prefix', 'in the top 10: artist + title cut short', 98),
		share('typo', 'in the top 10: with a typo', 90)
	]
}

/** One figure for each class of queries. @param below - ms; the target, if there is one */
export function byClass(
	when: string,
	queries: readonly BenchQuery[],
	answers: readonly Answer[],
	below?: number
): Measured[] {
	return Object.entries(QUERY_CLASSES).map(([of, says]) => {
		const times = answers.flatMap(({ ms }, at) => (queries[at]?.of === of ? [ms] : []))
		return {
			what: `${when}: ${says}`,
			unit: 'ms',
			n: times.length,
			value: percentile95(times),
			median: median(times),
			worst: Math.max(...times),
			...(below === undefined ? {} : { target: { below } })
		}
	})
}
