import { expect, test } from 'vitest'
import { FailedHints } from './failed-hints'

/** The shortest wait before a publication is tried a second time (protocol section 7: 10 s, spread by a fifth). */
const SECOND_TRY_MS = 8_000

function aClock() {
	const clock = { nowMs: 1_000 }
	return { clock, hints: new FailedHints(() => clock.nowMs) }
}

test('the second try of a publication dials an address that failed at the first', () => {
	const { clock, hints } = aClock()
	hints.failed('/dns/a')
	expect(hints.isDue('/dns/a')).toBe(false)
	expect(hints.isDue('/dns/b')).toBe(true)
	clock.nowMs += SECOND_TRY_MS
	expect(hints.isDue('/dns/a')).toBe(true)
})

test('an address that fails again and again is dialled once a minute, and one that was reached at once', () => {
	const { clock, hints } = aClock()
	const waitsMs: number[] = []
	for (let tries = 0; tries < 7; tries++) {
		hints.failed('/dns/a')
		// dialled for another block at the same time
		hints.failed('/dns/a')
		const failedMs = clock.nowMs
		while (!hints.isDue('/dns/a')) clock.nowMs += 1_000
		waitsMs.push(clock.nowMs - failedMs)
	}
	expect(waitsMs).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000])
	hints.failed('/dns/a')
	hints.reached('/dns/a')
	expect(hints.isDue('/dns/a')).toBe(true)
})

test('so many addresses are remembered at the most, the newest', () => {
	const { hints } = aClock()
	for (let at = 0; at <= 500; at++) hints.failed(`/dns/${String(at)}`)
	expect(hints.isDue('/dns/0')).toBe(true)
	expect(hints.isDue('/dns/1')).toBe(false)
	expect(hints.isDue('/dns/500')).toBe(false)
})
