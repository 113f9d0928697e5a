import { expect, test } from 'vitest'
import { AppError } from '../errors'
import { aBlock } from './gateway.fixture'
import { countedPeers, PeerStanding } from './peer-standing'

const aStanding = () => {
	const clock = { nowMs: 1_000_000 }
	return { clock, standing: new PeerStanding(() => clock.nowMs) }
}

const answer = (standing: PeerStanding, file: string | undefined, times: number, tookMs: number | undefined) => {
	for (let asked = 0; asked < times; asked++) standing.answered(file, tookMs)
}

test('peers of whom nothing is known get no head start', () => {
	expect(aStanding().standing.headStartMs('file')).toBe(0)
})

test('peers that had what was asked get twice their usual time, within bounds', () => {
	const { standing } = aStanding()
	answer(standing, undefined, 4, 60)
	expect(standing.headStartMs('file')).toBe(120)
	answer(standing, undefined, 40, 5_000)
	expect(standing.headStartMs('file')).toBe(300)
	answer(standing, undefined, 60, 1)
	expect(standing.headStartMs('file')).toBe(20)
})

test('what is known of a file counts before what is known in general', () => {
	const { standing } = aStanding()
	answer(standing, 'good', 6, 50)
	answer(standing, 'bad', 3, undefined)
	expect(standing.headStartMs('bad')).toBe(0)
	expect(standing.headStartMs('good')).toBeGreaterThan(0)
	expect(standing.headStartMs('other')).toBeGreaterThan(0)
	answer(standing, 'bad', 12, undefined)
	expect(standing.headStartMs('other')).toBe(0)
})

test('it fades, and is kept across sessions', () => {
	const { standing, clock } = aStanding()
	answer(standing, undefined, 3, 50)
	const next = new PeerStanding(() => clock.nowMs)
	next.restore(standing.stored)
	expect(next.headStartMs('file')).toBe(100)
	clock.nowMs += 60 * 60_000
	expect(next.headStartMs('file')).toBe(0)
	const other = new PeerStanding()
	for (const value of [undefined, 'x', { asked: Number.NaN, had: 1, answerMs: 1, atMs: 1 }]) other.restore(value)
	expect(other.headStartMs('file')).toBe(0)
})

test('answers are counted: a block, and that they do not have it, but not that nobody was there to ask', async () => {
	const { standing } = aStanding()
	const block = await aBlock(10)
	const options = { signal: new AbortController().signal, file: block.cid }
	const answers = [() => block.bytes, new AppError('content-unavailable', 'no'), new AppError('no-leader', 'no')]
	const peers = countedPeers(
		{
			get: () => {
				const next = answers.shift()
				return typeof next === 'function'
					? Promise.resolve(next())
					: Promise.reject(next ?? new Error('asked too often'))
			}
		},
		standing
	)
	await peers.get(block.cid, options)
	await expect(peers.get(block.cid, options)).rejects.toThrow('no')
	await expect(peers.get(block.cid, options)).rejects.toThrow('no')
	expect(standing.stored).toMatchObject({ asked: 2, had: 1 })
})
