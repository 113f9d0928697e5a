import { expect, test } from 'vitest'
import { Delivery } from './delivery'

const BLOCK = 262_144

/** A peer that was asked for `count` blocks, as many at once as it is trusted with, and needs so long for each. */
function measured(serviceMs: number, wayMs: number, count = 60): { delivery: Delivery; nowMs: number } {
	const delivery = new Delivery()
	let nowMs = 0
	let asked = 0
	const due: { readonly key: string; readonly atMs: number }[] = []
	for (let came = 0; came < count; came++) {
		while (delivery.inFlight.size < delivery.window) {
			const key = String(asked++)
			delivery.asked(key, nowMs)
			const before = due.at(-1)?.atMs ?? 0
			due.push({ key, atMs: Math.max(nowMs + wayMs, before) + serviceMs })
		}
		const next = due.shift()
		if (!next) break
		nowMs = next.atMs
		delivery.arrived(next.key, BLOCK, nowMs)
	}
	return { delivery, nowMs }
}

test('a peer that was never tried is asked for one block', () => {
	expect(new Delivery().window).toBe(1)
})

test.each([
	['slow', 420, 100],
	['home', 42, 40],
	['far', 105, 150],
	['fast', 3, 2]
])('what a %s peer needs for a block is found out, and it is kept busy', (_, serviceMs, wayMs) => {
	const { delivery, nowMs } = measured(serviceMs, wayMs)
	expect(delivery.serviceMs).toBeGreaterThan(serviceMs * 0.8)
	expect(delivery.serviceMs).toBeLessThan(serviceMs * 1.3 + 1)
	expect(delivery.window * serviceMs).toBeGreaterThanOrEqual(Math.min(wayMs, 16 * serviceMs))
	expect(delivery.window).toBeLessThanOrEqual(16)
	expect(nowMs).toBeLessThan(60 * serviceMs * 1.4 + 4 * wayMs)
})

test('large blocks are asked for a few at a time', () => {
	const delivery = new Delivery()
	for (let i = 0; i < 20; i++) {
		delivery.asked(String(i), i)
		delivery.arrived(String(i), 2 * 1024 * 1024, i + 1)
	}
	expect(delivery.window).toBeLessThanOrEqual(4)
})

test('small blocks tell how far a peer is, not how fast', () => {
	const delivery = new Delivery()
	delivery.asked('root', 0)
	delivery.arrived('root', 1_000, 100)
	expect(delivery.serviceMs).toBe(new Delivery().serviceMs)
})

test('patience grows with what a peer was asked for, and stays within bounds', () => {
	const { delivery, nowMs } = measured(420, 100)
	const few = delivery.patienceMs
	for (let i = 0; i < 3; i++) delivery.asked(`more ${String(i)}`, nowMs)
	expect(delivery.patienceMs).toBeGreaterThan(few)
	for (let i = 0; i < 100; i++) delivery.asked(`many ${String(i)}`, nowMs)
	expect(delivery.patienceMs).toBeLessThanOrEqual(8_000)
	expect(measured(1, 1).delivery.patienceMs).toBeGreaterThanOrEqual(300)
})
