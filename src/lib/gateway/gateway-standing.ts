/** How a request to a gateway ended badly. */
export type GatewayFaultKind =
	| 'wrong-bytes'
	| 'too-large'
	| 'truncated'
	| 'stalled'
	| 'slow'
	| 'rate-limited'
	| 'server-error'
	| 'network'
	| 'not-found'
	/** Blocks that nobody asked for, more than a few. */
	| 'foreign'
	/** It gives no CAR of a range of bytes. */
	| 'no-car'
	/** It gives no plain range of bytes. */
	| 'no-range'

/** What is remembered of one gateway. */
export interface StoredStanding {
	readonly gateway: string
	/** Grows with faults, halves with time and with success; 0 is spotless. */
	readonly penalty: number
	/** When `penalty` was last brought up to date, Unix ms. */
	readonly atMs: number
	/** Asked us to wait until then, Unix ms. */
	readonly waitUntilMs: number
	/** Usual time for one block, ms; 0 when it is not known. */
	readonly blockMs: number
	/** Gives no CAR of a range: it is not asked for one until then, Unix ms. */
	readonly noCarUntilMs?: number
	/** The same of plain ranges. */
	readonly noRangeUntilMs?: number
}

const PENALTY: Record<GatewayFaultKind, number> = {
	'wrong-bytes': 16,
	'too-large': 16,
	truncated: 6,
	stalled: 4,
	'rate-limited': 3,
	'server-error': 3,
	network: 3,
	slow: 1,
	// Not holding something is no fault, but the next block of the same file is better asked elsewhere.
	'not-found': 0.5,
	foreign: 6,
	'no-car': 0,
	'no-range': 0
}
const HALF_LIFE_MS = 10 * 60_000
const MAX_PENALTY = 64
const MAX_WAIT_MS = 10 * 60_000
const DEFAULT_WAIT_MS = 30_000
/** A gateway may be brought up to date. */
const NO_CAR_MS = 60 * 60_000
const MAX_GATEWAYS = 64

/**
 * Which gateways have served well lately. Faults weigh by how bad they are and are forgotten with time, so that a gateway
 * which was mended comes back by itself. Nothing here is trusted for correctness: every block is hashed whoever sent it.
 */
export class GatewayStanding {
	readonly #known = new Map<string, StoredStanding>()
	readonly #now: () => number
	/** Called after each change; for storing, rarely. */
	onchange: (() => void) | undefined

	constructor(now: () => number = Date.now) {
		this.#now = now
	}

	/** Takes in what was stored earlier, where nothing newer is known. */
	restore(stored: readonly StoredStanding[]): void {
		for (const standing of stored.slice(-MAX_GATEWAYS)) {
			if (!this.#known.has(standing.gateway)) this.#known.set(standing.gateway, standing)
		}
	}

	/** What a gateway's faults weigh now. */
	penalty(gateway: string): number {
		const known = this.#known.get(gateway)
		if (known === undefined) return 0
		return known.penalty * 0.5 ** (Math.max(0, this.#now() - known.atMs) / HALF_LIFE_MS)
	}

	/** How long a gateway wants to be left alone still, ms. */
	waitMs(gateway: string): number {
		return Math.max(0, (this.#known.get(gateway)?.waitUntilMs ?? 0) - this.#now())
	}

	/** Usual time of a block from there, ms; `undefined` when nothing came from there yet. */
	blockMs(gateway: string): number | undefined {
		const blockMs = this.#known.get(gateway)?.blockMs ?? 0
		return blockMs === 0 ? undefined : blockMs
	}

	/** False for a gateway that lately refused to give a CAR of a range. */
	givesCars(gateway: string): boolean {
		return (this.#known.get(gateway)?.noCarUntilMs ?? 0) <= this.#now()
	}

	/** False for a gateway that lately refused to give a plain range of bytes. */
	givesRanges(gateway: string): boolean {
		return (this.#known.get(gateway)?.noRangeUntilMs ?? 0) <= this.#now()
	}

	/** Best first: by faults, and as given among equals. */
	order(gateways: readonly string[]): string[] {
		// Half a point of difference is noise; the user's own order counts more.
		return [...new Set(gateways)].sort((a, b) => Math.round(this.penalty(a) * 2) - Math.round(this.penalty(b) * 2))
	}

	succeeded(gateway: string, tookMs: number): void {
		const blockMs = this.#known.get(gateway)?.blockMs ?? 0
		this.#store(gateway, {
			penalty: this.penalty(gateway) / 2,
			blockMs: Math.max(1, Math.round(blockMs === 0 ? tookMs : blockMs * 0.8 + tookMs * 0.2))
		})
	}

	/** @param retryAfterMs - what the gateway asked for, when it did */
	failed(gateway: string, kind: GatewayFaultKind, retryAfterMs?: number): void {
		const wait = retryAfterMs ?? (kind === 'rate-limited' ? DEFAULT_WAIT_MS : 0)
		this.#store(gateway, {
			penalty: Math.min(MAX_PENALTY, this.penalty(gateway) + PENALTY[kind]),
			...(wait > 0 ? { waitUntilMs: this.#now() + Math.min(wait, MAX_WAIT_MS) } : {}),
			...(kind === 'no-car' ? { noCarUntilMs: this.#now() + NO_CAR_MS } : {}),
			...(kind === 'no-range' ? { noRangeUntilMs: this.#now() + NO_CAR_MS } : {})
		})
	}

	/** All that is known, for storing. */
	entries(): StoredStanding[] {
		return [...this.#known.values()]
	}

	#store(gateway: string, change: Partial<StoredStanding>): void {
		const known = this.#known.get(gateway) ?? { gateway, penalty: 0, atMs: 0, waitUntilMs: 0, blockMs: 0 }
		this.#known.delete(gateway)
		this.#known.set(gateway, { ...known, ...change, atMs: this.#now() })
		const [oldest] = this.#known.keys()
		if (this.#known.size > MAX_GATEWAYS && oldest !== undefined) this.#known.delete(oldest)
		this.onchange?.()
	}
}

/** Reads what was stored; anything that does not look like it is left out. */
export function parseStandings(value: unknown): StoredStanding[] {
	if (!Array.isArray(value)) return []
	return value.filter((item): item is StoredStanding => {
		if (typeof item !== 'object' || item === null) return false
		const { gateway, ...numbers } = item as Partial<Record<keyof StoredStanding, unknown>>
		const { penalty, atMs, waitUntilMs, blockMs, noCarUntilMs = 0, noRangeUntilMs = 0 } = numbers
		return (
			typeof gateway === 'string' &&
			[penalty, atMs, waitUntilMs, blockMs, noCarUntilMs, noRangeUntilMs].every(Number.isFinite)
		)
	})
}
