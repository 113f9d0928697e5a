import { expect, test } from 'vitest'
import { decodeQuery, encodeQuery } from './query'
import { QueryAnswers } from './query-answers'

/** Timers that run when told, in order of time. */
function clock() {
	let now = 0
	const timers = new Set<{ at: number; run: () => void }>()
	return {
		now: () => now,
		setTimer: (run: () => void, ms: number) => {
			const timer = { at: now + ms, run }
			timers.add(timer)
			return () => timers.delete(timer)
		},
		advance(ms: number) {
			const end = now + ms
			for (;;) {
				const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
				if (!next) break
				timers.delete(next)
				now = next.at
				next.run()
			}
			now = end
		}
	}
}

function answers(held: readonly string[], own: readonly string[] = [], random = () => 0.5) {
	const time = clock()
	const said: string[] = []
	const queries = new QueryAnswers({
		names: () => held,
		holds: (name) => held.includes(name),
		own: (name) => own.includes(name),
		answer: (name) => said.push(name),
		random,
		now: time.now,
		setTimer: (run, ms) => {
			const cancel = time.setTimer(run, ms)
			return () => void cancel()
		}
	})
	return { queries, said, time }
}
const all = { version: 1, names: undefined }

test('the publisher answers within two seconds, a holder after two to ten', () => {
	const { queries, said, time } = answers(['mine', 'theirs'], ['mine'])
	queries.asked(all)
	time.advance(2_000)
	expect(said).toEqual(['mine'])
	time.advance(8_000)
	expect(said).toEqual(['mine', 'theirs'])
})

test('a holder keeps silent when somebody else has answered, the publisher does not', () => {
	const { queries, said, time } = answers(['mine', 'theirs'], ['mine'])
	queries.asked(all)
	queries.answered('mine')
	queries.answered('theirs')
	time.advance(20_000)
	expect(said).toEqual(['mine'])
})

test('a name is answered once a minute', () => {
	const { queries, said, time } = answers(['a'])
	queries.asked(all)
	time.advance(10_000)
	queries.asked(all)
	time.advance(20_000)
	expect(said).toEqual(['a'])
	time.advance(60_000)
	queries.asked(all)
	time.advance(10_000)
	expect(said).toEqual(['a', 'a'])
})

test('only held names are answered, at most 64 of them, own ones first', () => {
	const held = Array.from({ length: 200 }, (_, i) => `name-${String(i)}`)
	const { queries, said, time } = answers(held, ['name-150'], Math.random)
	queries.asked({ version: 1, names: ['name-3', 'unknown', 'name-3'] })
	time.advance(10_000)
	expect(said).toEqual(['name-3'])
	queries.asked(all)
	time.advance(10_000)
	expect(said.length).toBeLessThanOrEqual(65)
	expect(said.length).toBeGreaterThanOrEqual(64)
	expect(said).toContain('name-150')
})

test('queries read back, and those out of bounds are refused', () => {
	expect(decodeQuery(encodeQuery())).toEqual({ version: 1, names: undefined })
	expect(decodeQuery(encodeQuery(['a', 'b']))).toEqual({ version: 1, names: ['a', 'b'] })
	expect(decodeQuery(encodeQuery(Array<string>(100).fill('a'))).names).toHaveLength(64)
	expect(() => decodeQuery(new Uint8Array(9000))).toThrow()
	expect(() => decodeQuery(new Uint8Array([0xa0]))).toThrow()
})
