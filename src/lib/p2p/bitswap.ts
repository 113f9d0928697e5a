import type { Libp2p, PeerId } from '@libp2p/interface'
import type { Blockstore } from 'interface-blockstore'
import { varint } from 'multiformats'
import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import { sha256, sha512 } from 'multiformats/hashes/sha2'
import { AppError } from '../errors'
import { BITSWAP_PROTOCOL, BitswapLink, readMessages } from './bitswap-link'
import type { BitswapBlock, BitswapMessage } from './bitswap-message'
import { readBlock } from '../storage/read-block'

/**
 * Bitswap 1.2.0, both sides. Written here rather than taken from @helia/bitswap 4.0, which sends every want as
 * want-block to every peer (so each holder sends the same bytes), never takes a want back, lets one slow peer hold up
 * the wants for all, and does not say that nobody has a block. Those four matter to whoever waits for sound to start.
 * Helia gets its blocks by it through the `BitswapBroker` (docs/decisions/0006).
 *
 * A want goes to the peer that has delivered best of late; else all are asked whether they have it, and the first that
 * does is asked for it. A block that is late is asked from the next holder too.
 * @see https://specs.ipfs.tech/bitswap-protocol/
 */

const HASHERS = [sha256, sha512]
/** A peer that was asked for a block and is silent for so long is helped by another. */
const LATE_MS = 1_500
/** A peer that delivered in this time is asked for the block itself. */
const GOOD_FOR_MS = 5 * 60_000
/** Blocks smaller than this are sent in place of the word that they are there, as go-bitswap does. */
const SMALL_BLOCK_BYTES = 1024
const MAX_BLOCK_BYTES = 2 * 1024 * 1024
/** Wants of one peer that are remembered until the block comes. */
const MAX_WANTS_OF_PEER = 1024
/** Blocks wanted at once by this side. */
const MAX_WANTS = 1024
const MAX_INBOUND_STREAMS = 32
const MAX_OUTBOUND_STREAMS = 64

interface Want {
	readonly key: string
	readonly cid: CID
	/** What each peer was asked, and what it said. */
	readonly asked: Map<string, 'have?' | 'block?' | 'has' | 'has-not'>
	readonly waiters: Set<Waiter>
	late: ReturnType<typeof setTimeout> | undefined
	lateMs: number
	/** Dials under way that may bring a holder. */
	hopes: number
	readonly startedMs: number
}
interface Waiter {
	readonly resolve: (bytes: Uint8Array) => void
	readonly reject: (error: unknown) => void
}

interface Remote {
	readonly link: BitswapLink
	/** What it wants and we had not when it asked. */
	readonly wants: Map<string, { readonly cid: CID; readonly type: 'block' | 'have' }>
	/** Blocks asked of it and not come yet, by key, with when they were asked for (Unix ms). */
	readonly inFlight: Map<string, number>
	/** Moving average of the time from want to block. */
	averageMs: number
	deliveredMs: number
}

export interface BitswapInit {
	readonly libp2p: Libp2p
	readonly blockstore: Blockstore
	/** Blocks that came from a peer or went to it, wanted ones only. */
	readonly onblocks?: (peer: string, direction: 'in' | 'out', bytes: number, blocks: number) => void
}

export class Bitswap {
	readonly #libp2p: Libp2p
	readonly #blockstore: Blockstore
	readonly #onblocks: NonNullable<BitswapInit['onblocks']>
	readonly #wants = new Map<string, Want>()
	readonly #remotes = new Map<string, Remote>()
	readonly #stopping = new AbortController()
	#topology: string | undefined
	#notifying = false

	constructor(init: BitswapInit) {
		this.#libp2p = init.libp2p
		this.#blockstore = init.blockstore
		this.#onblocks = init.onblocks ?? (() => undefined)
	}

	async start(): Promise<void> {
		await this.#libp2p.handle(
			BITSWAP_PROTOCOL,
			(stream, connection) => {
				void readMessages(stream, connection, (message, peer) => this.#take(message, peer), this.#stopping.signal)
			},
			{ maxInboundStreams: MAX_INBOUND_STREAMS, maxOutboundStreams: MAX_OUTBOUND_STREAMS }
		)
		this.#topology = await this.#libp2p.register(BITSWAP_PROTOCOL, {
			onConnect: (peer) => {
				this.#remote(peer)
			}
		})
		// the topology reports only peers that it reported before; some send a message first
		this.#libp2p.addEventListener('peer:disconnect', this.#onleft)
	}

	async stop(): Promise<void> {
		this.#stopping.abort(new DOMException('the peer stopped', 'AbortError'))
		if (this.#topology !== undefined) this.#libp2p.unregister(this.#topology)
		this.#libp2p.removeEventListener('peer:disconnect', this.#onleft)
		await this.#libp2p.unhandle(BITSWAP_PROTOCOL)
		for (const want of this.#wants.values()) this.#fail(want, this.#stopping.signal.reason)
		for (const { link } of this.#remotes.values()) link.close()
		this.#remotes.clear()
	}

	/** How many connected peers speak Bitswap. */
	get peers(): number {
		return this.#remotes.size
	}

	/**
	 * One block from connected peers, hashed here. It is not kept: that is the caller's part.
	 * @param hopes - dials under way: until all have settled, a peer may yet come that has it
	 * @throws AppError `content-unavailable` when all connected peers say that they lack it, or the reason of `signal`
	 */
	async want(cid: CID, signal: AbortSignal, hopes: readonly Promise<unknown>[] = []): Promise<Uint8Array> {
		signal.throwIfAborted()
		const key = keyOf(cid)
		let want = this.#wants.get(key)
		if (!want && this.#wants.size >= MAX_WANTS)
			throw new AppError('too-many', 'too many blocks are wanted at once')
		const isNew = want === undefined
		want ??= {
			key,
			cid,
			asked: new Map(),
			waiters: new Set(),
			late: undefined,
			lateMs: LATE_MS,
			hopes: 0,
			startedMs: Date.now()
		}
		this.#wants.set(key, want)
		const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
		const waiter: Waiter = { resolve, reject }
		want.waiters.add(waiter)
		const abort = () => {
			reject(signal.reason as Error)
		}
		signal.addEventListener('abort', abort)
		for (const hope of hopes) this.#hope(want, hope)
		if (isNew) this.#begin(want)
		else this.#check(want)
		try {
			return await promise
		} finally {
			signal.removeEventListener('abort', abort)
			want.waiters.delete(waiter)
			if (want.waiters.size === 0) this.#finish(want)
		}
	}

	/** Counts in a peer that said that it speaks Bitswap, before libp2p gets round to reporting it. */
	add(peer: PeerId): void {
		this.#remote(peer)
	}

	/** Sends a block that has just come to be here to the peers that wanted it. */
	notify(cid: CID): void {
		const key = keyOf(cid)
		for (const remote of this.#remotes.values()) {
			const wanted = remote.wants.get(key)
			if (wanted) void this.#serve(remote, key, wanted.cid, wanted.type, false)
		}
	}

	/** {@link notify} for all that peers wanted: blocks also come into the store from the workers of this origin. */
	async notifyAll(): Promise<void> {
		if (this.#notifying) return
		this.#notifying = true
		for (const remote of [...this.#remotes.values()]) {
			for (const [key, { cid, type }] of [...remote.wants]) await this.#serve(remote, key, cid, type, false)
		}
		this.#notifying = false
	}

	readonly #onleft = (event: CustomEvent<PeerId>) => {
		this.#left(event.detail.toString())
	}

	#remote(peer: PeerId): Remote {
		const id = peer.toString()
		let remote = this.#remotes.get(id)
		if (!remote) {
			const link = new BitswapLink({
				libp2p: this.#libp2p,
				peer,
				signal: this.#stopping.signal,
				onsent: (bytes, blocks) => {
					this.#onblocks(id, 'out', bytes, blocks)
				},
				onfailed: (keys) => {
					const failed = this.#remotes.get(id)
					if (failed) for (const key of keys) this.#heard(failed, key, false)
				}
			})
			remote = { link, wants: new Map(), inFlight: new Map(), averageMs: 100, deliveredMs: 0 }
			this.#remotes.set(id, remote)
			for (const want of this.#wants.values())
				this.#ask(want, remote, this.#remotes.size === 1 ? 'block?' : 'have?')
		}
		return remote
	}

	#left(id: string): void {
		this.#remotes.get(id)?.link.close()
		this.#remotes.delete(id)
		for (const want of this.#wants.values()) {
			const asked = want.asked.get(id)
			want.asked.delete(id)
			if (asked === 'block?') this.#another(want)
			this.#check(want)
		}
	}

	#begin(want: Want): void {
		const now = Date.now()
		let best: Remote | undefined
		let bestCost = Infinity
		for (const remote of this.#remotes.values()) {
			if (remote.deliveredMs + GOOD_FOR_MS < now) continue
			const cost = (remote.inFlight.size + 1) * remote.averageMs
			if (cost < bestCost) [best, bestCost] = [remote, cost]
		}
		if (best) this.#ask(want, best, 'block?')
		else this.#askAll(want)
		this.#check(want)
	}

	/** Asks all that were not asked yet whether they have it; a single peer is asked for the block at once. */
	#askAll(want: Want): void {
		const single = this.#remotes.size === 1
		for (const remote of this.#remotes.values()) {
			if (!want.asked.has(remote.link.id)) this.#ask(want, remote, single ? 'block?' : 'have?')
		}
	}

	#ask(want: Want, remote: Remote, what: 'have?' | 'block?'): void {
		want.asked.set(remote.link.id, what)
		const type = what === 'block?' ? 'block' : 'have'
		remote.link.want(want.key, { cid: want.cid, cancel: false, type, sendDontHave: true })
		if (what !== 'block?') return
		if (!remote.inFlight.has(want.key)) remote.inFlight.set(want.key, Date.now())
		clearTimeout(want.late)
		want.late = setTimeout(
			() => {
				want.lateMs *= 2
				this.#askAll(want)
				this.#again(want)
			},
			want.lateMs + 2 * remote.averageMs
		)
	}

	/**
	 * Helps a want that is late: asks the next peer that has the block, or else the same one again. A go peer forgets
	 * what it was asked when its own first message to us fails, as it may while two peers still identify each other.
	 */
	#again(want: Want): void {
		const states = [...want.asked]
		const [next] =
			states.find(([, state]) => state === 'has') ?? states.find(([, state]) => state === 'block?') ?? []
		const remote = next === undefined ? undefined : this.#remotes.get(next)
		if (remote) this.#ask(want, remote, 'block?')
	}

	/** Asks the next peer that has it for the block. */
	#another(want: Want): void {
		const states = [...want.asked]
		if (states.some(([, state]) => state === 'block?')) return
		for (const [id, state] of states) {
			const remote = this.#remotes.get(id)
			if (state === 'has' && remote) {
				this.#ask(want, remote, 'block?')
				return
			}
		}
		this.#askAll(want)
	}

	#hope(want: Want, hope: Promise<unknown>): void {
		want.hopes++
		const settled = () => {
			want.hopes--
			this.#check(want)
		}
		hope.then(settled, settled)
	}

	/** Fails a want that nobody is left to fulfil. */
	#check(want: Want): void {
		if (want.hopes > 0 || !this.#wants.has(want.key)) return
		for (const [id] of this.#remotes) if (want.asked.get(id) !== 'has-not') return
		this.#fail(
			want,
			new AppError('content-unavailable', `none of ${String(this.#remotes.size)} peers has the block`)
		)
	}

	#fail(want: Want, error: unknown): void {
		for (const waiter of want.waiters) waiter.reject(error)
		this.#finish(want)
	}

	/** Takes back what is still open. */
	#finish(want: Want): void {
		clearTimeout(want.late)
		if (this.#wants.get(want.key) === want) this.#wants.delete(want.key)
		for (const [id, state] of want.asked) {
			const remote = this.#remotes.get(id)
			remote?.inFlight.delete(want.key)
			if (state === 'has-not') continue
			remote?.link.want(want.key, { cid: want.cid, cancel: true, type: 'block', sendDontHave: false })
		}
		want.asked.clear()
	}

	async #take(message: BitswapMessage, peer: PeerId): Promise<void> {
		const remote = this.#remote(peer)
		if (message.full) remote.wants.clear()
		for (const { cid, cancel, type, sendDontHave } of message.wants) {
			const key = keyOf(cid)
			remote.wants.delete(key)
			if (!cancel) void this.#serve(remote, key, cid, type, sendDontHave)
		}
		for (const { cid, has } of message.presences) this.#heard(remote, keyOf(cid), has)
		for (const block of message.blocks) await this.#took(remote, block)
	}

	#heard(remote: Remote, key: string, has: boolean): void {
		const want = this.#wants.get(key)
		const state = want?.asked.get(remote.link.id)
		if (!want || state === undefined) return
		if (has) {
			if (state !== 'have?') return
			want.asked.set(remote.link.id, 'has')
		} else {
			want.asked.set(remote.link.id, 'has-not')
			remote.inFlight.delete(key)
		}
		this.#another(want)
		this.#check(want)
	}

	async #took(remote: Remote, block: BitswapBlock): Promise<void> {
		// only who was asked is listened to: hashing what nobody wanted is work that strangers could pile up
		if (block.data.length > MAX_BLOCK_BYTES || this.#wants.size === 0) return
		const cid = await cidOf(block).catch(() => undefined)
		const want = cid && this.#wants.get(keyOf(cid))
		if (!want?.asked.has(remote.link.id)) return
		const now = Date.now()
		const tookMs = now - (remote.inFlight.get(want.key) ?? want.startedMs)
		remote.averageMs = remote.averageMs * 0.8 + Math.max(1, tookMs) * 0.2
		remote.deliveredMs = now
		this.#onblocks(remote.link.id, 'in', block.data.length, 1)
		// a peer forgets a want when it has sent the block
		want.asked.set(remote.link.id, 'has-not')
		const bytes = block.data.slice()
		for (const waiter of want.waiters) waiter.resolve(bytes)
		this.#finish(want)
	}

	async #serve(
		remote: Remote,
		key: string,
		cid: CID,
		type: 'block' | 'have',
		sendDontHave: boolean
	): Promise<void> {
		const remember = () => {
			if (remote.wants.size < MAX_WANTS_OF_PEER) remote.wants.set(key, { cid, type })
		}
		const has = await Promise.resolve(this.#blockstore.has(cid)).catch(() => false)
		if (!has) {
			remember()
			if (sendDontHave) remote.link.presence(key, cid, false)
			return
		}
		remote.wants.delete(key)
		const read = async () => {
			const data = await readBlock(this.#blockstore, cid).catch(() => undefined)
			return data && { prefix: prefixOf(cid), data }
		}
		if (type === 'block') {
			remote.link.block(read)
			return
		}
		const block = await read()
		if (block && block.data.length < SMALL_BLOCK_BYTES) remote.link.block(() => Promise.resolve(block))
		else remote.link.presence(key, cid, block !== undefined)
	}
}

/** Blocks are told apart by their multihash: the same bytes under two codecs are the same block. */
const keyOf = (cid: CID): string => base58btc.baseEncode(cid.multihash.bytes)

function prefixOf(cid: CID): Uint8Array {
	const { version, code, multihash } = cid
	const numbers = [version, code, multihash.code, multihash.size]
	const prefix = new Uint8Array(numbers.reduce((length, number) => length + varint.encodingLength(number), 0))
	let at = 0
	for (const number of numbers) {
		varint.encodeTo(number, prefix, at)
		at += varint.encodingLength(number)
	}
	return prefix
}

async function cidOf({ prefix, data }: BitswapBlock): Promise<CID | undefined> {
	const numbers: number[] = []
	for (let at = 0; at < prefix.length && numbers.length < 4;) {
		const [number, length] = varint.decode(prefix, at)
		numbers.push(number)
		at += length
	}
	const [version = 1, codec = 0, hash = 0] = numbers
	const hasher = HASHERS.find(({ code }) => code === hash)
	if (!hasher) return undefined
	const digest = await hasher.digest(data)
	return CID.create(version === 0 ? 0 : 1, codec, digest)
}
