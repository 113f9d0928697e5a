import { SvelteMap } from 'svelte/reactivity'
import { online as browserOnline } from 'svelte/reactivity/window'
import { BYTES_CHANNEL, type BytesReport } from '$lib/gateway/block-port'
import type { SourceKind } from '$lib/gateway/block-source'
import type { Leader, LeaderRole } from '$lib/p2p/leader'
import type { NetworkStatus, PeerRow, Transport } from '$lib/p2p/peer'
import type { SettingsState } from './settings.svelte'
import { NO_COUNT, withReport, type SourceCount } from './source-count'

/** How this browser stands to the others, from best to worst. */
export type Reach =
	| 'reachable' // others can dial us
	| 'outgoing' // we are connected, and cannot be dialled
	| 'gateways' // no peer, but gateways can be asked
	| 'alone' // no peer, and no gateway to ask
	| 'starting'
	| 'offline'

/** A way to be reached or to reach others. */
export interface Way {
	readonly transport: Exclude<Transport, 'other'>
	/** `in`: others come to us by it. `out`: we go out by it. `idle`: could, and does not now. `missing`: not in this browser. */
	readonly state: 'in' | 'out' | 'idle' | 'missing'
	/** Addresses (`in`) or connections (`out`). */
	readonly count: number
}

/** What became of the last thing that was asked of a hub. */
export type HubAct = { readonly state: 'busy' } | { readonly state: 'failed'; readonly error: unknown }

const ACT_TIMEOUT_MS = 30_000

/** Part of a circuit address that a peer behind a relay has; `/webrtc` goes over it and then directly. */
const wayOf = (address: string): Way['transport'] | undefined => {
	if (address.includes('/webrtc-direct')) return 'webrtc-direct'
	if (address.includes('/webrtc')) return 'webrtc'
	if (address.includes('/p2p-circuit')) return 'relay'
	if (address.includes('/webtransport')) return 'webtransport'
	if (/\/wss?(\/|$)/.test(address)) return 'websocket'
	return undefined
}

/** What the Network screen shows: the leading tab's peer, and where the bytes of this session came from. */
export class NetworkState {
	#role = $state.raw<LeaderRole>('starting')
	#status = $state.raw<NetworkStatus>()
	#count = $state.raw<SourceCount>(NO_COUNT)
	readonly #acts = new SvelteMap<string, HubAct>()
	readonly #leader: Leader
	readonly #settings: SettingsState
	readonly #online: { readonly current: boolean | undefined }
	readonly #ends: (() => void)[] = []

	constructor(
		leader: Leader,
		settings: SettingsState,
		online: { readonly current: boolean | undefined } = browserOnline
	) {
		this.#leader = leader
		this.#settings = settings
		this.#online = online
	}

	/** Starts to follow the leading tab and the service worker's reports. */
	open(): void {
		const read = () => {
			this.#role = this.#leader.role
			this.#status = this.#leader.status
		}
		read()
		this.#ends.push(this.#leader.onchange(read))
		const channel = new BroadcastChannel(BYTES_CHANNEL)
		channel.onmessage = ({ data }: MessageEvent<BytesReport>) => {
			if (data.type === 'bytes') this.#count = withReport(this.#count, data)
		}
		this.#ends.push(() => {
			channel.close()
		})
	}

	/** Whether this tab holds the peer. */
	get role(): LeaderRole {
		return this.#role
	}

	/** Absent until the leading tab has said it. */
	get status(): NetworkStatus | undefined {
		return this.#status
	}

	get reach(): Reach {
		if (this.#online.current === false) return 'offline'
		if (this.#status === undefined) return 'starting'
		if (this.#status.peers.length > 0) return this.#status.addresses.length > 0 ? 'reachable' : 'outgoing'
		return this.#settings.effective.gateways.length > 0 ? 'gateways' : 'alone'
	}

	/** Hubs that answer. */
	get hubsConnected(): number {
		return this.#status?.hubs.filter((hub) => hub.state === 'connected').length ?? 0
	}

	/** Nearest first; those that were not measured yet at the end. */
	get peers(): readonly PeerRow[] {
		const away = (peer: PeerRow) => peer.pingMs ?? Infinity
		return (this.#status?.peers ?? []).toSorted((a, b) => away(a) - away(b) || a.id.localeCompare(b.id))
	}

	/** Bytes that came in, by source. From peers also what was read for the index, which the worker does not see. */
	get bytesIn(): Readonly<Record<SourceKind, number>> {
		const { localBytes, peerBytes, gatewayBytes } = this.#count
		return { local: localBytes, gateway: gatewayBytes, peer: Math.max(peerBytes, this.#status?.bytesIn ?? 0) }
	}

	get bytesOut(): number {
		return this.#status?.bytesOut ?? 0
	}

	/** What was read for playing and opening, by who sent it. */
	get count(): SourceCount {
		return this.#count
	}

	get ways(): readonly Way[] {
		const has = { webrtc: 'RTCPeerConnection' in globalThis, webtransport: 'WebTransport' in globalThis }
		const addresses = this.#status?.addresses ?? []
		return (['webrtc', 'relay', 'webtransport', 'webrtc-direct', 'websocket'] as const).map((transport) => {
			const missing = transport.startsWith('webrtc')
				? !has.webrtc
				: transport === 'webtransport' && !has.webtransport
			if (missing) return { transport, state: 'missing', count: 0 }
			const ways = addresses.filter((address) => wayOf(address) === transport).length
			if (ways > 0) return { transport, state: 'in', count: ways }
			const peers = this.#status?.peers.filter((peer) => peer.transport === transport).length ?? 0
			return { transport, state: peers > 0 ? 'out' : 'idle', count: peers }
		})
	}

	/** The best of the addresses that others can dial: browser to browser before through a hub. */
	get address(): string | undefined {
		const addresses = this.#status?.addresses ?? []
		return addresses.find((address) => wayOf(address) === 'webrtc') ?? addresses[0]
	}

	/** What became of the last act on this hub. */
	act(address: string): HubAct | undefined {
		return this.#acts.get(address)
	}

	/** Keeps a hub in Settings and has it dialled. The address was checked by `checkHub`. */
	async addHub(address: string): Promise<void> {
		const { hubs } = this.#settings.stored
		if (!hubs.includes(address)) await this.#settings.update({ hubs: [...hubs, address] })
		await this.#run(address, (signal) => this.#leader.addHub(address, signal))
	}

	async removeHub(address: string): Promise<void> {
		const { hubs } = this.#settings.stored
		if (hubs.includes(address)) await this.#settings.update({ hubs: hubs.filter((hub) => hub !== address) })
		await this.#run(address, (signal) => this.#leader.removeHub(address, signal))
	}

	/** Dials a hub now, without waiting for its turn. */
	async retryHub(address: string): Promise<void> {
		await this.#run(address, (signal) => this.#leader.dial(address, signal))
	}

	/** Asks those who listen for their announcements again. */
	async ask(): Promise<void> {
		await this.#run('', (signal) => this.#leader.query(undefined, signal))
	}

	dispose(): void {
		for (const end of this.#ends.splice(0)) end()
	}

	async #run(address: string, act: (signal: AbortSignal) => Promise<void>): Promise<void> {
		this.#acts.set(address, { state: 'busy' })
		try {
			await act(AbortSignal.timeout(ACT_TIMEOUT_MS))
			this.#acts.delete(address)
		} catch (error) {
			this.#acts.set(address, { state: 'failed', error })
		}
	}
}
