import { expect, test } from 'vitest'
import { Precedence, TimeSlices } from './time-slices'

/** Work that rests wherever it may, and says how often it went on. */
async function work(slices: TimeSlices, done: { readonly signal: AbortSignal; steps: number }): Promise<void> {
	while (!done.signal.aborted) {
		while (!slices.over);
		await slices.rest()
		done.steps++
	}
}

test('work gives others their turn', async () => {
	const stop = new AbortController()
	const done = { signal: stop.signal, steps: 0 }
	const working = work(new TimeSlices(), done)
	for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve))
	stop.abort()
	await working
	expect(done.steps).toBeGreaterThan(0)
})

test('work waits while a question is answered, and goes on after the last one', async () => {
	const precedence = new Precedence()
	const [one, other] = [Promise.withResolvers<number>(), Promise.withResolvers<number>()]
	const answers = [precedence.during(() => one.promise), precedence.during(() => other.promise)]
	let wentOn = false
	const waiting = precedence.given().then(() => (wentOn = true))
	one.resolve(1)
	expect(await answers[0]).toBe(1)
	expect([wentOn, precedence.taken]).toEqual([false, true])
	other.reject(new Error('no'))
	await expect(answers[1]).rejects.toThrow('no')
	await waiting
	expect(precedence.taken).toBe(false)
	await precedence.given()
})

test('questions without end do not hold work up for ever', async () => {
	const precedence = new Precedence()
	const stop = new AbortController()
	const done = { signal: stop.signal, steps: 0 }
	const working = work(new TimeSlices(precedence), done)
	const end = Promise.withResolvers<undefined>()
	const asked = precedence.during(() => end.promise)
	while (done.steps < 2) await new Promise((resolve) => setTimeout(resolve, 5))
	end.resolve(undefined)
	stop.abort()
	await Promise.all([working, asked])
	expect(done.steps).toBeGreaterThanOrEqual(2)
})
