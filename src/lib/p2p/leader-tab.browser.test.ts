import { CID } from 'multiformats/cid'
import { afterEach, expect, test, vi } from 'vitest'
import type { BlockSource } from '../gateway/block-source'
import { LeaderTab, type LeaderTabInit } from './leader-tab'
import type { NetworkStatus, Peer } from './peer'

const CID_OF_NOTHING = CID.parse('bafkqaaa')

/** Two tabs are two instances in one page: locks and channels do not care which page asks. */
const tabs: LeaderTab[] = []
afterEach(() => {
	for (const tab of tabs.splice(0)) tab.dispose()
})

function openTab(name: string, peer: Partial<Peer>, failing = false): LeaderTab {
	return openTabWith(name, ({ onstatus }) => {
		if (failing) return Promise.reject(new Error('no network stack'))
		onstatus({ peerId: name } as NetworkStatus)
		return Promise.resolve({ stop: () => Promise.resolve(), ...peer } as Peer)
	})
}

function openTabWith(name: string, startPeer: LeaderTabInit['startPeer']): LeaderTab {
	const source = (label: string): BlockSource => ({ get: () => Promise.resolve(new TextEncoder().encode(label)) })
	const tab = new LeaderTab({
		name,
		startPeer,
		follower: source('follower'),
		racing: () => source('leader')
	})
	tabs.push(tab)
	return tab
}

const soon = () => AbortSignal.timeout(5000)
const unique = () => crypto.randomUUID()
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

test('the first tab leads, the second follows and hears its status', async () => {
	const name = unique()
	const first = openTab(name, {})
	await vi.waitFor(() => expect(first.role).toBe('leader'))
	const second = openTab(name, {})
	await vi.waitFor(() => expect(second.status?.peerId).toBe(name))
	expect(second.role).toBe('follower')
})

test('a follower asks the leader, and gets its answer or its error', async () => {
	const name = unique()
	const publish = vi.fn<Peer['publish']>().mockResolvedValue({ peers: 3 })
	const first = openTab(name, { publish, query: () => Promise.reject(new Error('nobody there')) })
	await vi.waitFor(() => expect(first.role).toBe('leader'))
	const second = openTab(name, {})
	await vi.waitFor(() => expect(second.role).toBe('follower'))
	expect(await second.publish('k51', new Uint8Array([1]), soon())).toEqual({ peers: 3 })
	expect(publish).toHaveBeenCalledWith('k51', new Uint8Array([1]))
	await expect(second.query(undefined, soon())).rejects.toThrow('nobody there')
})

test('when the leader goes the next tab leads, and a call left unanswered reaches it', async () => {
	const name = unique()
	const first = openTab(name, { publish: () => new Promise(() => undefined) })
	await vi.waitFor(() => expect(first.role).toBe('leader'))
	const second = openTab(name, { publish: () => Promise.resolve({ peers: 1 }) })
	const third = openTab(name, {})
	await vi.waitFor(() => expect(third.role).toBe('follower'))
	const answer = third.publish('k51', new Uint8Array([1]), soon())
	first.dispose()
	await vi.waitFor(() => expect(second.role).toBe('leader'))
	expect(await answer).toEqual({ peers: 1 })
})

test('a follower reads through the worker, the leader through its peer', async () => {
	const name = unique()
	const first = openTab(name, {})
	await vi.waitFor(async () => expect(text(await first.get(CID_OF_NOTHING, { signal: soon() }))).toBe('leader'))
	const second = openTab(name, {})
	expect(text(await second.get(CID_OF_NOTHING, { signal: soon() }))).toBe('follower')
})

test('a call with nobody leading ends with its deadline as no-leader', async () => {
	const name = unique()
	const { promise: held, resolve: release } = Promise.withResolvers<void>()
	const locked = navigator.locks.request(name, () => held)
	const tab = openTab(name, {})
	await expect(tab.query(undefined, AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'no-leader' })
	release()
	await locked
})

test('a peer that cannot start is told, and blocks still come by the worker', async () => {
	const tab = openTab(unique(), {}, true)
	await vi.waitFor(() => expect(tab.role).toBe('leader'))
	await expect(tab.query(undefined, soon())).rejects.toThrow('no network stack')
	expect(text(await tab.get(CID_OF_NOTHING, { signal: soon() }))).toBe('follower')
})

test('a restart stops the peer before it makes the next, and what is asked meanwhile goes to that one', async () => {
	const events: string[] = []
	const tells: ((status: NetworkStatus) => void)[] = []
	const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
	const tab = openTabWith(unique(), ({ onstatus }) => {
		const number = tells.push(onstatus)
		events.push(`start ${number}`)
		onstatus({ peerId: `peer ${number}` } as NetworkStatus)
		return Promise.resolve({
			stop: async () => {
				events.push(`stop ${number}`)
				await stopped
			},
			publish: () => Promise.resolve({ peers: number })
		} as Partial<Peer> as Peer)
	})
	const publish = () => tab.publish('k51', new Uint8Array([1]), soon())
	await vi.waitFor(() => expect(tab.role).toBe('leader'))
	expect(await publish()).toEqual({ peers: 1 })
	tab.restart()
	// Settings may change again before the first restart has begun anew.
	tab.restart()
	const answer = publish()
	await vi.waitFor(() => expect(events).toEqual(['start 1', 'stop 1']))
	expect(tab.status).toBeUndefined()
	expect(text(await tab.get(CID_OF_NOTHING, { signal: soon() }))).toBe('follower')
	stop()
	expect(await answer).toEqual({ peers: 2 })
	expect(events).toEqual(['start 1', 'stop 1', 'start 2'])
	expect(text(await tab.get(CID_OF_NOTHING, { signal: soon() }))).toBe('leader')
	tells[0]?.({ peerId: 'peer 1' } as NetworkStatus)
	expect(tab.status?.peerId).toBe('peer 2')
})

test('a restart takes up a peer that could not start', async () => {
	let starts = 0
	const tab = openTabWith(unique(), () => {
		starts += 1
		if (starts === 1) return Promise.reject(new Error('no network stack'))
		return Promise.resolve({ stop: () => Promise.resolve() } as Peer)
	})
	await vi.waitFor(() => expect(starts).toBe(1))
	tab.restart()
	await vi.waitFor(async () => expect(text(await tab.get(CID_OF_NOTHING, { signal: soon() }))).toBe('leader'))
	expect(starts).toBe(2)
})

test('a restart does nothing where another tab leads', async () => {
	const name = unique()
	const first = openTab(name, {})
	await vi.waitFor(() => expect(first.role).toBe('leader'))
	const startPeer = vi.fn<LeaderTabInit['startPeer']>()
	const second = openTabWith(name, startPeer)
	await vi.waitFor(() => expect(second.role).toBe('follower'))
	second.restart()
	expect(second.peer).toBeUndefined()
	expect(startPeer).not.toHaveBeenCalled()
})
