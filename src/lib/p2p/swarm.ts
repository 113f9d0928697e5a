import type { CID } from 'multiformats/cid'
import { Acquaintances } from './acquaintances'
import { hasAny } from './held-parts'
import { MAX_FILES, type FileHaves, type FilePeer, type Haves } from './haves-message'
import type { OwnHaves } from './haves-stream'
import { peerOf } from './hubs'
import type { SwarmRow } from './peer'
import { TokenBucket } from './token-bucket'

/** How the swarm reaches the network; a parameter so that tests need none. */
export interface SwarmNetwork {
	readonly self: string
	/** How a peer is connected. */
	connection(id: string): 'direct' | 'relayed' | undefined
	/** Connected peers that speak the protocol of haves. */
	neighbours(): readonly string[]
	/** Asks over the connection there is, else over a relay. */
	ask(id: string, addresses: readonly string[], own: OwnHaves, signal: AbortSignal): Promise<Haves>
	/** Connects directly, and waits until it is known what the peer speaks. */
	connect(id: string, addresses: readonly string[], signal: AbortSignal): Promise<void>
	/** Dials those that routers name as providers of a file, a few at most; resolves when all are settled. */
	dialProviders(file: CID, signal: AbortSignal): Promise<void>
	/** Where this peer can be dialled. */
	at(): readonly string[]
	/** Which parts of a file are here. */
	held(file: CID, signal: AbortSignal): Promise<Uint8Array>
	/** A directly connected peer holds something of a file. */
	holds(id: string, file: CID): void
	onchange(): void
}

/** A file counts as being played for so long after its last block was asked for. */
const PLAYS_MS = 60_000
/** Between two looks for holders of a file: twice as long each time, and anew when somebody is heard of. */
const FIRST_INTERVAL_MS = 1_500
const LOOK_INTERVAL_MS = 15_000
/** A stranger is asked again about what plays after so long. */
const STRANGER_INTERVAL_MS = 30_000
const MAX_ASKED = 256
const LOOK_TIMEOUT_MS = 12_000
/** Wants of a file wait for so long for who is looked for. */
const HOPE_MS = 6_000
/** With so many holders connected, nobody else is looked for. */
const ENOUGH_HOLDERS = 6
/** With so many connected that play the same, nobody else is connected to. */
const ENOUGH_COMPANY = 12
const MAX_ASKED_NEIGHBOURS = 8
const MAX_ASKED_STRANGERS = 8
const NEAREST = 6
const MAX_HOLDERS = 64
const MAX_CONNECTING = 4
const ENOUGH_FOR_NO_PROVIDERS = 2
const PROVIDERS_INTERVAL_MS = 10 * 60_000
/** Peers that said that they play a file are remembered, for others who ask. */
const PLAYER_MS = 10 * 60_000
const MAX_PLAYED_FILES = 256
const MAX_PLAYERS = 16
/** Requests of one peer, and of all together. */
const PEER_INTERVAL_MS = 2_000
const PEER_BURST = 6
const ALL_INTERVAL_MS = 100
const ALL_BURST = 40
const HELD_FRESH_MS = 3_000
/** A newcomer is greeted by about so many of those who hear of it. */
const GREETERS = 4
const GREET_WITHIN_MS = 1_500
const GREET_INTERVAL_MS = 10_000
const GREET_BURST = 6
/** Dials of those that were only heard of, for all files together. */
const STRANGERS_INTERVAL_MS = 1_000
const STRANGERS_BURST = 16
/** Names that nobody answers to do not keep the search going. */
const NEWS_INTERVAL_MS = 5_000
const NEWS_BURST = 4

interface Playing {
	readonly file: CID
	usedMs: number
	lookedMs: number
	/** Looks since somebody new was heard of. */
	looks: number
	/** When each stranger was asked. */
	readonly asked: Map<string, number>
	providersMs: number
	looking: Promise<void> | undefined
	/** What peers that play it, too, said that they hold of it, by id. */
	readonly holders: Map<string, Uint8Array>
}

interface Player {
	readonly at: string
	readonly untilMs: number
}

/** What the swarm needs; time and chance are parameters for tests. */
export interface SwarmInit {
	readonly network: SwarmNetwork
	readonly now?: () => number
	readonly random?: () => number
}

/**
 * Peers that play the same find each other (protocol section 8). While a file plays, connected tabs are asked what they
 * hold of it and whom they know, and so are some that were only heard of, over a relay: those whose ids are nearest to the
 * file, because everybody who plays it asks the same ones. Who holds something is connected directly.
 */
export class Swarm {
	readonly acquaintances: Acquaintances
	readonly #network: SwarmNetwork
	readonly #now: () => number
	readonly #random: () => number
	readonly #playing = new Map<string, Playing>()
	readonly #players = new Map<string, Map<string, Player>>()
	readonly #held = new Map<string, { readonly untilMs: number; readonly parts: Promise<Uint8Array> }>()
	readonly #perPeer: TokenBucket
	readonly #all: TokenBucket
	readonly #greetings: TokenBucket
	readonly #newsRate: TokenBucket
	readonly #strangers: TokenBucket
	readonly #connecting = new Set<string>()
	readonly #stopping = new AbortController()
	readonly #greetTimers = new Set<ReturnType<typeof setTimeout>>()

	constructor({ network, now = Date.now, random = Math.random }: SwarmInit) {
		this.#network = network
		this.#now = now
		this.#random = random
		this.acquaintances = new Acquaintances(network.self, now)
		this.#perPeer = new TokenBucket(PEER_INTERVAL_MS, PEER_BURST, { now })
		this.#all = new TokenBucket(ALL_INTERVAL_MS, ALL_BURST, { now })
		this.#greetings = new TokenBucket(GREET_INTERVAL_MS, GREET_BURST, { now })
		this.#strangers = new TokenBucket(STRANGERS_INTERVAL_MS, STRANGERS_BURST, { now })
		this.#newsRate = new TokenBucket(NEWS_INTERVAL_MS, NEWS_BURST, { now })
	}

	stop(): void {
		this.#stopping.abort(new DOMException('the peer stopped', 'AbortError'))
		for (const timer of this.#greetTimers) clearTimeout(timer)
	}

	/**
	 * A block of this file is wanted: looks for who holds it, if that was not done lately.
	 * @returns what wants of the file may wait for: settles when somebody was found, or nobody
	 */
	play(file: CID): readonly Promise<unknown>[] {
		const key = file.toString()
		const now = this.#now()
		const playing = this.#playing.get(key) ?? {
			file,
			usedMs: now,
			lookedMs: -Infinity,
			looks: 0,
			asked: new Map<string, number>(),
			providersMs: -Infinity,
			looking: undefined,
			holders: new Map<string, Uint8Array>()
		}
		playing.usedMs = now
		this.#playing.delete(key)
		this.#playing.set(key, playing)
		const oldest = this.#playing.keys().next()
		if (this.#playing.size > MAX_FILES && oldest.done !== true) this.#playing.delete(oldest.value)
		const intervalMs = Math.min(LOOK_INTERVAL_MS, FIRST_INTERVAL_MS * 2 ** (playing.looks - 1))
		if (!playing.looking && playing.lookedMs + intervalMs <= now) {
			playing.lookedMs = now
			playing.looks++
			playing.looking = this.#look(playing).finally(() => {
				playing.looking = undefined
				this.#network.onchange()
			})
		}
		// later looks go on beside what plays: only one that may find somebody new is worth waiting for
		if (!playing.looking || playing.looks > 1 || playing.lookedMs + HOPE_MS <= now) return []
		return [Promise.race([playing.looking, sleep(HOPE_MS)])]
	}

	/**
	 * Somebody said something on a topic: it is a tab that can be reached through the hub that it came by. A newcomer that
	 * nobody knows is greeted by a few, so that it hears of others.
	 */
	heard(address: string): void {
		const id = peerOf(address)
		const isNew = id !== undefined && !this.acquaintances.isReachable(id)
		if (this.acquaintances.add(address) === undefined || !isNew || id === undefined) return
		this.#news()
		if (this.#random() * this.acquaintances.size > GREETERS || !this.#greetings.take('')) return
		const timer = setTimeout(() => {
			this.#greetTimers.delete(timer)
			if (this.#network.connection(id) !== 'direct') void this.#ask(id, this.#deadline()).catch(() => undefined)
		}, this.#random() * GREET_WITHIN_MS)
		this.#greetTimers.add(timer)
	}

	/** What is said to a peer that asks; undefined when it asks too often. */
	async answer(from: string, request: Haves): Promise<OwnHaves | undefined> {
		if (!this.#perPeer.take(from) || !this.#all.take('')) return undefined
		this.#learn(from, request)
		const [at] = request.at.filter((address) => peerOf(address) === from)
		const now = this.#now()
		const files: FileHaves[] = []
		const peers: FilePeer[] = []
		for (const { file } of request.files) {
			const key = file.toString()
			const has = await this.#parts(file)
			if (hasAny(has) || this.#isPlaying(key)) files.push({ file, has })
			for (const [id, { at: address, untilMs }] of this.#players.get(key) ?? [])
				if (id !== from && untilMs > now) peers.push({ file, at: address })
			if (at !== undefined) this.#remember(key, from, at)
		}
		const tabs = this.acquaintances.newest(8).filter((address) => peerOf(address) !== from)
		return { files, peers, tabs, at: this.#network.at() }
	}

	/** A peer that may have said what it holds is now connected directly. */
	connected(id: string): void {
		for (const { file, holders } of this.#playing.values()) {
			const has = holders.get(id)
			if (has && hasAny(has)) this.#network.holds(id, file)
		}
	}

	/** Forgets what peers said that are not connected any more. */
	onlyConnected(ids: ReadonlySet<string>): void {
		for (const { holders } of this.#playing.values())
			for (const id of holders.keys()) if (!ids.has(id)) holders.delete(id)
	}

	rows(): SwarmRow[] {
		return [...this.#playing.values()]
			.reverse()
			.filter(({ file }) => this.#isPlaying(file.toString()))
			.map((playing) => ({
				file: playing.file.toString(),
				holders: this.#holders(playing),
				searching: playing.looking !== undefined
			}))
	}

	async #look(playing: Playing): Promise<void> {
		const signal = this.#deadline()
		const now = this.#now()
		const looks: Promise<unknown>[] = []
		const asked = new Set<string>()
		const ask = (id: string) => {
			if (asked.has(id)) return
			asked.add(id)
			looks.push(this.#ask(id, signal).catch(() => undefined))
		}
		for (const id of this.#network.neighbours().slice(0, MAX_ASKED_NEIGHBOURS)) ask(id)
		if (this.#holders(playing).length < ENOUGH_HOLDERS) {
			const key = playing.file.toString()
			const players = [...(this.#players.get(key) ?? [])].filter(([, { untilMs }]) => untilMs > now)
			const strangers = [...players.map(([id]) => id), ...this.acquaintances.nearest(playing.file, NEAREST)]
			for (const id of this.#notAsked(playing, strangers)) ask(id)
		}
		if (
			this.#holders(playing).length < ENOUGH_FOR_NO_PROVIDERS &&
			playing.providersMs + PROVIDERS_INTERVAL_MS <= now
		) {
			playing.providersMs = now
			looks.push(this.#network.dialProviders(playing.file, signal).catch(() => undefined))
		}
		await Promise.all(looks)
		// whom those named that were asked first
		const named = [...(this.#players.get(playing.file.toString()) ?? new Map<string, Player>()).keys()]
		const second = this.#notAsked(playing, named).filter((id) => !asked.has(id))
		await Promise.all(second.map((id) => this.#ask(id, signal).catch(() => undefined)))
	}

	/** Of these, some that were not asked about this file lately; they count as asked from now on. */
	#notAsked({ asked }: Playing, ids: readonly string[]): string[] {
		const now = this.#now()
		if (asked.size >= MAX_ASKED) asked.clear()
		const due = ids.filter(
			(id) => (asked.get(id) ?? -Infinity) + STRANGER_INTERVAL_MS <= now && this.acquaintances.isReachable(id)
		)
		const some = [...new Set(due)].slice(0, MAX_ASKED_STRANGERS).filter(() => this.#strangers.take(''))
		for (const id of some) asked.set(id, now)
		return some
	}

	/** Somebody was heard of who may hold what plays. */
	#news(): void {
		if (!this.#newsRate.take('')) return
		for (const playing of this.#playing.values()) playing.looks = 0
	}

	/** Asks one peer about all that plays here, and connects to it when it holds something of it. */
	async #ask(id: string, signal: AbortSignal): Promise<void> {
		const { acquaintances } = this
		const files: FileHaves[] = []
		for (const { file } of [...this.#playing.values()].filter(({ file: each }) =>
			this.#isPlaying(each.toString())
		))
			files.push({ file, has: await this.#parts(file) })
		const own = { files, peers: [], tabs: acquaintances.newest(8), at: this.#network.at() }
		let answer: Haves
		try {
			answer = await this.#network.ask(id, acquaintances.addresses(id), own, signal)
		} catch (error) {
			this.#missed(id)
			throw error
		}
		acquaintances.reached(id)
		if (!this.#learn(id, answer) || this.#network.connection(id) === 'direct') return
		if (this.#connecting.has(id) || this.#connecting.size >= MAX_CONNECTING || this.#hasCompany()) return
		this.#connecting.add(id)
		try {
			await this.#network.connect(id, acquaintances.addresses(id), signal)
			this.connected(id)
		} catch (error) {
			this.#missed(id)
			throw error
		} finally {
			this.#connecting.delete(id)
		}
	}

	/** It is tried again before others would be, but not at once. */
	#missed(id: string): void {
		if (this.#stopping.signal.aborted) return
		if (this.#network.connection(id) !== 'direct') this.acquaintances.failed(id)
		for (const { asked } of this.#playing.values()) asked.delete(id)
	}

	/** Takes in what a peer says. @returns true when it plays, or holds something of, what plays here */
	#learn(from: string, { files, peers, tabs, at }: Haves): boolean {
		const before = this.acquaintances.size
		for (const address of at) if (peerOf(address) === from) this.acquaintances.add(address)
		for (const address of tabs) this.acquaintances.add(address)
		if (this.acquaintances.size > before) this.#news()
		for (const { file, at: address } of peers) {
			const id = this.#playing.has(file.toString()) ? this.acquaintances.add(address) : undefined
			if (id !== undefined) this.#remember(file.toString(), id, address)
		}
		let shared = false
		for (const { file, has } of files) {
			const playing = this.#playing.get(file.toString())
			if (!playing) continue
			shared = true
			if (playing.holders.size >= MAX_HOLDERS && !playing.holders.has(from)) continue
			playing.holders.set(from, has)
			if (hasAny(has) && this.#network.connection(from) === 'direct') this.#network.holds(from, file)
		}
		if (shared) this.#network.onchange()
		return shared
	}

	#remember(key: string, id: string, at: string): void {
		const players = this.#players.get(key) ?? new Map<string, Player>()
		this.#players.delete(key)
		this.#players.set(key, players)
		players.delete(id)
		players.set(id, { at, untilMs: this.#now() + PLAYER_MS })
		for (const map of [this.#players, players]) {
			const oldest = map.keys().next()
			const max = map === this.#players ? MAX_PLAYED_FILES : MAX_PLAYERS
			if (map.size > max && oldest.done !== true) map.delete(oldest.value)
		}
	}

	#parts(file: CID): Promise<Uint8Array> {
		const key = file.toString()
		const now = this.#now()
		for (const [each, { untilMs }] of this.#held) if (untilMs <= now) this.#held.delete(each)
		const fresh = this.#held.get(key)
		if (fresh) return fresh.parts
		const parts = this.#network.held(file, this.#stopping.signal)
		this.#held.set(key, { untilMs: now + HELD_FRESH_MS, parts })
		return parts
	}

	#isPlaying(key: string): boolean {
		return (this.#playing.get(key)?.usedMs ?? -Infinity) + PLAYS_MS > this.#now()
	}

	/** Connected peers that hold something of it. */
	#holders({ holders }: Playing): string[] {
		return [...holders]
			.filter(([id, has]) => hasAny(has) && this.#network.connection(id) === 'direct')
			.map(([id]) => id)
	}

	/** Enough peers are connected that play one of the same files. */
	#hasCompany(): boolean {
		const company = [...this.#playing.values()].flatMap(({ holders }) => [...holders.keys()])
		const direct = company.filter((id) => this.#network.connection(id) === 'direct')
		return new Set(direct).size >= ENOUGH_COMPANY
	}

	#deadline(): AbortSignal {
		return AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(LOOK_TIMEOUT_MS)])
	}
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
