import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Hubs, type HubNetwork } from './hubs'

const A = '/dns4/a.example/tcp/443/tls/ws/p2p/12D3KooWA'
const B = '/dns4/b.example/tcp/443/tls/ws/p2p/12D3KooWB'

beforeEach(() => {
	vi.useFakeTimers()
})
afterEach(() => {
	vi.useRealTimers()
})

/** A network where dialling works for the addresses that are up. */
function network(up: Set<string>) {
	const connected = new Set<string>()
	const dialled: string[] = []
	const found: string[][] = []
	const fake: HubNetwork = {
		dial: (addresses) => {
			const [address = ''] = addresses
			dialled.push(address)
			if (!up.has(address)) return Promise.reject(new Error('no answer'))
			const peerId = address.slice(address.lastIndexOf('/') + 1)
			connected.add(peerId)
			return Promise.resolve({ peerId, address })
		},
		connection: (peerId) => (connected.has(peerId) ? { relays: false } : undefined),
		find: () => Promise.resolve(found)
	}
	return { fake, connected, dialled, found }
}

function start(fake: HubNetwork, routers: string[] = []) {
	const hubs = new Hubs({ network: fake, routers, onchange: () => undefined, random: () => 0.5 })
	hubs.start()
	return hubs
}

test('a hub that is up is connected, and dialled again when it is lost', async () => {
	const { fake, connected, dialled } = network(new Set([A]))
	const hubs = start(fake)
	hubs.add([A], 'configured')
	await vi.advanceTimersByTimeAsync(0)
	expect(hubs.rows()).toMatchObject([{ address: A, from: 'configured', state: 'connected' }])
	connected.clear()
	hubs.changed()
	await vi.advanceTimersByTimeAsync(3_000)
	expect(dialled).toEqual([A, A])
	hubs.stop()
})

test('the wait doubles while a configured hub fails, and it is never given up', async () => {
	const { fake, dialled } = network(new Set())
	const hubs = start(fake)
	hubs.add([A], 'configured')
	const at: number[] = []
	for (let second = 0; second < 70; second++) {
		await vi.advanceTimersByTimeAsync(1_000)
		while (at.length < dialled.length) at.push(second)
	}
	// at 0, 2, 6, 14, 30 and 62 s
	expect(at.length).toBe(6)
	expect(hubs.rows()).toMatchObject([{ state: 'failed', reason: 'no answer' }])
	await vi.advanceTimersByTimeAsync(24 * 60 * 60_000)
	expect(hubs.rows()).toHaveLength(1)
	hubs.stop()
})

test('hubs that routers name are dialled while there are few, and given up when they fail', async () => {
	const { fake, found, dialled } = network(new Set([B]))
	found.push([A], [B])
	const hubs = start(fake, ['https://router.example'])
	await vi.advanceTimersByTimeAsync(0)
	expect(hubs.rows().find(({ address }) => address === B)).toMatchObject({ from: 'router', state: 'connected' })
	await vi.advanceTimersByTimeAsync(5 * 60_000)
	expect(dialled.filter((address) => address === A)).toHaveLength(4)
	expect(hubs.rows().map(({ address }) => address)).toEqual([B])
	hubs.stop()
})

test('hints are dialled only while fewer than two hubs are connected', async () => {
	const { fake, dialled } = network(new Set([A, B, '/ip4/192.0.2.1/tcp/1/p2p/12D3KooWC']))
	const hubs = start(fake)
	hubs.add([A], 'configured')
	hubs.add([B], 'configured')
	await vi.advanceTimersByTimeAsync(0)
	hubs.add(['/ip4/192.0.2.1/tcp/1/p2p/12D3KooWC'], 'hint')
	await vi.advanceTimersByTimeAsync(60_000)
	expect(dialled).toEqual([A, B])
	hubs.stop()
})

test('at most eight are dialled at once', async () => {
	let dialling = 0
	let most = 0
	const hubs = start({
		dial: () => {
			most = Math.max(most, ++dialling)
			return new Promise(() => undefined)
		},
		connection: () => undefined,
		find: () => Promise.resolve([])
	})
	for (let i = 0; i < 20; i++) hubs.add([`/dns4/h${String(i)}.example/tcp/443/wss`], 'configured')
	await vi.advanceTimersByTimeAsync(10_000)
	expect(most).toBe(8)
	hubs.stop()
})

test('a configured hub can be removed, one found elsewhere becomes configured when added', async () => {
	const { fake } = network(new Set([A]))
	const hubs = start(fake)
	hubs.add([A], 'hint')
	await vi.advanceTimersByTimeAsync(0)
	hubs.add([A], 'configured')
	expect(hubs.rows()).toMatchObject([{ from: 'configured' }])
	hubs.remove(A)
	expect(hubs.rows()).toEqual([])
	hubs.stop()
})
