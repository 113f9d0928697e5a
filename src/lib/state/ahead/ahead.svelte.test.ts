import { flushSync } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EntryRow } from '$lib/catalog/row'
import type { BytesReport } from '$lib/gateway/block-port'
import { aRow } from '../catalog.fixture'
import { FakePlayer } from './ahead.fixture.svelte'
import { AheadState } from './ahead.svelte'
import type { Wish } from './plan'

const MIB = 1024 * 1024
const track = (file: string, fields: Partial<EntryRow> = {}) =>
	aRow({
		file,
		title: file,
		kind: 'audio',
		mime: 'audio/flac',
		sizeBytes: 20 * MIB,
		durationMs: 160_000,
		...fields
	})
const [one, two, three] = [track('one'), track('two'), track('three')]

interface Asked {
	readonly wish: Wish
	readonly signal: AbortSignal
	readonly done: () => void
	readonly fail: () => void
}

let player: FakePlayer
let asked: Asked[]
let allowed: boolean
let here: string[]
let report: (report: BytesReport) => void
let ahead: AheadState

beforeEach(async () => {
	player = new FakePlayer()
	asked = []
	allowed = true
	here = []
	ahead = new AheadState({
		player,
		fetch: (wish, signal) =>
			new Promise<void>((resolve, reject) => {
				signal.addEventListener('abort', () => {
					reject(signal.reason as Error)
				})
				asked.push({ wish, signal, done: resolve, fail: () => reject(new Error('no one')) })
			}),
		allowed: () => allowed,
		isHere: ({ file }) => here.includes(file),
		roomBytes: () => Promise.resolve(undefined),
		nowMs: () => Date.now(),
		onreport: (listener) => {
			report = listener
			return () => undefined
		}
	})
	await ahead.open()
	vi.useFakeTimers()
	flushSync()
})
afterEach(() => {
	ahead.dispose()
	vi.useRealTimers()
})

const pass = async (ms: number) => {
	await vi.advanceTimersByTimeAsync(ms)
	flushSync()
}
const running = () => asked.filter(({ signal }) => !signal.aborted).map(({ wish }) => [wish.why, wish.row.file])
/** The line carries so many bytes a second. */
const carries = async (bytes: number) => {
	for (let second = 0; second < 3; second += 1) {
		report({
			type: 'bytes',
			root: 'other',
			from: [{ kind: 'gateway', name: 'https://g.example', bytes, blocks: 1 }],
			wrong: [],
			wasted: []
		})
		await pass(1000)
	}
}

test('a row is fetched once it has been on the screen for a while, and not again', async () => {
	ahead.see(one)
	await pass(500)
	expect(running()).toEqual([])
	await pass(500)
	expect(running()).toEqual([['seen', 'one']])
	expect(asked[0]?.wish).toMatchObject({ from: 0, ahead: 'later' })
	asked[0]?.done()
	await pass(60_000)
	expect(asked).toHaveLength(1)
})

test('what scrolls past is never asked for, and what scrolls away is stopped at once', async () => {
	const leaves = [one, two].map((row) => ahead.see(row))
	await pass(300)
	leaves[0]?.()
	await pass(700)
	expect(running()).toEqual([['seen', 'two']])
	leaves[1]?.()
	flushSync()
	expect(running()).toEqual([])
})

test('no more than two rows at once; the one under the pointer comes next', async () => {
	for (const row of [one, two, three, track('four')]) ahead.see(row)
	await pass(1000)
	expect(running()).toEqual([
		['seen', 'one'],
		['seen', 'two']
	])
	ahead.hover(track('four'))
	flushSync()
	asked[0]?.done()
	await pass(0)
	expect(running().at(-1)).toEqual(['seen', 'four'])
})

test('a budget a minute holds for what may never be played', async () => {
	const films = Array.from({ length: 20 }, (_, at) => track(`film-${at}`, { sizeBytes: 2000 * MIB }))
	for (const film of films) ahead.see(film)
	await pass(1000)
	for (let turn = 0; turn < 20; turn += 1) {
		for (const { done } of asked) done()
		await pass(10)
	}
	expect(asked).toHaveLength(12)
	await pass(70_000)
	expect(asked.length).toBeGreaterThan(12)
})

test('nothing where it is not allowed, and nothing of what is here', async () => {
	allowed = false
	here = ['two']
	ahead.see(one)
	await pass(1000)
	expect(asked).toEqual([])
	allowed = true
	ahead.see(two)
	await pass(1000)
	expect(running()).toEqual([['seen', 'one']])
})

test('all that runs is stopped when something is about to sound, but for that itself', async () => {
	player.current = two
	ahead.see(one)
	ahead.see(two)
	await pass(1000)
	expect(running()).toContainEqual(['seen', 'one'])
	player.status = 'waiting'
	flushSync()
	expect(running().every(([, file]) => file === 'two')).toBe(true)
	ahead.see(three)
	await pass(2000)
	expect(running().every(([, file]) => file === 'two')).toBe(true)
})

test('the next of the queue is fetched once what sounds has enough to go on', async () => {
	player.next = two
	player.sound(one, 2000)
	await pass(2000)
	expect(running()).toEqual([])
	player.bufferedToMs = 12_000
	flushSync()
	expect(running()).toEqual([['next', 'two']])
	// It may fall a little before others have to wait again.
	player.bufferedToMs = 6000
	flushSync()
	expect(running()).toEqual([['next', 'two']])
	player.bufferedToMs = 3000
	flushSync()
	expect(running()).toEqual([])
})

test('a good line keeps minutes ahead of the play head and shows them, then takes all of the next', async () => {
	player.next = two
	await carries(5 * MIB)
	player.sound(one, 30_000)
	flushSync()
	for (let turn = 0; turn < 60; turn += 1) {
		for (const { done } of asked) done()
		await pass(10)
	}
	const of = (why: string) => asked.filter(({ wish }) => wish.why === why)
	expect(of('keep').at(-1)?.wish.to).toBe(20 * MIB - 1)
	expect(ahead.present).toEqual([{ startMs: 0, endMs: 160_000 }])
	expect(ahead.presentToMs).toBe(160_000)
	expect(of('whole').at(-1)?.wish.to).toBe(20 * MIB - 1)
})

test('a poor line keeps nothing beside what the element does', async () => {
	await carries(160_000)
	player.sound(one, 30_000)
	await pass(2000)
	expect(asked).toEqual([])
})

test('the place under the pointer on the seek bar, after it rested there', async () => {
	player.sound(one, 3000)
	for (let ms = 0; ms <= 80_000; ms += 10_000) {
		ahead.point(ms)
		await pass(50)
	}
	expect(asked).toEqual([])
	await pass(200)
	expect(running()).toEqual([['pointed', 'one']])
	expect(asked[0]?.wish.from).toBeLessThan(10 * MIB)
	expect(asked[0]?.wish.to).toBeGreaterThan(10 * MIB)
	ahead.point(undefined)
	flushSync()
	expect(running()).toEqual([])
})

test('what could not be had is left alone for a minute', async () => {
	ahead.see(one)
	await pass(1000)
	asked[0]?.fail()
	await pass(30_000)
	expect(asked).toHaveLength(1)
	await pass(60_000)
	expect(asked).toHaveLength(2)
})
