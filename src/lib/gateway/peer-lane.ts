import { errorCode } from '../errors'
import { triedOf } from './http-error'
import type { BlockSource } from './block-source'
import type { Claim } from './claim'
import type { FileSession } from './file-session'
import { Meter, type Lane } from './lane'
import type { PeerStanding } from './peer-standing'
import { noting, runBlocks } from './runs'

const FIRST_AT_ONCE = 3
const MAX_AT_ONCE = 8
const MAX_AT_ONCE_BYTES = 4 * 1024 * 1024
const REST_MS = 1_000
const MAX_REST_MS = 16_000

/** The peers of the leading tab, asked for block after block. */
export class PeerLane implements Lane {
	readonly name = 'peers'
	readonly kind = 'peer'
	readonly meter = new Meter()
	readonly claims = new Set<Claim>()
	readonly streams = false
	readonly waitMs = 0
	restUntilMs = 0
	faults = 0
	said: string | undefined
	readonly isOut = false
	mayRecover = false
	source: BlockSource
	readonly #standing: PeerStanding
	#blockBytes = 0
	#quickestMs = Infinity

	constructor(source: BlockSource, standing: PeerStanding) {
		this.source = source
		this.#standing = standing
	}

	get usualMs(): number | undefined {
		return this.#standing.answerMs
	}

	async run(claim: Claim, session: FileSession): Promise<void> {
		await runBlocks(
			session,
			claim,
			async (node) => {
				const noted = noting(claim.watch)
				const startedMs = performance.now()
				const bytes = await this.source.get(node.cid, {
					signal: claim.signal,
					file: session.root,
					watch: noted.watch
				})
				claim.progress(bytes.byteLength)
				this.#came(bytes.byteLength, performance.now() - startedMs)
				return { bytes, ...noted.from }
			},
			() => this.#atOnce
		)
	}

	/**
	 * Wants under way: as many as keep the peers busy for as long as the quickest answer took. More would only wait there, and
	 * the one that is needed first with them.
	 */
	get #atOnce(): number {
		const { rate } = this.meter
		if (rate === undefined || this.#blockBytes === 0) return FIRST_AT_ONCE
		const busy = Math.ceil((rate * this.#quickestMs) / this.#blockBytes) + 1
		return Math.max(2, Math.min(busy, MAX_AT_ONCE, Math.floor(MAX_AT_ONCE_BYTES / this.#blockBytes)))
	}

	#came(bytes: number, tookMs: number): void {
		this.#blockBytes = Math.max(bytes, this.#blockBytes * 0.9)
		// Peers change: what was quickest long ago counts less and less.
		this.#quickestMs = Math.min(tookMs, this.#quickestMs * 1.01)
	}

	succeeded(): void {
		this.faults = 0
		this.said = undefined
	}

	outrun(): void {
		this.restUntilMs = performance.now() + REST_MS
	}

	failed(error: unknown): void {
		this.faults++
		this.mayRecover = errorCode(error) === 'no-leader'
		this.said = triedOf(error).join('\n') || (error instanceof Error ? error.message : 'peers: failed')
		this.restUntilMs = performance.now() + Math.min(MAX_REST_MS, REST_MS * 2 ** (this.faults - 1))
	}
}
