import type { CID } from 'multiformats/cid'
import { AppError, untilAborted } from '../errors'
import type { BlockRequestOptions, BlockSource } from '../gateway/block-source'
import { leadWhenFirst } from '../storage/tab-lock'
import { LeaderChannel, type LeaderCall, type LeaderCalls } from './leader-channel'
import type { Leader, LeaderRole } from './leader'
import type { NetworkStatus, Peer } from './peer'

export interface LeaderTabInit {
	/** Makes the peer once this tab leads; its code is loaded only then. */
	readonly startPeer: (events: { onstatus: (status: NetworkStatus) => void }) => Promise<Peer>
	/** Blocks where this tab has no peer: through the worker, else from gateways. */
	readonly follower: BlockSource
	/** Wraps the peer in the race with gateways, for the leading tab. */
	readonly racing: (peer: BlockSource) => BlockSource
	/** Told when this tab takes the lead and its peer runs, and when the peer could not start. */
	readonly onlead?: (peer: Peer) => void
	readonly onfailed?: (error: unknown) => void
	/** Name of the Web Lock and the channel; a parameter for tests. */
	readonly name?: string
}

/** How long the leader goes on trying to start its peer before it says so; it is tried again at the next call. */
const CALL_TIMEOUT_MS = 60_000
/** How long a peer that is replaced is waited for. */
const STOP_TIMEOUT_MS = 10_000

/** {@link Leader} of a tab: waits for the lead, starts the peer when it has it, asks the leading tab until then. */
export class LeaderTab implements Leader {
	readonly #init: LeaderTabInit
	readonly #channel: LeaderChannel
	readonly #release: () => void
	readonly #listeners = new Set<() => void>()
	#role: LeaderRole = 'starting'
	#status: NetworkStatus | undefined
	#peer: Promise<Peer> | undefined
	#racing: BlockSource | undefined
	/** True until the next peer is being made. */
	#restarting = false
	/** Counts the peers made here: what an earlier one still says is not heard. */
	#starts = 0
	#gone = false

	constructor(init: LeaderTabInit) {
		this.#init = init
		const name = init.name ?? 'antiphon-peer'
		this.#channel = new LeaderChannel(name, (status) => {
			if (this.#role === 'leader') return
			this.#role = 'follower'
			this.#status = status
			this.#tell()
		})
		this.#release = leadWhenFirst(name, () => {
			this.#lead()
		})
	}

	get role(): LeaderRole {
		return this.#role
	}

	get status(): NetworkStatus | undefined {
		return this.#status
	}

	onchange(listener: () => void): () => void {
		this.#listeners.add(listener)
		return () => this.#listeners.delete(listener)
	}

	/** This tab's peer, or undefined where another tab leads. */
	get peer(): Promise<Peer> | undefined {
		return this.#peer
	}

	async get(cid: CID, options: BlockRequestOptions): Promise<Uint8Array> {
		return await (this.#racing ?? this.#init.follower).get(cid, options)
	}

	publish(name: string, record: Uint8Array, signal: AbortSignal): Promise<{ readonly peers: number }> {
		return this.#call('publish', [name, record], signal)
	}

	query(names: readonly string[] | undefined, signal: AbortSignal): Promise<void> {
		return this.#call('query', [names], signal)
	}

	dial(address: string, signal: AbortSignal): Promise<void> {
		return this.#call('dial', [address, CALL_TIMEOUT_MS], signal)
	}

	addHub(address: string, signal: AbortSignal): Promise<void> {
		return this.#call('addHub', [address], signal)
	}

	removeHub(address: string, signal: AbortSignal): Promise<void> {
		return this.#call('removeHub', [address], signal)
	}

	/**
	 * Stops this tab's peer and starts another, for settings that a running one does not take. Calls wait for the new
	 * one, blocks come by the worker until then. Does nothing where another tab leads.
	 */
	restart(): void {
		if (this.#role !== 'leader' || this.#restarting || this.#gone) return
		this.#restarting = true
		this.#hold(this.#replace(this.#peer)).catch((error: unknown) => this.#init.onfailed?.(error))
	}

	dispose(): void {
		this.#gone = true
		this.#release()
		this.#channel.close()
		void this.#peer?.then((peer) => peer.stop()).catch(() => undefined)
		this.#listeners.clear()
	}

	async #call<C extends LeaderCall>(
		call: C,
		args: Parameters<LeaderCalls[C]>,
		signal: AbortSignal
	): Promise<Awaited<ReturnType<LeaderCalls[C]>>> {
		if (this.#role !== 'leader') return await this.#channel.call(call, args, signal)
		const run = this.#calls[call] as (...args: readonly unknown[]) => Promise<Awaited<ReturnType<LeaderCalls[C]>>>
		return await untilAborted(run(...args), signal)
	}

	readonly #calls: LeaderCalls = {
		publish: async (name, record) => (await this.#running()).publish(name, record),
		query: async (names) => (await this.#running()).query(names),
		dial: async (address, timeoutMs) => (await this.#running()).dial(address, AbortSignal.timeout(timeoutMs)),
		addHub: async (address) => {
			;(await this.#running()).addHub(address)
		},
		removeHub: async (address) => {
			;(await this.#running()).removeHub(address)
		}
	}

	#lead(): void {
		if (this.#gone) return
		this.#role = 'leader'
		this.#status = undefined
		this.#channel.lead(this.#calls)
		this.#tell()
		this.#running().catch((error: unknown) => this.#init.onfailed?.(error))
	}

	/** Keeps the promise, not the value, and forgets it when it rejects, so that the next call tries again. */
	#running(): Promise<Peer> {
		if (this.#role !== 'leader')
			return Promise.reject(new AppError('no-leader', 'this tab does not hold the peer'))
		return this.#peer ?? this.#hold(this.#start())
	}

	#hold(starting: Promise<Peer>): Promise<Peer> {
		const peer = starting.catch((error: unknown) => {
			if (this.#peer === peer) this.#peer = undefined
			throw error
		})
		this.#peer = peer
		return peer
	}

	async #replace(before: Promise<Peer> | undefined): Promise<Peer> {
		const peer = await before?.catch(() => undefined)
		this.#racing = undefined
		this.#status = undefined
		this.#channel.tell(undefined)
		this.#tell()
		// One that does not stop, or not cleanly, is left to itself.
		if (peer) await untilAborted(peer.stop(), AbortSignal.timeout(STOP_TIMEOUT_MS)).catch(() => undefined)
		this.#restarting = false
		return await this.#start()
	}

	async #start(): Promise<Peer> {
		const start = ++this.#starts
		const peer = await this.#init.startPeer({
			onstatus: (status) => {
				if (start !== this.#starts) return
				this.#status = status
				this.#channel.tell(status)
				this.#tell()
			}
		})
		if (this.#gone) {
			await peer.stop()
			throw new AppError('no-leader', 'the tab was closed')
		}
		this.#racing = this.#init.racing(peer)
		this.#init.onlead?.(peer)
		return peer
	}

	#tell(): void {
		for (const listener of this.#listeners) listener()
	}
}
