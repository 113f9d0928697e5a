import { expect, test } from 'vitest'
import { generateCatalogs } from '../../../../bench/catalog-generator'
import { toRow } from '../entry'
import { findInCatalog } from './catalog-search'
import { Holdings } from './holdings'
import { makePage } from './page-record'
import { TimeSlices } from './time-slices'
import { fieldWords } from './entry-words'
const cpu = () => {
	const u = process.cpuUsage()
	return u.user / 1000
}
test('cpu', { timeout: 300000 }, async () => {
	const holdings = new Holdings()
	let id = 1,
		t = cpu(),
		make = 0,
		add = 0
	const titles: string[] = []
	const some = []
	for (const g of generateCatalogs({ seed: 9, publishers: 50, entries: 40000 })) {
		const rows = g.entries.map((e) =>
			toRow(e, { id: 0, publisher: g.publisher, publisherName: g.displayName, root: 'r' })
		)
		some.push(...rows.slice(0, 1))
		const pageIds = []
		for (let i = 0; i < rows.length; i += 256) {
			t = cpu()
			const page = makePage({
				id: id++,
				cid: 'c' + id,
				publisher: g.publisher,
				firstId: 1,
				rows: rows.slice(i, i + 256),
				dropped: 0,
				reasons: [],
				createdS: 1,
				nowMs: 2e12,
				albumSeenMs: () => undefined,
				seed: 1
			})
			make += cpu() - t
			t = cpu()
			await holdings.addPage(page.record, page.words, new TimeSlices())
			add += cpu() - t
			pageIds.push(page.record.id)
		}
		holdings.show({
			name: g.publisher,
			displayName: g.displayName,
			root: 'r',
			sequence: 1,
			createdMs: 1,
			indexedMs: 1,
			validUntilMs: Infinity,
			entries: 1,
			dropped: 0,
			sizeBytes: 1,
			pages: [],
			pageIds
		} as never)
		titles.push(rows[7]!.title + ' ' + rows[7]!.artists[0])
	}
	const { Session } = await import('node:inspector/promises')
	const session = new Session()
	session.connect()
	await session.post('Profiler.enable')
	await session.post('Profiler.start')
	for (let i = 0; i < 40; i++) for (const text of ['a', 's']) findInCatalog(holdings, { text }, 0)
	const { profile } = await session.post('Profiler.stop')
	const self = new Map<string, number>()
	const dt = profile.timeDeltas!
	const byId = new Map(profile.nodes.map((n) => [n.id, n]))
	profile.samples!.forEach((sid, i) => {
		const n = byId.get(sid)!
		const k = n.callFrame.functionName + ' ' + n.callFrame.url.split('/').pop() + ':' + n.callFrame.lineNumber
		self.set(k, (self.get(k) ?? 0) + dt[i]!)
	})
	console.warn(
		[...self]
			.sort((a, b) => b[1] - a[1])
			.slice(0, 22)
			.map(([k, v]) => (v / 80000).toFixed(2) + ' ms ' + k)
			.join('\n')
	)
	const lines = [`make ${make} add ${add}`]
	const classes: Record<string, string[]> = {
		exact: titles,
		prefix4: titles.map((t) => t.slice(0, 4)),
		prefix1: ['a', 'b', 's'],
		genre: ['rock', 'folk ja', 'jazz '],
		typo: titles.map((t) => t.slice(0, 6) + t.slice(7)),
		blank: ['']
	}
	for (const [name, texts] of Object.entries(classes)) {
		const all: number[] = []
		for (const text of texts) {
			t = cpu()
			for (let i = 0; i < 5; i++) findInCatalog(holdings, { text }, 0)
			all.push((cpu() - t) / 5)
		}
		all.sort((a, b) => a - b)
		lines.push(`${name}: p50 ${all[all.length >> 1]?.toFixed(1)} max ${all.at(-1)?.toFixed(1)}`)
	}
	t = cpu()
	for (let i = 0; i < 20; i++) for (const row of some) fieldWords(row)
	lines.push(`fieldWords 50 rows ${(cpu() - t) / 20}`)
	console.warn(lines.join('\n'))
	expect(1).toBe(1)
})
