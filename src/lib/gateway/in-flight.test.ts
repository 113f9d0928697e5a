import { expect, test } from 'vitest'
import { InFlight } from './in-flight'

function work() {
	const { promise, resolve, reject } = Promise.withResolvers<string>()
	const calls: AbortSignal[] = []
	return {
		run: (signal: AbortSignal) => {
			calls.push(signal)
			return promise
		},
		resolve,
		reject,
		calls
	}
}

test('readers of the same thing share one piece of work', async () => {
	const shared = new InFlight<string>()
	const { run, resolve, calls } = work()
	const signal = new AbortController().signal
	const both = Promise.all([shared.run('k', signal, run), shared.run('k', signal, run)])
	resolve('done')
	expect(await both).toEqual(['done', 'done'])
	expect(calls).toHaveLength(1)
	await shared.run('k', signal, run)
	expect(calls).toHaveLength(2)
})

test('one reader that leaves does not stop the work of the other; the last one does', async () => {
	const shared = new InFlight<string>()
	const { run, calls } = work()
	const [first, second] = [new AbortController(), new AbortController()]
	const reads = [shared.run('k', first.signal, run), shared.run('k', second.signal, run)]
	first.abort()
	await expect(reads[0]).rejects.toMatchObject({ name: 'AbortError' })
	expect(calls[0]?.aborted).toBe(false)
	second.abort()
	await expect(reads[1]).rejects.toMatchObject({ name: 'AbortError' })
	expect(calls[0]?.aborted).toBe(true)
})

test('a failure reaches every reader and is not kept', async () => {
	const shared = new InFlight<string>()
	const { run, reject } = work()
	const signal = new AbortController().signal
	const reads = Promise.allSettled([shared.run('k', signal, run), shared.run('k', signal, run)])
	reject(new Error('no'))
	expect((await reads).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
	expect(await shared.run('k', signal, () => Promise.resolve('again'))).toBe('again')
})
