import { CID } from 'multiformats/cid'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Haves } from './haves-message'
import type { OwnHaves } from './haves-stream'
import { peerOf } from './hubs'
import { Swarm, type SwarmNetwork } from './swarm'

const file = CID.parse('bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi')
const ALL = new Uint8Array(16).fill(0xff)
const NONE = new Uint8Array()
const HUB = '/dns4/hub.example/tcp/443/wss/p2p/12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5'
/** Where a tab behind the hub is dialled. */
const at = (id: string) => `${HUB}/p2p-circuit/webrtc/p2p/${id}`

beforeEach(() => {
	vi.useFakeTimers()
})
afterEach(() => {
	for (const stop of stops.splice(0)) stop()
	vi.useRealTimers()
})
const stops: (() => void)[] = []

/** Tabs that reach each other by address, without libp2p between. */
class Room {
	readonly tabs = new Map<string, Tab>()
	readonly asked: string[] = []
	readonly connected: string[] = []

	open(id: string, has: Uint8Array = NONE): Tab {
		const tab = new Tab(this, id, has)
		this.tabs.set(id, tab)
		stops.push(() => {
			tab.swarm.stop()
		})
		return tab
	}
}

class Tab {
	readonly swarm: Swarm
	readonly direct = new Set<string>()
	readonly holding: string[] = []
	providerLooks = 0

	constructor(room: Room, self: string, has: Uint8Array) {
		const network: SwarmNetwork = {
			self,
			connection: (id) => (this.direct.has(id) ? 'direct' : undefined),
			neighbours: () => [...this.direct],
			ask: async (id, addresses, own) => {
				room.asked.push(`${self} ${id}`)
				if (!addresses.some((address) => peerOf(address) === id) && !this.direct.has(id))
					throw new Error('no address')
				const answer = await room.tabs.get(id)?.swarm.answer(self, { version: 1, ...own })
				if (!answer) throw new Error('no answer')
				return { version: 1, ...answer }
			},
			connect: (id) => {
				room.connected.push(`${self} ${id}`)
				this.direct.add(id)
				room.tabs.get(id)?.direct.add(self)
				return Promise.resolve()
			},
			dialProviders: () => {
				this.providerLooks++
				return Promise.resolve()
			},
			at: () => [at(self)],
			held: (asked) => Promise.resolve(asked.equals(file) ? has : NONE),
			holds: (id) => this.holding.push(id),
			onchange: () => undefined
		}
		this.swarm = new Swarm({ network, random: () => 0.5 })
	}
}

const settled = () => vi.advanceTimersByTimeAsync(100)
const request = (files: OwnHaves['files'], over: Partial<Haves> = {}): Haves => ({
	version: 1,
	files,
	peers: [],
	tabs: [],
	at: [],
	...over
})

test('who plays a file finds a tab that holds it, and connects to it alone', async () => {
	const room = new Room()
	const [player] = [room.open('player'), room.open('holder', ALL), room.open('other')]
	for (const id of ['holder', 'other']) player.swarm.heard(at(id))
	const hopes = player.swarm.play(file)
	await settled()
	await Promise.all(hopes)
	expect(room.connected).toEqual(['player holder'])
	expect(player.holding).toEqual(['holder'])
	expect(player.swarm.rows()).toEqual([{ file: file.toString(), holders: ['holder'], searching: false }])
})

test('two that play the same, and know only a third, hear of each other there', async () => {
	const room = new Room()
	const [a, b] = [room.open('a'), room.open('b'), room.open('third')]
	a.swarm.heard(at('third'))
	b.swarm.heard(at('third'))
	void a.swarm.play(file)
	await settled()
	void b.swarm.play(file)
	await settled()
	expect(room.connected).toEqual(['b a'])
})

test('a newcomer is greeted, and so hears of who was here before', async () => {
	const room = new Room()
	const [old, newcomer] = [room.open('old', ALL), room.open('newcomer')]
	void newcomer.swarm.play(file)
	await settled()
	expect(room.connected).toEqual([])
	old.swarm.heard(at('newcomer'))
	await vi.advanceTimersByTimeAsync(2_000)
	void newcomer.swarm.play(file)
	await settled()
	expect(room.connected).toEqual(['newcomer old'])
})

test('nobody is looked for at each block, and not for ever', async () => {
	const room = new Room()
	const [player] = [room.open('player'), room.open('other')]
	player.swarm.heard(at('other'))
	for (let second = 0; second < 60; second++) {
		for (let block = 0; block < 20; block++) void player.swarm.play(file)
		await vi.advanceTimersByTimeAsync(1_000)
	}
	expect(room.asked.filter((each) => each === 'player other').length).toBeLessThan(6)
	expect(player.providerLooks).toBe(1)
	await vi.advanceTimersByTimeAsync(120_000)
	expect(player.swarm.rows()).toEqual([])
})

test('one who names thousands that nobody can reach costs a few dials', async () => {
	const room = new Room()
	const player = room.open('player')
	const liar = room.open('liar', ALL)
	let named = 0
	liar.swarm.answer = () =>
		Promise.resolve({
			files: [{ file, has: ALL }],
			peers: Array.from({ length: 16 }, () => ({ file, at: at(`ghost${String(named++)}`) })),
			tabs: Array.from({ length: 8 }, () => at(`ghost${String(named++)}`)),
			at: [at('somebody else')]
		})
	player.swarm.heard(at('liar'))
	for (let second = 0; second < 60; second++) {
		void player.swarm.play(file)
		await vi.advanceTimersByTimeAsync(1_000)
	}
	expect(player.swarm.acquaintances.size).toBeLessThanOrEqual(256)
	expect(room.asked.length).toBeLessThan(120)
	expect(player.swarm.acquaintances.addresses('somebody else')).toEqual([])
})

test('one who asks without end is answered a few times', async () => {
	const room = new Room()
	const tab = room.open('tab', ALL)
	let answers = 0
	for (let i = 0; i < 1_000; i++) {
		if (await tab.swarm.answer('flood', request([{ file, has: NONE }], { at: [at('flood')] }))) answers++
	}
	expect(answers).toBeLessThanOrEqual(6)
	for (let i = 0; i < 1_000; i++) {
		if (await tab.swarm.answer(`sybil${String(i)}`, request([{ file, has: NONE }]))) answers++
	}
	expect(answers).toBeLessThanOrEqual(46)
})

test('an answer tells of a file only who asks for it, and never more than fits', async () => {
	const room = new Room()
	const tab = room.open('tab', ALL)
	const other = CID.parse('bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau')
	expect(await tab.swarm.answer('a', request([{ file: other, has: NONE }]))).toMatchObject({
		files: [],
		peers: []
	})
	expect(await tab.swarm.answer('a', request([{ file, has: NONE }], { at: [at('a')] }))).toMatchObject({
		files: [{ file, has: ALL }]
	})
	const { peers } = (await tab.swarm.answer('b', request([{ file, has: NONE }]))) ?? { peers: [] }
	expect(peers).toEqual([{ file, at: at('a') }])
})
