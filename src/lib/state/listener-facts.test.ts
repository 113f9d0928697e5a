import { expect, test } from 'vitest'
import { aRow } from './catalog.fixture'
import { listenerFacts } from './listener-facts'

test('what the library holds, as the catalog wants to hear it', () => {
	const row = aRow({ file: 'bafyfile' })
	const facts = listenerFacts({
		library: {
			followed: ['k1'],
			standings: [
				{ name: 'k1', points: 8 },
				{ name: 'k2', last: true }
			],
			kept: [{ row, keptMs: 1 }],
			history: [
				{ row, playedMs: 2, positionMs: 0, plays: 2 },
				{ row: { ...row, k: 'another' }, playedMs: 1, positionMs: 0, plays: 1 },
				{ row: aRow({ file: 'bafyother' }), playedMs: 1, positionMs: 5 }
			]
		},
		reachable: true,
		here: ['starter'],
		budgetBytes: 200_000_000
	})
	expect(facts).toEqual({
		publishers: { k1: { followed: true, points: 8 }, k2: { demoted: true }, starter: { online: true } },
		keptFiles: ['bafyfile'],
		plays: { bafyfile: 3 },
		reachable: true,
		budget: { bytes: 200_000_000 }
	})
})
