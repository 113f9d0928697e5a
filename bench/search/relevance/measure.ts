import type { Stage } from '../stage.ts'
import { judge, readExpectations, type Asked, type Expectation } from './expectation.ts'

export interface Relevance {
	readonly entries: number
	readonly queries: number
	/** Parts of 1. */
	readonly first: number
	readonly ten: number
	/** By group: how many came first, of how many. */
	readonly groups: Readonly<Record<string, string>>
	/** What did not come first, with what did. */
	readonly missed: readonly { readonly query: string; readonly wanted: string; readonly came: string }[]
}

/** Asks the hand-written queries of the catalog of real records, and judges the answers. */
export async function measureRelevance(stage: Stage): Promise<Relevance> {
	const expectations = await readExpectations()
	const answers = await stage.inBrowser(async (browser) => {
		await browser.call('open', 'ours')
		await browser.call('ingest', stage.publications('base'))
		return browser.call(
			'ask',
			expectations.map(({ query }) => query)
		)
	})
	const judged = expectations.map((expectation, at) => {
		const answer = answers[at] ?? { hits: [], albums: [], artists: [] }
		return { expectation, answer, ...judge(expectation, answer) }
	})
	const groups: Record<string, string> = {}
	for (const group of new Set(expectations.map((one) => one.group))) {
		const of = judged.filter(({ expectation }) => expectation.group === group)
		groups[group] = `${String(of.filter(({ first }) => first).length)} of ${String(of.length)}`
	}
	const share = (count: number) => Math.round((count / judged.length) * 1000) / 1000
	return {
		entries: stage.set.entries,
		queries: judged.length,
		first: share(judged.filter(({ first }) => first).length),
		ten: share(judged.filter(({ ten }) => ten).length),
		groups,
		missed: judged
			.filter(({ first }) => !first)
			.map(({ expectation: { query, wanted }, answer }) => ({ query, wanted, came: cameOf(wanted, answer) }))
	}
}

function cameOf(wanted: Expectation['wanted'], { hits, albums, artists }: Asked): string {
	if (wanted.startsWith('album ')) return albums[0] ?? 'nothing'
	if (wanted.startsWith('artist ')) return artists[0] ?? 'nothing'
	const [hit] = hits
	return hit === undefined ? 'nothing' : `${hit.title} / ${hit.artists.join(', ')} / ${hit.album ?? ''}`
}
