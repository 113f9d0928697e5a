import { decode, encode } from '@ipld/dag-cbor'
import type { Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import { AppError } from '../errors'
import { MAX_ANNOUNCEMENT_BYTES } from './announce'
import type { TokenBucket } from './token-bucket'

export const SYNC_PROTOCOL = '/antiphon/1/sync'

/** Bounds of protocol section 4. */
const MAX_MESSAGE_BYTES = 1024 * 1024
const MAX_LIMIT = 512
const MAX_REQUEST_BYTES = 1024
const MAX_NAME_CHARS = 128
const VERSION = 1
/** What CBOR needs around the announcements of an answer, at the most. */
const ANSWER_OVERHEAD_BYTES = 1024
/** A peer that sends more announcements than this at one catch-up is left. */
const MAX_PAGES = 64
const STEP_TIMEOUT_MS = 20_000

export interface SyncRequest {
	readonly after: string
	readonly limit: number
}
export interface SyncAnswer {
	readonly announcements: readonly Uint8Array[]
	readonly next: string | undefined
}

/**
 * One answer: the announcements of the names after `after`, as many as `limit` and a message allow.
 * @param names - all names held, in byte order
 */
export function answerPage(
	request: SyncRequest,
	names: readonly string[],
	bytesOf: (name: string) => Uint8Array | undefined
): SyncAnswer {
	const announcements: Uint8Array[] = []
	let room = MAX_MESSAGE_BYTES - ANSWER_OVERHEAD_BYTES
	let last: string | undefined
	for (let i = firstAfter(names, request.after); i < names.length; i++) {
		const name = names[i] ?? ''
		const bytes = bytesOf(name)
		if (bytes) {
			// 5 bytes of length stand before each
			if (announcements.length >= Math.min(request.limit, MAX_LIMIT) || bytes.byteLength + 5 > room) {
				return { announcements, next: last }
			}
			room -= bytes.byteLength + 5
			announcements.push(bytes)
		}
		last = name
	}
	return { announcements, next: undefined }
}

function firstAfter(names: readonly string[], after: string): number {
	let low = 0
	let high = names.length
	while (low < high) {
		const middle = (low + high) >>> 1
		if ((names[middle] ?? '') <= after) low = middle + 1
		else high = middle
	}
	return low
}

export const encodeRequest = ({ after, limit }: SyncRequest): Uint8Array => encode({ v: VERSION, after, limit })

/** @throws AppError `invalid-announcement` */
export function decodeRequest(bytes: Uint8Array): SyncRequest {
	const { v, after, limit } = Object(decodeCbor(bytes)) as Record<string, unknown>
	if (v !== VERSION) throw new AppError('invalid-announcement', 'another version of sync')
	if (typeof after !== 'string' || after.length > MAX_NAME_CHARS)
		throw new AppError('invalid-announcement', 'after')
	if (typeof limit !== 'number' || !Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
		throw new AppError('invalid-announcement', 'limit')
	}
	return { after, limit }
}

export const encodeAnswer = ({ announcements, next }: SyncAnswer): Uint8Array =>
	encode({ v: VERSION, announcements, next: next ?? null })

/** @throws AppError `invalid-announcement` */
export function decodeAnswer(bytes: Uint8Array): SyncAnswer {
	const { v, announcements, next } = Object(decodeCbor(bytes)) as Record<string, unknown>
	if (v !== VERSION) throw new AppError('invalid-announcement', 'another version of sync')
	if (!Array.isArray(announcements) || announcements.length > MAX_LIMIT) {
		throw new AppError('invalid-announcement', 'announcements')
	}
	if (next !== null && (typeof next !== 'string' || next.length > MAX_NAME_CHARS)) {
		throw new AppError('invalid-announcement', 'next')
	}
	const good = (announcements as unknown[]).filter(
		(item): item is Uint8Array => item instanceof Uint8Array && item.byteLength <= MAX_ANNOUNCEMENT_BYTES
	)
	return { announcements: good, next: next ?? undefined }
}

function decodeCbor(bytes: Uint8Array): unknown {
	try {
		return decode(bytes)
	} catch (cause) {
		throw new AppError('invalid-announcement', 'not DAG-CBOR', { cause })
	}
}

/**
 * Answers the requests of one stream until the other side ends it. Requests over the rate wait their turn: one at a
 * time and 5 a second per peer.
 */
export async function serveSync(
	stream: Stream,
	peer: string,
	answer: (request: SyncRequest) => SyncAnswer,
	rate: TokenBucket,
	signal: AbortSignal
): Promise<void> {
	const messages = lpStream(stream, { maxDataLength: MAX_REQUEST_BYTES, maxBufferSize: 64 * 1024 })
	try {
		for (;;) {
			const request = decodeRequest(
				(
					await messages.read({ signal: AbortSignal.any([signal, AbortSignal.timeout(STEP_TIMEOUT_MS)]) })
				).subarray()
			)
			while (!rate.take(peer)) await sleep(rate.waitMs(peer) + 10, signal)
			await messages.write(encodeAnswer(answer(request)), {
				signal: AbortSignal.any([signal, AbortSignal.timeout(STEP_TIMEOUT_MS)])
			})
		}
	} catch (error) {
		// the stream's end is how the other side says that it has all
		if (stream.status === 'open') stream.abort(error as Error)
	}
}

/**
 * Asks one peer for all announcements it holds.
 * @param take - judges one; false stops the catch-up, as when most are rejected
 * @returns how many were taken
 */
export async function askSync(
	stream: Stream,
	take: (bytes: Uint8Array) => Promise<boolean>,
	signal: AbortSignal,
	pauseMs = 220
): Promise<number> {
	const messages = lpStream(stream, { maxDataLength: MAX_MESSAGE_BYTES, maxBufferSize: 2 * MAX_MESSAGE_BYTES })
	let after = ''
	let count = 0
	try {
		for (let page = 0; page < MAX_PAGES; page++) {
			// the other side answers five a second
			if (page > 0) await sleep(pauseMs, signal)
			const step = { signal: AbortSignal.any([signal, AbortSignal.timeout(STEP_TIMEOUT_MS)]) }
			await messages.write(encodeRequest({ after, limit: MAX_LIMIT }), step)
			const { announcements, next } = decodeAnswer((await messages.read(step)).subarray())
			for (const bytes of announcements) {
				signal.throwIfAborted()
				if (!(await take(bytes))) return count
				count++
			}
			// a peer that does not go forward would never end
			if (next === undefined || next <= after) break
			after = next
		}
		await stream.close({ signal })
		return count
	} finally {
		if (stream.status === 'open') stream.abort(new Error('caught up'))
	}
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => {
			signal.removeEventListener('abort', stop)
			resolve()
		}, ms)
		const stop = () => {
			clearTimeout(timer)
			reject(signal.reason as Error)
		}
		if (signal.aborted) stop()
		else signal.addEventListener('abort', stop, { once: true })
	})
}
