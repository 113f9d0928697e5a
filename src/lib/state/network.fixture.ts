import type { Leader, LeaderRole } from '$lib/p2p/leader'
import type { NetworkStatus, PeerRow } from '$lib/p2p/peer'

export const aPeer = (over: Partial<PeerRow> = {}): PeerRow => ({
	id: '12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA',
	transport: 'webtransport',
	address: '/dns4/peer.example/udp/4001/quic-v1/webtransport',
	bytesIn: 0,
	bytesOut: 0,
	listens: true,
	...over
})

export const aStatus = (over: Partial<NetworkStatus> = {}): NetworkStatus => ({
	peerId: '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5',
	startedMs: 0,
	addresses: [],
	peers: [],
	hubs: [],
	topics: [],
	announcementsHeard: 0,
	announcementsRefused: 0,
	queriesAsked: 0,
	queriesAnswered: 0,
	blocksIn: 0,
	bytesIn: 0,
	blocksOut: 0,
	bytesOut: 0,
	...over
})

/** A leader without a network: `say` changes what it knows, `calls` keeps what it was asked. */
export class FakeLeader implements Leader {
	role: LeaderRole = 'starting'
	status: NetworkStatus | undefined
	readonly calls: (readonly [string, ...unknown[]])[] = []
	/** Thrown by the next calls when set. */
	failure: Error | undefined
	readonly #listeners = new Set<() => void>()

	say(status: NetworkStatus | undefined, role: LeaderRole = 'leader'): void {
		this.status = status
		this.role = role
		for (const listener of this.#listeners) listener()
	}

	onchange(listener: () => void): () => void {
		this.#listeners.add(listener)
		return () => this.#listeners.delete(listener)
	}

	get(): Promise<Uint8Array> {
		return Promise.reject(new Error('no blocks here'))
	}

	publish(name: string): Promise<{ readonly peers: number }> {
		return this.#call('publish', name).then(() => ({ peers: this.status?.peers.length ?? 0 }))
	}

	query(): Promise<void> {
		return this.#call('query')
	}

	dial(address: string): Promise<void> {
		return this.#call('dial', address)
	}

	addHub(address: string): Promise<void> {
		return this.#call('addHub', address)
	}

	removeHub(address: string): Promise<void> {
		return this.#call('removeHub', address)
	}

	dispose(): void {
		this.#listeners.clear()
	}

	#call(...call: readonly [string, ...unknown[]]): Promise<void> {
		this.calls.push(call)
		return this.failure === undefined ? Promise.resolve() : Promise.reject(this.failure)
	}
}
