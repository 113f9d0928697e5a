import { flushSync } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Wait } from '$lib/gateway/block-source'
import { FakePlayer } from './ahead/ahead.fixture.svelte'
import { aRow } from './catalog.fixture'
import { StallState } from './stall.svelte'

let player: FakePlayer
let waiting: Wait | undefined
let online: boolean
let state: StallState

beforeEach(() => {
	vi.useFakeTimers()
	player = new FakePlayer()
	player.current = aRow({ file: 'one' })
	waiting = undefined
	online = true
	state = new StallState({ player, waiting: () => waiting, online: () => online })
	state.open()
	flushSync()
})
afterEach(() => {
	state.dispose()
	vi.useRealTimers()
})

const pass = (ms: number) => {
	vi.advanceTimersByTime(ms)
	flushSync()
}

test('says who is asked and for how long, and goes away when it plays on', () => {
	player.status = 'waiting'
	flushSync()
	pass(1000)
	expect(state.stall).toBeUndefined()
	waiting = {
		fromByte: 9,
		sinceMs: 0,
		asked: ['12D3KooWA', '12D3KooWB', 'https://ipfs.io', 'https://ipfs.io', 'http://127.0.0.1:8080']
	}
	pass(3000)
	expect(state.stall).toEqual({
		seconds: 4,
		peers: 2,
		gateways: ['ipfs.io', '127.0.0.1:8080'],
		offline: false,
		long: false
	})
	pass(5000)
	expect(state.stall?.long).toBe(true)
	player.status = 'playing'
	flushSync()
	expect(state.stall).toBeUndefined()
})

test('another title that waits begins anew; without a line it says so', () => {
	player.status = 'waiting'
	flushSync()
	pass(6000)
	player.current = aRow({ file: 'two' })
	flushSync()
	expect(state.stall).toBeUndefined()
	online = false
	pass(2000)
	expect(state.stall).toMatchObject({ seconds: 2, peers: 0, gateways: [], offline: true })
})
