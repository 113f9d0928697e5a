import { expect, test } from 'vitest'
import { GatewayStanding, parseStandings } from './gateway-standing'

const MINUTE = 60_000

function aStanding() {
	const clock = { now: 1_000_000 }
	return { clock, standing: new GatewayStanding(() => clock.now) }
}

test('keeps the order it is given until there is a reason', () => {
	expect(aStanding().standing.order(['b', 'a', 'b', 'c'])).toEqual(['b', 'a', 'c'])
})

test('puts liars after the slow, and forgives with time', () => {
	const { clock, standing } = aStanding()
	standing.failed('liar', 'wrong-bytes')
	standing.failed('slow', 'slow')
	expect(standing.order(['liar', 'slow', 'new'])).toEqual(['new', 'slow', 'liar'])
	clock.now += 40 * MINUTE
	expect(standing.order(['liar', 'slow'])).toEqual(['slow', 'liar'])
	clock.now += 120 * MINUTE
	expect(standing.order(['liar', 'slow'])).toEqual(['liar', 'slow'])
})

test('success mends', () => {
	const { standing } = aStanding()
	standing.failed('a', 'slow')
	standing.succeeded('a', 100)
	standing.succeeded('a', 100)
	standing.succeeded('a', 100)
	expect(standing.order(['a', 'b'])).toEqual(['a', 'b'])
	expect(standing.blockMs('a')).toBe(100)
})

test('waits as long as it is told, at most ten minutes', () => {
	const { clock, standing } = aStanding()
	standing.failed('a', 'rate-limited', 20_000)
	standing.failed('b', 'rate-limited', 365 * 24 * 60 * MINUTE)
	expect(standing.waitMs('a')).toBe(20_000)
	expect(standing.waitMs('b')).toBe(10 * MINUTE)
	clock.now += 20_000
	expect(standing.waitMs('a')).toBe(0)
})

test('what it knows survives storing', () => {
	const { clock, standing } = aStanding()
	standing.failed('a', 'wrong-bytes')
	const other = new GatewayStanding(() => clock.now)
	other.restore(parseStandings(structuredClone(standing.entries())))
	expect(other.order(['a', 'b'])).toEqual(['b', 'a'])
})

test('stored nonsense is left out', () => {
	const good = { gateway: 'a', penalty: 1, atMs: 1, waitUntilMs: 0, blockMs: 0 }
	expect(parseStandings([good, null, 5, { gateway: 'b' }, { ...good, penalty: Number.NaN }])).toEqual([good])
	expect(parseStandings('x')).toEqual([])
})

test('knows a bounded number of gateways', () => {
	const { standing } = aStanding()
	for (let index = 0; index < 1_000; index++) standing.failed(`https://${String(index)}.example`, 'slow')
	expect(standing.entries().length).toBeLessThanOrEqual(64)
})
