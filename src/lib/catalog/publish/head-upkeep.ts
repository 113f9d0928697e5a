import { compareRecords, type IpnsRecord } from '../../p2p/ipns-record'
import { errorCode } from '../../errors'
import type { NamedAt } from '../publishing'

/** What keeping names alive asks of the rest of the app. */
export interface HeadUpkeepDeps {
	/** Names that were published from here. */
	own(): Promise<readonly string[]>
	/** Names that the user follows. */
	followed(): Promise<readonly string[]>
	/** The newest record that is held here, verified. */
	held(name: string): Promise<IpnsRecord | undefined>
	/** The newest record that the network has, verified. */
	network(name: string, signal: AbortSignal): Promise<IpnsRecord | undefined>
	/** Signs a value anew with the key of the name. @throws AppError `locked` while the passphrase is awaited */
	sign(name: string, value: string, sequence: bigint, signal: AbortSignal): Promise<Uint8Array>
	/** Puts a record everywhere it can go. */
	put(name: string, record: Uint8Array, signal: AbortSignal): Promise<readonly NamedAt[]>
	announce(name: string, record: Uint8Array, signal: AbortSignal): Promise<unknown>
	/** When each name was last put from this browser, Unix ms. */
	readPuts(): Promise<Readonly<Record<string, number>>>
	writePuts(puts: Readonly<Record<string, number>>): Promise<void>
	readonly now?: () => number
	/** 0 to 1. */
	readonly random?: () => number
}

/** What was done for one name. */
export interface Kept {
	readonly name: string
	/** `renewed`: signed anew; `put`: the record that holds was put again; `waits`: it needs a key that is locked. */
	readonly did: 'renewed' | 'put' | 'waits' | 'failed'
	readonly named?: readonly NamedAt[]
}

const HOUR_MS = 60 * 60_000
/** Protocol section 1: at most once in 12 hours, with jitter. Routers and the DHT forget a record after 48. */
const PUT_EVERY_MS = 12 * HOUR_MS
const JITTER = 0.25
/** A record ends 90 days after it was signed; two thirds of that are left to find a tab open. */
const RENEW_BEFORE_MS = 60 * 24 * HOUR_MS
/** Records of others that are put in one round. */
const FOLLOWED_A_ROUND = 20
/** Names whose last put is remembered. */
const MAX_PUTS = 10_000

/**
 * Keeps signed heads alive: own records are renewed well before they end and put again before the network forgets them;
 * records of those one follows are put again where the network has lost them.
 */
export class HeadUpkeep {
	readonly #deps: HeadUpkeepDeps

	constructor(deps: HeadUpkeepDeps) {
		this.#deps = deps
	}

	/** One round over all names; what is not due costs nothing. */
	async run(signal: AbortSignal): Promise<readonly Kept[]> {
		const { now = Date.now, random = Math.random, ...deps } = this.#deps
		const [own, followed, puts] = await Promise.all([deps.own(), deps.followed(), deps.readPuts()])
		const due = (name: string) => now() - (puts[name] ?? 0) >= PUT_EVERY_MS
		const done: Kept[] = []
		const last = new Map(Object.entries(puts))
		const others = followed.filter((name) => !own.includes(name) && due(name)).slice(0, FOLLOWED_A_ROUND)
		for (const name of [...own, ...others]) {
			signal.throwIfAborted()
			const kept = await this.#keep(name, own.includes(name), due(name), signal).catch((): Kept => {
				signal.throwIfAborted()
				return { name, did: 'failed' }
			})
			if (kept === undefined) continue
			if (kept !== 'there') done.push(kept)
			// Jitter lies in what is noted, so that those who follow one name do not all put it at once.
			if (kept === 'there' || kept.did === 'renewed' || kept.did === 'put') {
				last.delete(name)
				last.set(name, now() + Math.round(PUT_EVERY_MS * JITTER * random()))
			}
		}
		await deps.writePuts(Object.fromEntries([...last].slice(-MAX_PUTS)))
		return done
	}

	async #keep(name: string, own: boolean, due: boolean, signal: AbortSignal): Promise<Kept | 'there' | undefined> {
		const { now = Date.now, ...deps } = this.#deps
		const held = await deps.held(name)
		const ending = own && held !== undefined && held.validUntilMs - now() < RENEW_BEFORE_MS
		if (!due && !ending) return undefined
		const network = await deps.network(name, signal)
		const newest = newer(held, network)
		if (newest === undefined) return undefined
		if (own && newest.validUntilMs - now() < RENEW_BEFORE_MS) {
			// What another device published last is renewed, never what this one still remembers.
			let record: Uint8Array
			try {
				record = await deps.sign(name, newest.value, newest.sequence + 1n, signal)
			} catch (error) {
				if (errorCode(error) === 'locked') return { name, did: 'waits' }
				throw error
			}
			await deps.announce(name, record, signal).catch(() => undefined)
			return { name, did: 'renewed', named: await deps.put(name, record, signal) }
		}
		if (!due) return undefined
		const there = network !== undefined && compareRecords(network, newest) === 0
		if (newest.validUntilMs <= now()) return undefined
		if (there && !own) return 'there'
		const named = await deps.put(name, newest.bytes, signal)
		const failed = named.length > 0 && !named.some(({ ok }) => ok)
		return { name, did: failed ? 'failed' : 'put', named }
	}
}

function newer(a: IpnsRecord | undefined, b: IpnsRecord | undefined): IpnsRecord | undefined {
	if (a === undefined || b === undefined) return a ?? b
	return compareRecords(a, b) >= 0 ? a : b
}
