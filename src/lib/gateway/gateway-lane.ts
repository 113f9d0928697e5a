import { AppError } from '../errors'
import type { Claim } from './claim'
import type { FileSession } from './file-session'
import { fetchCar } from './gateway-car'
import { fetchBlock, GatewayFault, type GatewayDeadlines } from './gateway-client'
import { fetchLeaves } from './gateway-range'
import type { GatewayFaultKind, GatewayStanding } from './gateway-standing'
import { Meter, type Lane } from './lane'
import { runBlocks, runCar } from './runs'

export interface GatewayLaneOptions {
	readonly fetch: typeof fetch
	readonly standing: GatewayStanding
	readonly deadlines?: GatewayDeadlines
}

const RAW_AT_ONCE = 3
/** Bytes a ms, as no line to a public gateway brings: of more, the making of a CAR is what limits. */
const PLAIN_RATE = 20_000
/** A CAR that leads to leaves which can be asked for as plain bytes then. */
const SCOUT_BYTES = 1024 * 1024
const REST_MS = 250
const MAX_REST_MS = 8_000
const OUTRUN_REST_MS = 1_000
/** After these it is not asked for the file again, for so long. */
const OUT_MS = 60_000
const FINAL: readonly GatewayFaultKind[] = ['wrong-bytes', 'too-large', 'foreign', 'not-found']
/** These may be the network's. */
const PASSING: readonly GatewayFaultKind[] = ['network', 'stalled', 'truncated']

/** A trustless gateway: asked for CARs of a range, or for raw blocks where it gives none. */
export class GatewayLane implements Lane {
	readonly kind = 'gateway'
	readonly meter = new Meter()
	readonly claims = new Set<Claim>()
	restUntilMs = 0
	faults = 0
	said: string | undefined
	mayRecover = false
	readonly name: string
	readonly #options: GatewayLaneOptions
	/** The file may be built so that plain bytes of it can be checked. */
	#hasLeaves = true
	#outUntilMs = -Infinity

	constructor(origin: string, options: GatewayLaneOptions) {
		this.name = origin
		this.#options = options
	}

	get isOut(): boolean {
		return performance.now() < this.#outUntilMs
	}

	get waitMs(): number {
		return this.#options.standing.waitMs(this.name)
	}

	get streams(): boolean {
		return this.#options.standing.givesCars(this.name)
	}

	get usualMs(): number | undefined {
		return this.#options.standing.blockMs(this.name)
	}

	async run(claim: Claim, session: FileSession): Promise<void> {
		const { signal } = claim
		let seen = 0
		const options = {
			...this.#options,
			signal,
			onprogress: (bytes: number) => {
				if (bytes < seen) seen = 0
				claim.progress(bytes - seen)
				seen = bytes
			}
		}
		if (this.streams) {
			const isQuick = (this.meter.rate ?? 0) > PLAIN_RATE && this.#options.standing.givesRanges(this.name)
			const leaves = isQuick && claim.from >= 0 ? session.leaves(claim.from, claim.reach) : []
			const known = leaves.at(-1)?.to
			const scouts = isQuick && this.#hasLeaves && known === undefined
			if (known !== undefined) claim.shorten(known)
			else if (scouts) claim.shorten(Math.max(0, claim.from) + SCOUT_BYTES)
			const { reach } = claim
			const range = { root: session.root, from: claim.from, to: reach }
			const blocks =
				known === undefined
					? fetchCar(this.name, range, options)
					: fetchLeaves(this.name, session.root, leaves, options)
			await runCar(session, claim, blocks)
			if (scouts) this.#hasLeaves = session.leaves(reach, reach + 1).length > 0
			return
		}
		await runBlocks(
			session,
			claim,
			async (node) => ({
				bytes: await fetchBlock(this.name, node.cid, {
					...this.#options,
					signal,
					onprogress: () => claim.progress(0)
				}),
				kind: 'gateway',
				name: this.name
			}),
			() => RAW_AT_ONCE
		)
	}

	succeeded(claim: Claim): void {
		this.faults = 0
		this.said = undefined
		if (claim.blocks === 1) this.#options.standing.succeeded(this.name, performance.now() - claim.startedMs)
	}

	failed(error: unknown): void {
		// The file is built in a way that is not read here; its readers find out by themselves.
		if (error instanceof AppError) return
		if (!(error instanceof GatewayFault)) throw error
		const { kind } = error
		this.#options.standing.failed(this.name, kind, error.retryAfterMs)
		// It is asked for raw blocks now, or for a CAR again.
		if (kind === 'no-car' || kind === 'no-range') return
		this.faults++
		this.said = `${this.name}: ${error.message}`
		if (FINAL.includes(kind)) this.#outUntilMs = performance.now() + OUT_MS
		this.mayRecover = PASSING.includes(kind)
		this.restUntilMs = performance.now() + Math.min(MAX_REST_MS, REST_MS * 2 ** this.faults)
	}

	outrun(): void {
		this.#options.standing.failed(this.name, 'slow')
		this.restUntilMs = performance.now() + OUTRUN_REST_MS
	}
}
