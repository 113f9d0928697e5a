import type { HubRow } from './peer'

/** How the keeper of hubs reaches the network; a parameter so that tests need none. */
export interface HubNetwork {
	/** Connects by whichever of the addresses works. @returns the peer and the address that did */
	dial(
		addresses: readonly string[],
		signal: AbortSignal
	): Promise<{ readonly peerId: string; readonly address: string }>
	/** Undefined while there is no direct connection to that peer. */
	connection(peerId: string): { readonly pingMs?: number; readonly relays: boolean } | undefined
	/** Addresses of peers that provide the rendezvous block, one list a peer. */
	find(router: string, signal: AbortSignal): Promise<readonly (readonly string[])[]>
}

export interface HubsInit {
	readonly network: HubNetwork
	readonly routers: readonly string[]
	readonly onchange: () => void
	readonly now?: () => number
	readonly random?: () => number
}

/** At most so many hubs are dialled at once: Chromium stalls on many pending WebTransport sessions. */
const MAX_DIALS = 8
const MAX_HUBS = 64
/** Routers are asked, and found hubs dialled, while fewer are connected. */
const ENOUGH_HUBS = 4
/** Hints of announcements are dialled only while fewer are connected: they are the word of strangers. */
const ENOUGH_WITHOUT_HINTS = 2
const DIAL_TIMEOUT_MS = 20_000
const FIRST_WAIT_MS = 2_000
const MAX_WAIT_MS = 10 * 60_000
/** A hub that the user did not configure is given up after so many failures in a row. */
const MAX_FAILURES = { router: 4, hint: 2 }
const ROUTER_INTERVAL_MS = 10 * 60_000
const ROUTER_TIMEOUT_MS = 30_000

interface Hub {
	addresses: readonly string[]
	readonly from: HubRow['from']
	peerId: string | undefined
	/** The address that worked, else the first. */
	address: string
	dialing: Promise<void> | undefined
	failures: number
	nextTryMs: number
	reason: string | undefined
}

/**
 * Keeps connections to hubs: the configured ones always, those that routers or announcements name while there are too
 * few. A lost or failed one is dialled again, the wait doubling from 2 s to 10 min, with jitter.
 */
export class Hubs {
	readonly #init: HubsInit
	readonly #now: () => number
	readonly #random: () => number
	/** By peer id where an address names one, else by address. */
	readonly #hubs = new Map<string, Hub>()
	readonly #stopping = new AbortController()
	#timer: ReturnType<typeof setTimeout> | undefined
	#routersAskedMs = -Infinity
	#askingRouters = false
	#started = false

	constructor(init: HubsInit) {
		this.#init = init
		this.#now = init.now ?? Date.now
		this.#random = init.random ?? Math.random
	}

	start(): void {
		this.#started = true
		this.#step()
	}

	stop(): void {
		this.#started = false
		clearTimeout(this.#timer)
		this.#stopping.abort(new DOMException('the peer stopped', 'AbortError'))
	}

	/** Adds a hub. One that the user configured takes the place of the same found elsewhere, and is dialled at once. */
	add(addresses: readonly string[], from: HubRow['from']): void {
		const [first] = addresses
		if (first === undefined) return
		const key = peerOf(first) ?? first
		const held = this.#hubs.get(key)
		if (held && (from !== 'configured' || held.from === 'configured')) {
			const all = new Set([...held.addresses, ...addresses])
			if (from !== 'hint' || held.from === 'hint') held.addresses = [...all].slice(0, 8)
			return
		}
		if (!held && this.#hubs.size >= MAX_HUBS && from !== 'configured') return
		this.#hubs.set(key, {
			addresses,
			from,
			peerId: peerOf(first),
			address: first,
			dialing: undefined,
			failures: 0,
			nextTryMs: this.#now(),
			reason: undefined
		})
		this.#step()
		this.#init.onchange()
	}

	remove(address: string): void {
		for (const [key, hub] of this.#hubs) {
			if (hub.from === 'configured' && hub.addresses.includes(address)) this.#hubs.delete(key)
		}
		this.#init.onchange()
	}

	/** A direct connection to this peer was lost or made. */
	changed(): void {
		this.#step()
	}

	rows(): HubRow[] {
		return [...this.#hubs.values()].map((hub): HubRow => {
			const connection = this.#connection(hub)
			const state = connection
				? 'connected'
				: hub.dialing !== undefined
					? 'dialing'
					: hub.failures > 0
						? 'failed'
						: 'waiting'
			return {
				address: hub.address,
				from: hub.from,
				state,
				relays: connection?.relays ?? false,
				...(connection?.pingMs !== undefined ? { pingMs: connection.pingMs } : {}),
				...(state === 'failed' || state === 'waiting' ? { nextTryMs: hub.nextTryMs } : {}),
				...(state === 'failed' && hub.reason !== undefined ? { reason: hub.reason } : {})
			}
		})
	}

	/** Addresses of connected hubs, for the hints of announcements. */
	connectedAddresses(): string[] {
		return [...this.#hubs.values()].filter((hub) => this.#connection(hub)).map((hub) => hub.address)
	}

	/** The dials under way. They settle when they are connected or have failed, and never reject. */
	get dials(): Promise<void>[] {
		return [...this.#hubs.values()].flatMap(({ dialing }) => (dialing ? [dialing] : []))
	}

	#connection(hub: Hub) {
		return hub.peerId === undefined ? undefined : this.#init.network.connection(hub.peerId)
	}

	/** Dials what is due, asks the routers when it is time, and sets the timer for the next step. */
	#step(): void {
		if (!this.#started) return
		clearTimeout(this.#timer)
		const now = this.#now()
		const connected = [...this.#hubs.values()].filter((hub) => this.#connection(hub)).length
		let dialing = [...this.#hubs.values()].filter((hub) => hub.dialing !== undefined).length
		let nextMs = now + MAX_WAIT_MS
		for (const hub of this.#hubs.values()) {
			if (hub.dialing !== undefined || this.#connection(hub)) continue
			if (hub.from === 'router' && connected + dialing >= ENOUGH_HUBS) continue
			if (hub.from === 'hint' && connected + dialing >= ENOUGH_WITHOUT_HINTS) continue
			if (hub.nextTryMs > now) nextMs = Math.min(nextMs, hub.nextTryMs)
			else if (dialing < MAX_DIALS) {
				dialing++
				hub.dialing = this.#dial(hub)
			}
		}
		const routersDueMs = this.#routersAskedMs + ROUTER_INTERVAL_MS
		if (connected < ENOUGH_HUBS && this.#init.routers.length > 0 && !this.#askingRouters) {
			if (routersDueMs <= now) void this.#askRouters()
			else nextMs = Math.min(nextMs, routersDueMs)
		}
		this.#timer = setTimeout(
			() => {
				this.#step()
			},
			Math.max(50, nextMs - now)
		)
	}

	async #dial(hub: Hub): Promise<void> {
		// a task later, so that who asked for the dial has it noted
		await Promise.resolve()
		this.#init.onchange()
		try {
			const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(DIAL_TIMEOUT_MS)])
			const { peerId, address } = await this.#init.network.dial(hub.addresses, signal)
			hub.peerId = peerId
			hub.address = hub.from === 'configured' ? hub.address : address
			hub.failures = 0
			hub.reason = undefined
			// if it is lost again at once, it is not dialled in a tight loop
			hub.nextTryMs = this.#now() + FIRST_WAIT_MS
		} catch (error) {
			hub.failures++
			hub.reason = error instanceof Error ? error.message.slice(0, 300) : 'failed'
			const waitMs = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (hub.failures - 1))
			hub.nextTryMs = this.#now() + waitMs * (0.8 + 0.4 * this.#random())
			if (hub.from !== 'configured' && hub.failures >= MAX_FAILURES[hub.from]) this.#forget(hub)
		} finally {
			hub.dialing = undefined
			this.#init.onchange()
			this.#step()
		}
	}

	async #askRouters(): Promise<void> {
		this.#askingRouters = true
		this.#routersAskedMs = this.#now()
		const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(ROUTER_TIMEOUT_MS)])
		await Promise.allSettled(
			this.#init.routers.map(async (router) => {
				for (const addresses of await this.#init.network.find(router, signal)) this.add(addresses, 'router')
			})
		)
		this.#askingRouters = false
		this.#step()
	}

	#forget(hub: Hub): void {
		for (const [key, held] of this.#hubs) if (held === hub) this.#hubs.delete(key)
	}
}

/** The peer an address names: the last `/p2p/` part. */
export function peerOf(address: string): string | undefined {
	return /\/p2p\/([A-Za-z0-9]+)$/.exec(address)?.[1]
}
