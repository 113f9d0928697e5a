import type { CID } from 'multiformats/cid'
import { AppError } from '../errors'
import type { BlockWatch } from '../gateway/block-source'
import { cidOf, keyOf } from './bitswap-cid'
import type { BitswapLink } from './bitswap-link'
import type { BitswapBlock } from './bitswap-message'
import { Delivery } from './delivery'

const MAX_BLOCK_BYTES = 2 * 1024 * 1024
/** Blocks wanted at once. */
const MAX_WANTS = 1024
/** Peers that are asked at first whether they have a block; the others when none of these has. */
const MAX_ASKED_AT_FIRST = 12
/** A peer that does not say for so long whether it has a block counts as one that has not, until it says otherwise. */
const HAVE_TIMEOUT_MS = 5_000
/** A block that is here sooner is left to whom it was asked of: taking it back comes too late. */
const MIN_TAKE_OVER_MS = 500
/** Blocks that came lately, by key: a second copy of one was in vain. */
const MAX_RECENT = 512
/** Files whose peers are remembered. */
const MAX_SESSIONS = 64
/** A peer that sent so many blocks that nobody wanted, or so many bytes of them, is not asked again. */
const MAX_WRONG = 3
const MAX_VAIN_BYTES = 16 * 1024 * 1024
/** A peer that was asked for nothing for so long is not listened to: hashing is work that strangers could pile up. */
const LISTEN_MS = 60_000

/**
 * What a peer was asked for a block, and what it said. `late`: asked for the block, and not waited for any more.
 */
type Asked = 'have?' | 'block?' | 'late' | 'has' | 'has-not'

interface Want {
	readonly key: string
	readonly cid: CID
	readonly session: Session
	readonly asked: Map<string, Asked>
	readonly waiters: Set<Waiter>
	late: ReturnType<typeof setTimeout> | undefined
	have: ReturnType<typeof setTimeout> | undefined
	/** Doubles each time that the block is late. */
	patience: number
	/** Of who wanted it first: hears of copies that come later. */
	readonly watch: BlockWatch | undefined
	/** Peers were asked whether they have it. */
	spread: boolean
	/** Dials under way that may bring a holder. */
	hopes: number
}

interface Waiter {
	readonly resolve: (block: WantedBlock) => void
	readonly reject: (error: unknown) => void
	readonly watch: BlockWatch | undefined
}

/** What is known of the peers of one file. */
interface Session {
	/** Peers that had the last block of it that they were asked for, or said that they hold it. */
	readonly likely: Set<string>
}

interface Remote {
	readonly link: BitswapLink
	readonly delivery: Delivery
	askedMs: number
	wrong: number
	vainBytes: number
}

export interface WantOptions {
	readonly signal: AbortSignal
	/** Dials under way: until all have settled, a peer may yet come that has it. */
	readonly hopes?: readonly Promise<unknown>[] | undefined
	/** Root of the file that the block is of: its peers are asked first. */
	readonly file?: CID | undefined
	/** Hears of wrong blocks and of bytes in vain. */
	readonly watch?: BlockWatch | undefined
}

export interface WantedBlock {
	readonly bytes: Uint8Array
	/** Id of the peer that sent it. */
	readonly from: string
}

/**
 * The blocks that this side wants, divided over the peers that have them. Each want goes to the peer that will have sent
 * it soonest by what it delivered so far; a peer is asked for as much as keeps its line busy and no more; the rest waits
 * here, in order, so that a slow or lost peer holds up little. No block is asked of two peers unless one is late.
 */
export class BitswapWants {
	readonly #wants = new Map<string, Want>()
	readonly #remotes = new Map<string, Remote>()
	readonly #sessions = new Map<string, Session>()
	readonly #recent = new Map<string, BlockWatch | undefined>()
	readonly #onblock: (peer: string, bytes: number) => void
	#planned = false

	/** @param onblock - hears of each block that was wanted and came */
	constructor(onblock: (peer: string, bytes: number) => void) {
		this.#onblock = onblock
	}

	/** @throws AppError `content-unavailable` when all connected peers say that they lack it, or the reason of `signal` */
	async want(cid: CID, { signal, hopes = [], file, watch }: WantOptions): Promise<WantedBlock> {
		signal.throwIfAborted()
		const key = keyOf(cid)
		const want = this.#wants.get(key) ?? this.#add(cid, key, file, watch)
		const { promise, resolve, reject } = Promise.withResolvers<WantedBlock>()
		const waiter: Waiter = { resolve, reject, watch }
		want.waiters.add(waiter)
		const abort = () => {
			reject(signal.reason as Error)
		}
		signal.addEventListener('abort', abort)
		for (const hope of hopes) this.#hope(want, hope)
		this.#plan()
		try {
			return await promise
		} finally {
			signal.removeEventListener('abort', abort)
			want.waiters.delete(waiter)
			if (want.waiters.size === 0) {
				this.#finish(want)
				this.#plan()
			}
		}
	}

	join(link: BitswapLink): void {
		this.#remotes.set(link.id, { link, delivery: new Delivery(), askedMs: -Infinity, wrong: 0, vainBytes: 0 })
		this.#plan()
	}

	left(id: string): void {
		if (this.#remotes.delete(id)) this.#forget(id)
	}

	/** That peer says that it holds something of that file. */
	holds(id: string, file: CID): void {
		this.#session(file).likely.add(id)
		this.#plan()
	}

	/** Whether a peer has a block. */
	heard(id: string, key: string, has: boolean): void {
		const remote = this.#remotes.get(id)
		const want = this.#wants.get(key)
		const state = want?.asked.get(id)
		if (!remote || !want || state === undefined) return
		if (has) {
			want.session.likely.add(id)
			if (state === 'have?' || state === 'has-not') want.asked.set(id, 'has')
		} else {
			want.session.likely.delete(id)
			want.asked.set(id, 'has-not')
			remote.delivery.withdrawn(key)
		}
		this.#plan()
	}

	async took(id: string, block: BitswapBlock): Promise<void> {
		const remote = this.#remotes.get(id)
		if (!remote || remote.wrong >= MAX_WRONG || remote.askedMs < performance.now() - LISTEN_MS) return
		const cid = block.data.length > MAX_BLOCK_BYTES ? undefined : await cidOf(block).catch(() => undefined)
		const key = cid && keyOf(cid)
		const want = key === undefined ? undefined : this.#wants.get(key)
		if (key === undefined || !want?.asked.has(id)) {
			this.#vain(remote, key, block.data.length)
			return
		}
		remote.delivery.arrived(key, block.data.length, performance.now())
		want.session.likely.add(id)
		this.#onblock(id, block.data.length)
		// a peer forgets a want when it has sent the block
		want.asked.delete(id)
		const bytes = block.data.slice()
		for (const waiter of want.waiters) waiter.resolve({ bytes, from: id })
		this.#finish(want)
		this.#plan()
	}

	/** Ends all wants. */
	stop(reason: unknown): void {
		for (const want of this.#wants.values()) this.#fail(want, reason)
		this.#remotes.clear()
		this.#sessions.clear()
	}

	#add(cid: CID, key: string, file: CID | undefined, watch: BlockWatch | undefined): Want {
		if (this.#wants.size >= MAX_WANTS) throw new AppError('too-many', 'too many blocks are wanted at once')
		const want: Want = {
			key,
			cid,
			session: this.#session(file),
			asked: new Map(),
			waiters: new Set(),
			late: undefined,
			have: undefined,
			patience: 1,
			watch,
			spread: false,
			hopes: 0
		}
		this.#wants.set(key, want)
		return want
	}

	/** Blocks of no file share one. */
	#session(file: CID | undefined): Session {
		const key = file ? keyOf(file) : ''
		const session = this.#sessions.get(key) ?? { likely: new Set() }
		// put back at the end: the file that was read longest ago leaves first
		this.#sessions.delete(key)
		this.#sessions.set(key, session)
		const oldest = this.#sessions.keys().next()
		if (this.#sessions.size > MAX_SESSIONS && oldest.done !== true) this.#sessions.delete(oldest.value)
		return session
	}

	/** Plans anew in a moment, once for all that happened together. */
	#plan(): void {
		if (this.#planned) return
		this.#planned = true
		queueMicrotask(() => {
			this.#planned = false
			this.#divide()
		})
	}

	/** Divides the wants that nobody is busy with, oldest first, and fails those that nobody is left to fulfil. */
	#divide(): void {
		const remotes = [...this.#remotes.values()].filter(({ wrong }) => wrong < MAX_WRONG)
		const load = new Map(remotes.map((remote) => [remote, remote.delivery.inFlight.size]))
		for (const want of [...this.#wants.values()]) {
			if ([...want.asked.values()].includes('block?')) continue
			const best = soonest(want, remotes, load) ?? forgetful(want, remotes)
			if (best) {
				const ahead = load.get(best) ?? 0
				load.set(best, ahead + 1)
				if (ahead < best.delivery.window) this.#ask(want, best, 'block?')
			}
			if (!best || !want.spread) this.#askWhether(want, remotes)
			this.#check(want, remotes)
		}
		for (const remote of remotes) if (load.get(remote) === 0) this.#takeOver(remote)
	}

	/** Who has nothing to do takes over the block that will come last, if it can send it in half the time. */
	#takeOver(idle: Remote): void {
		let last: { readonly want: Want; readonly from: Remote } | undefined
		let lastMs = Math.max(MIN_TAKE_OVER_MS, 2 * idle.delivery.expectedMs(0))
		for (const want of this.#wants.values()) {
			if (want.asked.get(idle.link.id) !== 'has') continue
			for (const [id, state] of want.asked) {
				const from = this.#remotes.get(id)
				const ms = state === 'block?' ? (from?.delivery.remainingMs(want.key) ?? 0) : 0
				if (from && ms > lastMs) [last, lastMs] = [{ want, from }, ms]
			}
		}
		if (!last) return
		const { want, from } = last
		from.delivery.withdrawn(want.key)
		want.asked.set(from.link.id, 'has')
		from.link.want(want.key, { cid: want.cid, cancel: true, type: 'block', sendDontHave: false })
		this.#ask(want, idle, 'block?')
	}

	/** Asks who has a block: first those who may well have it; all others only when none of these has. */
	#askWhether(want: Want, remotes: readonly Remote[]): void {
		want.spread = true
		const unasked = remotes.filter(({ link }) => !want.asked.has(link.id))
		const asking = [...want.asked.values()].some((state) => state !== 'has-not')
		if (unasked.length === 0 || (asking && want.asked.size >= MAX_ASKED_AT_FIRST)) return
		unasked.sort((a, b) => rankOf(b, want) - rankOf(a, want))
		for (const remote of unasked.slice(0, MAX_ASKED_AT_FIRST)) this.#ask(want, remote, 'have?')
	}

	#ask(want: Want, remote: Remote, what: 'have?' | 'block?'): void {
		const now = performance.now()
		remote.askedMs = now
		want.asked.set(remote.link.id, what)
		const type = what === 'block?' ? 'block' : 'have'
		remote.link.want(want.key, { cid: want.cid, cancel: false, type, sendDontHave: true })
		if (what === 'have?') {
			want.have ??= setTimeout(() => {
				want.have = undefined
				this.#unsaid(want)
			}, HAVE_TIMEOUT_MS)
			return
		}
		remote.delivery.asked(want.key, now)
		this.#watchOver(want, remote)
	}

	/** Sees to it that a block comes or is asked of others; all that was asked of a peer that went silent is. */
	#watchOver(want: Want, remote: Remote): void {
		const { delivery, link } = remote
		clearTimeout(want.late)
		const leftMs = want.patience * delivery.patienceMs - delivery.silentMs(want.key, performance.now())
		if (leftMs > 0) {
			want.late = setTimeout(() => {
				this.#watchOver(want, remote)
			}, leftMs)
			return
		}
		delivery.stalled = true
		for (const each of this.#wants.values()) {
			if (each.asked.get(link.id) !== 'block?') continue
			clearTimeout(each.late)
			each.asked.set(link.id, 'late')
			each.patience *= 2
			each.spread = false
		}
		this.#plan()
	}

	#unsaid(want: Want): void {
		for (const [id, state] of want.asked) if (state === 'have?') want.asked.set(id, 'has-not')
		this.#plan()
	}

	/** What came and was not wanted: a second copy, or bytes that are not what they were sent for. */
	#vain(remote: Remote, key: string | undefined, bytes: number): void {
		const { delivery, link } = remote
		remote.vainBytes += bytes
		if (remote.vainBytes > MAX_VAIN_BYTES) this.#leave(remote)
		if (key !== undefined && this.#recent.has(key)) {
			delivery.arrived(key, bytes, performance.now())
			this.#recent.get(key)?.wasted(link.id, bytes)
			return
		}
		const [oldest] = delivery.inFlight.keys()
		const want = oldest === undefined ? undefined : this.#wants.get(oldest)
		if (!want) return
		for (const { watch } of want.waiters) watch?.wrong(link.id)
		if (++remote.wrong >= MAX_WRONG) this.#leave(remote)
		else this.heard(link.id, want.key, false)
	}

	/** Asks this peer for nothing any more. */
	#leave(remote: Remote): void {
		remote.wrong = MAX_WRONG
		for (const key of [...remote.delivery.inFlight.keys()]) remote.delivery.withdrawn(key)
		this.#forget(remote.link.id)
	}

	#forget(id: string): void {
		for (const session of this.#sessions.values()) session.likely.delete(id)
		for (const want of this.#wants.values()) want.asked.delete(id)
		this.#plan()
	}

	#hope(want: Want, hope: Promise<unknown>): void {
		want.hopes++
		const settled = () => {
			want.hopes--
			this.#plan()
		}
		hope.then(settled, settled)
	}

	#check(want: Want, remotes: readonly Remote[]): void {
		if (want.hopes > 0 || remotes.some(({ link }) => want.asked.get(link.id) !== 'has-not')) return
		this.#fail(want, new AppError('content-unavailable', `none of ${String(remotes.length)} peers has the block`))
	}

	#fail(want: Want, error: unknown): void {
		for (const waiter of want.waiters) waiter.reject(error)
		this.#finish(want)
	}

	/** Takes back what is still open. */
	#finish(want: Want): void {
		clearTimeout(want.late)
		clearTimeout(want.have)
		if (this.#wants.get(want.key) !== want) return
		this.#wants.delete(want.key)
		this.#remember(want.key, want.watch)
		for (const id of want.asked.keys()) {
			const remote = this.#remotes.get(id)
			remote?.delivery.withdrawn(want.key)
			// also to those that have it not: they would send it when they come to have it
			remote?.link.want(want.key, { cid: want.cid, cancel: true, type: 'block', sendDontHave: false })
		}
		want.asked.clear()
	}

	#remember(key: string, watch: BlockWatch | undefined): void {
		this.#recent.delete(key)
		this.#recent.set(key, watch)
		const oldest = this.#recent.keys().next()
		if (this.#recent.size > MAX_RECENT && oldest.done !== true) this.#recent.delete(oldest.value)
	}
}

/** Whether a peer can be asked for the block itself: it has it, or was not asked and had what it was asked for before. */
function mayHave(want: Want, id: string): boolean {
	const state = want.asked.get(id)
	return state === 'has' || (state === undefined && want.session.likely.has(id))
}

/** The peer that will have sent the block soonest, what it was given before in this round included. */
function soonest(want: Want, remotes: readonly Remote[], load: ReadonlyMap<Remote, number>): Remote | undefined {
	const [only] = remotes
	if (only && remotes.length === 1 && want.asked.get(only.link.id) === undefined) return only
	let best: Remote | undefined
	let bestMs = Infinity
	for (const remote of remotes) {
		if (!mayHave(want, remote.link.id)) continue
		const ms = remote.delivery.expectedMs(load.get(remote) ?? 0)
		if (ms < bestMs) [best, bestMs] = [remote, ms]
	}
	return best
}

/** When nobody else has a block, who was late with it: it may have forgotten what it was asked. */
function forgetful(want: Want, remotes: readonly Remote[]): Remote | undefined {
	if (!want.spread || [...want.asked.values()].includes('have?')) return undefined
	return remotes.find(({ link }) => want.asked.get(link.id) === 'late')
}

/** Peers of the file first, then those that delivered anything. */
const rankOf = ({ link, delivery }: Remote, { session }: Want): number =>
	(session.likely.has(link.id) ? 2 : 0) + (delivery.delivers ? 1 : 0)
