import type { CID } from 'multiformats/cid'
import type { GatewayFaultKind } from './gateway-standing'
import { MAX_BLOCK_BYTES, verifyBlock } from './verify-block'

/** Why a gateway gave no good block. Never leaves the gateway layer: sources turn it into words. */
export class GatewayFault extends Error {
	override readonly name = 'GatewayFault'
	readonly kind: GatewayFaultKind
	/** What a 429 or 503 asked for, ms. */
	readonly retryAfterMs: number | undefined

	constructor(
		kind: GatewayFaultKind,
		message: string,
		options?: ErrorOptions & { retryAfterMs?: number | undefined }
	) {
		super(message, options)
		this.kind = kind
		this.retryAfterMs = options?.retryAfterMs
	}
}

export interface GatewayDeadlines {
	/** From asking to the first byte of the body, ms. */
	readonly firstByteMs: number
	/** Between two pieces of the body, ms. */
	readonly pieceMs: number
	/** For the whole block, ms: a gateway that drips is as good as none. */
	readonly blockMs: number
}

export const GATEWAY_DEADLINES: GatewayDeadlines = { firstByteMs: 15_000, pieceMs: 6_000, blockMs: 30_000 }

export interface FetchBlockOptions {
	readonly fetch: typeof fetch
	readonly signal: AbortSignal
	readonly deadlines?: GatewayDeadlines
	/** Called at each piece that arrives, with the bytes so far. */
	readonly onprogress?: (bytes: number) => void
}

/**
 * One block from one trustless gateway (`GET /ipfs/<cid>?format=raw`), read within bounds and hashed.
 * @see https://specs.ipfs.tech/http-gateways/trustless-gateway/
 * @throws {@link GatewayFault}, or the reason of `signal`
 */
export async function fetchBlock(gateway: string, cid: CID, options: FetchBlockOptions): Promise<Uint8Array> {
	const url = `${gateway}/ipfs/${cid.toString()}?format=raw`
	return askGateway(url, 'application/vnd.ipld.raw', MAX_BLOCK_BYTES, options, async (bytes, complete) => {
		if (await verifyBlock(cid, bytes)) return
		if (!complete) throw new GatewayFault('truncated', 'the answer was cut off')
		throw new GatewayFault('wrong-bytes', 'the bytes were wrong')
	})
}

/**
 * The body of one gateway answer, at most `maxBytes`. `check` is told whether as much came as was promised.
 * @throws {@link GatewayFault}, or the reason of `signal`
 */
export async function askGateway(
	url: string,
	accept: string,
	maxBytes: number,
	{ fetch, signal, deadlines = GATEWAY_DEADLINES, onprogress }: FetchBlockOptions,
	check: (bytes: Uint8Array, complete: boolean) => Promise<void>
): Promise<Uint8Array> {
	signal.throwIfAborted()
	const own = new AbortController()
	const stop = (reason: unknown) => {
		own.abort(reason)
	}
	const outside = () => {
		stop(signal.reason)
	}
	signal.addEventListener('abort', outside, { once: true })
	const stalled = () => {
		stop(new GatewayFault('stalled', 'it stopped answering'))
	}
	let timer = setTimeout(stalled, deadlines.firstByteMs)
	const whole = setTimeout(() => {
		stop(new GatewayFault('slow', 'it was too slow'))
	}, deadlines.blockMs)
	const stopped = new Promise<never>((_, reject) => {
		own.signal.addEventListener('abort', () => {
			reject(own.signal.reason as Error)
		})
	})
	stopped.catch(() => undefined)
	let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
	try {
		const response = await Promise.race([
			fetch(url, {
				signal: own.signal,
				headers: { Accept: accept },
				// The block store keeps what was verified; the HTTP cache would keep wrong bytes as gladly.
				cache: 'no-store',
				credentials: 'omit',
				referrerPolicy: 'no-referrer'
			}),
			stopped
		])
		reader = response.body?.getReader()
		if (!response.ok) throw statusFault(response)
		const promised = response.headers.has('content-encoding')
			? Number.NaN
			: Number(response.headers.get('content-length') ?? Number.NaN)
		if (promised > maxBytes) throw new GatewayFault('too-large', 'the answer was too large')
		const pieces: Uint8Array[] = []
		let length = 0
		while (reader !== undefined) {
			const { done, value } = await Promise.race([reader.read(), stopped])
			if (done) break
			length += value.byteLength
			if (length > maxBytes) throw new GatewayFault('too-large', 'the answer was too large')
			pieces.push(value)
			clearTimeout(timer)
			timer = setTimeout(stalled, deadlines.pieceMs)
			onprogress?.(length)
		}
		const bytes = joined(pieces, length)
		await check(bytes, !(length < promised))
		return bytes
	} catch (error) {
		if (own.signal.aborted) throw own.signal.reason
		if (error instanceof GatewayFault) throw error
		throw new GatewayFault('network', 'it could not be reached', { cause: error })
	} finally {
		clearTimeout(timer)
		clearTimeout(whole)
		signal.removeEventListener('abort', outside)
		own.abort()
		reader?.cancel().catch(() => undefined)
	}
}

function statusFault(response: Response): GatewayFault {
	const { status } = response
	const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'))
	if (status === 429) return new GatewayFault('rate-limited', 'it asked us to wait', { retryAfterMs })
	// 504 is how a gateway says that it looked and found no one; 410 and 451 that it will not serve this.
	if ([404, 410, 451, 504].includes(status))
		return new GatewayFault('not-found', `it does not have this (${String(status)})`)
	return new GatewayFault('server-error', `it answered ${String(status)}`, {
		retryAfterMs: status === 503 ? retryAfterMs : undefined
	})
}

/** Retry-After as ms from now (RFC 9110, section 10.2.3): seconds or a date. */
export function parseRetryAfter(header: string | null, nowMs = Date.now()): number | undefined {
	if (header === null) return undefined
	if (/^\d+$/.test(header.trim())) return Number(header) * 1000
	const date = Date.parse(header)
	return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
	const bytes = new Uint8Array(length)
	let offset = 0
	for (const piece of pieces) {
		bytes.set(piece, offset)
		offset += piece.byteLength
	}
	return bytes
}
