import type { CID } from 'multiformats/cid'
import type { GatewayFaultKind } from './gateway-standing'
import { joinBytes } from './join-bytes'
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

export interface OpenGatewayOptions extends Omit<FetchBlockOptions, 'onprogress'> {
	/** Statuses that mean `no-car`, or `no-range` where a range is asked for. */
	readonly refusals?: readonly number[]
	/** Value of `Range`, of the form that needs no preflight: `bytes=<first>-<last>` (Fetch standard, section 2.2.2). */
	readonly range?: string
}

/**
 * Gives the next piece of a body, undefined at its end.
 * @param room - where the piece is read to if the browser can, which saves a copy; it is detached then
 * @throws {@link GatewayFault}, or the reason of the signal
 */
export type PieceSource = (room?: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer> | undefined>

/** One answer of a gateway under way. Must be closed. */
export interface GatewayAnswer {
	readonly status: number
	readonly headers: Headers
	/** Bytes of the body as promised; NaN when nothing was. */
	readonly promisedBytes: number
	readonly read: PieceSource
	/** Ends the request if it still runs. */
	close(): void
}

/**
 * Asks a gateway and waits for the head of a good answer. Only header fields that need no CORS preflight are sent.
 * @throws {@link GatewayFault}, or the reason of `signal`
 */
export async function openGateway(
	url: string,
	accept: string,
	{ fetch, signal, deadlines = GATEWAY_DEADLINES, refusals, range }: OpenGatewayOptions
): Promise<GatewayAnswer> {
	signal.throwIfAborted()
	const own = new AbortController()
	const outside = () => {
		own.abort(signal.reason)
	}
	signal.addEventListener('abort', outside, { once: true })
	const deadline = new Deadline(() => {
		own.abort(new GatewayFault('stalled', 'it stopped answering'))
	})
	/** Ends what is awaited. Not `Promise.race`: that would hold every piece until the last one has come. */
	let stop: ((reason: unknown) => void) | undefined
	own.signal.addEventListener('abort', () => stop?.(own.signal.reason))
	/** A deadline runs only while something is awaited, not while the reader of the answer takes its time. */
	const within = async <T>(timeoutMs: number, work: Promise<T>): Promise<T> => {
		const { promise, resolve, reject } = Promise.withResolvers<T>()
		stop = reject
		work.then(resolve, reject)
		if (own.signal.aborted) reject(own.signal.reason)
		deadline.start(timeoutMs)
		try {
			return await promise
		} catch (error) {
			if (own.signal.aborted) throw own.signal.reason
			throw new GatewayFault('network', 'it could not be reached', { cause: error })
		} finally {
			deadline.pause()
		}
	}
	let body: Body | undefined
	const close = () => {
		deadline.end()
		signal.removeEventListener('abort', outside)
		own.abort()
		body?.cancel().catch(() => undefined)
	}
	try {
		const response = await within(
			deadlines.firstByteMs,
			fetch(url, {
				signal: own.signal,
				headers: { Accept: accept, ...(range !== undefined && { Range: range }) },
				// The block store keeps what was verified; the HTTP cache would keep wrong bytes as gladly.
				cache: 'no-store',
				credentials: 'omit',
				referrerPolicy: 'no-referrer'
			})
		)
		body = response.body === null ? undefined : readerOf(response.body)
		if (refusals?.includes(response.status) === true)
			throw range === undefined
				? new GatewayFault('no-car', `it gives no CAR (${String(response.status)})`)
				: new GatewayFault('no-range', `it gives no range of a file (${String(response.status)})`)
		if (!response.ok) throw statusFault(response)
		const { headers, status } = response
		const encoded = headers.has('content-encoding')
		return {
			status,
			headers,
			promisedBytes: encoded ? Number.NaN : Number(headers.get('content-length') ?? Number.NaN),
			read: async (room) => (body === undefined ? undefined : within(deadlines.pieceMs, body.read(room))),
			close
		}
	} catch (error) {
		close()
		throw error
	}
}

interface Body {
	readonly read: PieceSource
	cancel(): Promise<void>
}

/** Of a piece for which nobody has made room. */
const PIECE_BYTES = 16 * 1024

/** @see https://streams.spec.whatwg.org/#readable-byte-stream-controller for what WebKit's bodies are not yet */
function readerOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Body {
	try {
		const reader = stream.getReader({ mode: 'byob' })
		return {
			read: async (room = new Uint8Array(PIECE_BYTES)) => {
				const { done, value } = await reader.read(room)
				return done ? undefined : value
			},
			cancel: () => reader.cancel()
		}
	} catch {
		const reader = stream.getReader()
		return { read: async () => (await reader.read()).value, cancel: () => reader.cancel() }
	}
}

/** Calls `onpassed` once a time limit has passed. Starting it again and again costs no timer each time. */
class Deadline {
	readonly #onpassed: () => void
	#dueMs = Infinity
	#firesMs = Infinity
	#timer: ReturnType<typeof setTimeout> | undefined

	constructor(onpassed: () => void) {
		this.#onpassed = onpassed
	}

	start(timeoutMs: number): void {
		this.#dueMs = performance.now() + timeoutMs
		if (this.#timer === undefined || this.#dueMs < this.#firesMs) this.#arm(timeoutMs)
	}

	pause(): void {
		this.#dueMs = Infinity
	}

	end(): void {
		clearTimeout(this.#timer)
	}

	readonly #look = () => {
		this.#timer = undefined
		if (this.#dueMs === Infinity) return
		const leftMs = this.#dueMs - performance.now()
		if (leftMs > 0) this.#arm(leftMs)
		else this.#onpassed()
	}

	#arm(inMs: number): void {
		clearTimeout(this.#timer)
		this.#firesMs = performance.now() + inMs
		this.#timer = setTimeout(this.#look, Math.ceil(inMs))
	}
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
	const slow = new AbortController()
	const whole = setTimeout(() => {
		slow.abort(new GatewayFault('slow', 'it was too slow'))
	}, deadlines.blockMs)
	let answer: GatewayAnswer | undefined
	try {
		answer = await openGateway(url, accept, { fetch, signal: AbortSignal.any([signal, slow.signal]), deadlines })
		const { promisedBytes } = answer
		if (promisedBytes > maxBytes) throw new GatewayFault('too-large', 'the answer was too large')
		const pieces: Uint8Array[] = []
		let length = 0
		for (let piece = await answer.read(); piece !== undefined; piece = await answer.read()) {
			length += piece.byteLength
			if (length > maxBytes) throw new GatewayFault('too-large', 'the answer was too large')
			pieces.push(piece)
			onprogress?.(length)
		}
		const bytes = joinBytes(pieces, length)
		await check(bytes, !(length < promisedBytes))
		return bytes
	} finally {
		clearTimeout(whole)
		answer?.close()
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
