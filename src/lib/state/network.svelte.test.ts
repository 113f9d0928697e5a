import { deleteDB } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BYTES_CHANNEL, type BytesReport } from '$lib/gateway/block-port'
import { openAntiphonDatabase, type AntiphonDatabase } from '$lib/storage/database'
import { AppError } from '$lib/errors'
import { aPeer, aStatus, FakeLeader } from './network.fixture'
import { NetworkState } from './network.svelte'
import { SettingsState } from './settings.svelte'

const HUB = '/dns4/hub.example/tcp/443/wss/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA'
const name = `network-test-${crypto.randomUUID()}`
let database: AntiphonDatabase
let settings: SettingsState
let leader: FakeLeader
let network: NetworkState
let online: { current: boolean }

beforeEach(async () => {
	database = await openAntiphonDatabase(name)
	settings = new SettingsState(database, '')
	leader = new FakeLeader()
	online = { current: true }
	network = new NetworkState(leader, settings, online)
	network.open()
})

afterEach(async () => {
	network.dispose()
	database.close()
	await deleteDB(name)
})

test('says how others can be reached, and how they reach us', async () => {
	expect(network.reach).toBe('starting')
	leader.say(aStatus())
	expect(network.reach).toBe('gateways')
	await settings.update({ gateways: [] })
	expect(network.reach).toBe('alone')
	leader.say(aStatus({ peers: [aPeer()] }))
	expect(network.reach).toBe('outgoing')
	leader.say(aStatus({ peers: [aPeer()], addresses: [`${HUB}/p2p-circuit/webrtc/p2p/12D3`] }))
	expect(network.reach).toBe('reachable')
	online.current = false
	expect(network.reach).toBe('offline')
})

test('tells ways in from ways out', () => {
	leader.say(
		aStatus({
			peers: [aPeer(), aPeer({ id: 'b', transport: 'websocket' })],
			addresses: [`${HUB}/p2p-circuit/p2p/12D3`, `${HUB}/p2p-circuit/webrtc/p2p/12D3`]
		})
	)
	expect(Object.fromEntries(network.ways.map(({ transport, state }) => [transport, state]))).toMatchObject({
		webrtc: 'in',
		relay: 'in',
		websocket: 'out',
		'webrtc-direct': 'idle'
	})
	expect(network.address).toBe(`${HUB}/p2p-circuit/webrtc/p2p/12D3`)
})

test('nearest peers come first, unmeasured ones last', () => {
	leader.say(
		aStatus({ peers: [aPeer({ id: 'x' }), aPeer({ id: 'far', pingMs: 90 }), aPeer({ id: 'near', pingMs: 9 })] })
	)
	expect(network.peers.map((peer) => peer.id)).toEqual(['near', 'far', 'x'])
})

test('adds up where the bytes came from, and who sent wrong ones', async () => {
	const worker = new BroadcastChannel(BYTES_CHANNEL)
	const report: BytesReport = {
		type: 'bytes',
		root: 'bafy',
		from: [
			{ kind: 'gateway', name: 'gateway.example', bytes: 7, blocks: 2 },
			{ kind: 'peer', name: '12D3', bytes: 5, blocks: 1 }
		],
		wrong: [{ name: 'gateway.example', blocks: 1 }],
		wasted: [{ name: '12D3', bytes: 3 }]
	}
	worker.postMessage(report)
	worker.postMessage(report)
	await expect.poll(() => network.bytesIn).toEqual({ local: 0, peer: 10, gateway: 14 })
	expect(network.count).toMatchObject({ blocks: 6, wrong: 2, wastedBytes: 6 })
	expect(network.count.named[0]).toMatchObject({ name: 'gateway.example', bytes: 14, blocks: 4, wrong: 2 })
	worker.close()
})

test('a hub that is added is kept and dialled; removed, it is neither', async () => {
	await network.addHub(HUB)
	expect(settings.stored.hubs).toEqual([HUB])
	await network.removeHub(HUB)
	expect(settings.stored.hubs).toEqual([])
	expect(leader.calls).toEqual([
		['addHub', HUB],
		['removeHub', HUB]
	])
})

test('a hub that does not answer says why until it is tried again', async () => {
	leader.failure = new AppError('unreachable', 'refused')
	await network.retryHub(HUB)
	expect(network.act(HUB)).toEqual({ state: 'failed', error: leader.failure })
	leader.failure = undefined
	await network.retryHub(HUB)
	expect(network.act(HUB)).toBeUndefined()
})
