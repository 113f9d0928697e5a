import { AppError, errorCode } from '../errors'
import type { BlockSource } from './block-source'
import { triedOf } from './http-error'
import { identityBlock } from './verify-block'

export interface Racer {
	readonly source: BlockSource
	/** How long the racers before this one are given alone, ms; cut short when all of them have failed. */
	readonly afterMs: number
}

/**
 * Asks several sources for the same block, each with its head start; the first good block wins and the others are stopped.
 * @param racers - in order of `afterMs`
 */
export function raceSources(racers: readonly Racer[]): BlockSource {
	return {
		async get(cid, options) {
			const inside = identityBlock(cid)
			if (inside !== undefined) return inside
			const { signal } = options
			signal.throwIfAborted()
			const stop = new AbortController()
			const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
			const abort = () => {
				reject(signal.reason as Error)
			}
			signal.addEventListener('abort', abort)
			const errors: unknown[] = []
			const waiting = [...racers]
			let running = 0
			let timer: ReturnType<typeof setTimeout> | undefined
			const started = performance.now()

			const startDue = () => {
				clearTimeout(timer)
				for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
					const leftMs = started + next.afterMs - performance.now()
					if (running > 0 && leftMs > 0) {
						timer = setTimeout(startDue, Math.ceil(leftMs))
						return
					}
					waiting.shift()
					running++
					next.source.get(cid, { ...options, signal: stop.signal }).then(resolve, (error: unknown) => {
						running--
						errors.push(error)
						if (stop.signal.aborted) return
						if (running === 0 && waiting.length === 0) reject(unavailable(errors))
						else startDue()
					})
				}
				if (running === 0) reject(unavailable(errors))
			}
			try {
				startDue()
				return await promise
			} finally {
				clearTimeout(timer)
				signal.removeEventListener('abort', abort)
				stop.abort()
			}
		}
	}
}

/** Peers are asked first and alone for so long: what they have costs no gateway anything. */
const PEERS_HEAD_START_MS = 150

/** The race that every reader of this app runs: peers, and gateways a little later. */
export const peersThenGateways = (peers: BlockSource, gateways: BlockSource): BlockSource =>
	raceSources([
		{ source: peers, afterMs: 0 },
		{ source: gateways, afterMs: PEERS_HEAD_START_MS }
	])

/** One error out of those of all sources, with what each of them tried. */
function unavailable(errors: readonly unknown[]): unknown {
	const telling = errors.filter((error) => errorCode(error) !== 'no-leader')
	if (telling.length === 1) return telling[0]
	const unsupported = telling.find((error) => errorCode(error) === 'content-unsupported')
	if (unsupported !== undefined) return unsupported
	const tried = telling.flatMap((error) => {
		const lines = triedOf(error)
		return lines.length > 0 ? lines : [error instanceof Error ? error.message : 'a source failed']
	})
	const code = telling.length > 0 && telling.every((e) => errorCode(e) === 'content-unverified')
	return new AppError(code ? 'content-unverified' : 'content-unavailable', 'no source gave this block', {
		cause: new AggregateError(errors),
		detail: tried.join('\n')
	})
}
