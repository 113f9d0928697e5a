import type { CID } from 'multiformats/cid'
import { AppError } from '../errors'
import type { BlockRequestOptions, BlockSource } from './block-source'
import { fetchBlock, GatewayFault, type GatewayDeadlines } from './gateway-client'
import type { GatewayStanding } from './gateway-standing'
import { usableGateway } from './local-origin'
import { assertVerifiable, identityBlock } from './verify-block'

export interface GatewaySourceOptions {
	/** Origins, best first. Asked at each block, so that a change in Settings counts at once. */
	readonly gateways: () => readonly string[]
	/** Allows loopback and private addresses, and plain http to them. */
	readonly allowLocal?: () => boolean
	readonly online?: () => boolean
	readonly fetch: typeof fetch
	readonly standing: GatewayStanding
	readonly deadlines?: GatewayDeadlines
}

/** A gateway from which nothing came for so long gets company. */
const MAX_HEDGE_MS = 1_500
const MIN_HEDGE_MS = 400
/** The same for a gateway of which nothing is known. */
const UNKNOWN_HEDGE_MS = 800
/** Below this rate, in bytes a ms, a gateway drips: progress alone does not spare it company. */
const DRIP_RATE = 24
/** Even with progress, a block that takes longer than this is asked for elsewhere too. */
const LONG_BLOCK_MS = 5_000
const MAX_AT_ONCE = 3
const MAX_HINTS = 4

/**
 * Blocks from trustless gateways. They are asked in order of standing, the next one as soon as one fails, and beside it as
 * soon as one is slow: never one after the other's full deadline.
 */
export function createGatewaySource(options: GatewaySourceOptions): BlockSource {
	const { gateways, allowLocal = () => false, online = () => true, standing } = options
	return {
		async get(cid, request) {
			const inside = identityBlock(cid)
			if (inside !== undefined) return inside
			assertVerifiable(cid)
			request.signal.throwIfAborted()
			const hinted = (request.hints ?? []).filter((hint) => hint.startsWith('https://')).slice(0, MAX_HINTS)
			const usable = (list: readonly string[], local: boolean) =>
				list.map((gateway) => usableGateway(gateway, local, online())).filter((gateway) => gateway !== undefined)
			// Hints are signed by nobody, so they never reach into the local network.
			const candidates = standing.order([...usable(gateways(), allowLocal()), ...usable(hinted, false)])
			return new HedgedRead(cid, candidates, request, options).run()
		}
	}
}

class HedgedRead {
	readonly #cid: CID
	readonly #waiting: string[]
	readonly #request: BlockRequestOptions
	readonly #options: GatewaySourceOptions
	readonly #done = Promise.withResolvers<Uint8Array>()
	readonly #stop = new AbortController()
	readonly #tried: string[] = []
	/** Attempts under way, with the time of their last progress. */
	readonly #running = new Map<string, Attempt>()
	#hedge: ReturnType<typeof setTimeout> | undefined
	#wrong = 0

	constructor(
		cid: CID,
		candidates: readonly string[],
		request: BlockRequestOptions,
		options: GatewaySourceOptions
	) {
		this.#cid = cid
		this.#request = request
		this.#options = options
		this.#waiting = []
		for (const gateway of candidates) {
			const waitMs = options.standing.waitMs(gateway)
			if (waitMs === 0) this.#waiting.push(gateway)
			else this.#tried.push(`${gateway}: asked us to wait ${String(Math.ceil(waitMs / 1000))} s more`)
		}
		if (candidates.length === 0) this.#tried.push('no gateway to ask')
	}

	async run(): Promise<Uint8Array> {
		const { signal } = this.#request
		const abort = () => {
			this.#done.reject(signal.reason)
		}
		signal.addEventListener('abort', abort)
		try {
			this.#next()
			return await this.#done.promise
		} finally {
			signal.removeEventListener('abort', abort)
			clearTimeout(this.#hedge)
			this.#stop.abort()
		}
	}

	/** Asks one more gateway, or gives up when none is left and none is at work. */
	#next(): void {
		const gateway = this.#waiting.shift()
		if (gateway !== undefined) void this.#ask(gateway)
		else if (this.#running.size === 0) {
			const code =
				this.#wrong > 0 && this.#wrong === this.#tried.length ? 'content-unverified' : 'content-unavailable'
			this.#done.reject(new AppError(code, 'no gateway gave this block', { detail: this.#tried.join('\n') }))
		}
		this.#schedule()
	}

	async #ask(gateway: string, again = false): Promise<void> {
		const { fetch, standing, deadlines } = this.#options
		const state: Attempt = { startedMs: performance.now(), progressMs: performance.now(), bytes: 0 }
		this.#running.set(gateway, state)
		try {
			const bytes = await fetchBlock(gateway, this.#cid, {
				fetch,
				signal: this.#stop.signal,
				...(deadlines ? { deadlines } : {}),
				onprogress: (bytes) => {
					state.bytes = bytes
					state.progressMs = performance.now()
				}
			})
			this.#running.delete(gateway)
			standing.succeeded(gateway, performance.now() - state.startedMs)
			// Whoever was asked before the one that answered, and has little to show, was slow.
			const now = performance.now()
			for (const [other, { startedMs, progressMs }] of this.#running) {
				const drips = now - startedMs > 2 * (now - state.startedMs) + 1_000
				if (startedMs < state.startedMs && (progressMs === startedMs || drips)) standing.failed(other, 'slow')
			}
			this.#request.watch?.received('gateway', gateway, bytes.byteLength)
			this.#done.resolve(bytes)
		} catch (error) {
			this.#running.delete(gateway)
			if (!(error instanceof GatewayFault)) {
				this.#done.reject(error)
				return
			}
			standing.failed(gateway, error.kind, error.retryAfterMs)
			if (error.kind === 'wrong-bytes' || error.kind === 'too-large') {
				this.#wrong++
				this.#request.watch?.wrong(gateway)
			}
			// A connection that broke is tried once more when there is nobody else to ask.
			if (error.kind === 'network' && !again && this.#waiting.length === 0 && this.#running.size === 0) {
				void this.#ask(gateway, true)
				return
			}
			this.#tried.push(`${gateway}: ${error.message}`)
			if (!this.#stop.signal.aborted) this.#next()
		}
	}

	#schedule(): void {
		clearTimeout(this.#hedge)
		if (this.#waiting.length === 0 || this.#running.size === 0 || this.#running.size >= MAX_AT_ONCE) return
		const now = performance.now()
		const dueMs = [...this.#running].map(([gateway, { startedMs, progressMs, bytes }]) => {
			const usualMs = this.#options.standing.blockMs(gateway)
			const hedgeMs =
				usualMs === undefined ? UNKNOWN_HEDGE_MS : Math.min(MAX_HEDGE_MS, Math.max(MIN_HEDGE_MS, usualMs * 3))
			const dripsMs = startedMs + MAX_HEDGE_MS + bytes / DRIP_RATE
			return Math.min(progressMs + hedgeMs, dripsMs, startedMs + LONG_BLOCK_MS)
		})
		const waitMs = Math.max(...dueMs) - now
		if (waitMs <= 0) {
			this.#next()
			return
		}
		this.#hedge = setTimeout(() => {
			this.#schedule()
		}, Math.ceil(waitMs))
	}
}

/** A request under way. */
interface Attempt {
	readonly startedMs: number
	progressMs: number
	bytes: number
}
