import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { vi } from 'vitest'

export interface TestBlock {
	readonly cid: CID
	readonly bytes: Uint8Array<ArrayBuffer>
}

/** A raw block of random-looking bytes, the same for the same seed. */
export async function aBlock(sizeBytes = 100_000, seed = 1): Promise<TestBlock> {
	const bytes = new Uint8Array(sizeBytes)
	let state = seed
	for (let index = 0; index < sizeBytes; index++) {
		state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff
		bytes[index] = state >> 16
	}
	return { cid: CID.createV1(raw.code, await sha256.digest(bytes)), bytes }
}

/** Answers one request; stops when the signal aborts, as a browser's fetch does. */
export type FakeGateway = (signal: AbortSignal, url: string, range?: string) => Response | Promise<Response>

/** A `fetch` to gateways by origin, which counts who was asked. */
export function fakeFetch(gateways: Readonly<Record<string, FakeGateway>>) {
	const asked: string[] = []
	const running = new Set<AbortSignal>()
	const fake = async (input: string, init: RequestInit = {}): Promise<Response> => {
		const { origin } = new URL(input)
		const { signal } = init
		asked.push(origin)
		const gateway = gateways[origin]
		if (gateway === undefined || !signal) throw new TypeError('Failed to fetch')
		running.add(signal)
		return gateway(signal, input, new Headers(init.headers).get('range') ?? undefined)
	}
	return {
		fetch: fake as unknown as typeof fetch,
		asked,
		/** Requests that nobody has ended or stopped. */
		open: () => [...running].filter((signal) => !signal.aborted).length
	}
}

const streamed = (
	pieces: readonly Uint8Array[],
	after: 'end' | 'hang' | 'break',
	everyMs: number,
	signal: AbortSignal
) => {
	const left = [...pieces]
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs))
				const piece = left.shift()
				if (piece !== undefined) controller.enqueue(piece)
				else if (after === 'end') controller.close()
				else if (after === 'break') controller.error(new TypeError('network error'))
				else
					await new Promise((_, reject) => {
						signal.addEventListener('abort', () => {
							reject(signal.reason as Error)
						})
					})
			}
		},
		{ highWaterMark: 0 }
	)
}

const flipped = (bytes: Uint8Array) => bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte))

export const gateways = {
	good:
		({ bytes }: TestBlock): FakeGateway =>
		() =>
			new Response(bytes, { headers: { 'content-length': String(bytes.byteLength) } }),
	lying:
		({ bytes }: TestBlock): FakeGateway =>
		() =>
			new Response(flipped(bytes)),
	truncating:
		({ bytes }: TestBlock): FakeGateway =>
		() =>
			new Response(bytes.subarray(0, bytes.length >> 1), {
				headers: { 'content-length': String(bytes.byteLength) }
			}),
	breaking:
		({ bytes }: TestBlock): FakeGateway =>
		(signal) =>
			new Response(streamed([bytes.subarray(0, 10)], 'break', 0, signal)),
	stalling:
		({ bytes }: TestBlock): FakeGateway =>
		(signal) =>
			new Response(streamed([bytes.subarray(0, 10)], 'hang', 0, signal)),
	dripping:
		({ bytes }: TestBlock): FakeGateway =>
		(signal) => {
			const pieces = Array.from({ length: Math.ceil(bytes.length / 500) }, (_, index) =>
				bytes.subarray(index * 500, index * 500 + 500)
			)
			return new Response(streamed(pieces, 'end', 300, signal))
		},
	slow:
		({ bytes }: TestBlock, afterMs: number): FakeGateway =>
		(signal) =>
			new Response(streamed([bytes], 'end', afterMs, signal)),
	endless: (): FakeGateway => (signal) =>
		new Response(
			streamed(
				Array.from({ length: 1_000 }, () => new Uint8Array(65_536)),
				'hang',
				0,
				signal
			)
		),
	silent: (): FakeGateway => (signal) =>
		new Promise((_, reject) => {
			signal.addEventListener('abort', () => {
				reject(signal.reason as Error)
			})
		}),
	status:
		(status: number, headers: Record<string, string> = {}): FakeGateway =>
		() =>
			new Response('', { status, headers })
}

const realImmediate = setImmediate
const turn = () => new Promise((resolve) => realImmediate(resolve))

let hashing = 0
const digest = crypto.subtle.digest.bind(crypto.subtle)
crypto.subtle.digest = async (algorithm, data) => {
	hashing++
	try {
		return await digest(algorithm, data)
	} finally {
		hashing--
	}
}

/**
 * Moves fake time on until the promise settles, and lets real hashing end before each step.
 * `tookMs` is what it took of fake time, to 50 ms.
 */
export async function settle<T>(
	promise: Promise<T>,
	limitMs = 120_000
): Promise<{ readonly value?: T; readonly error?: unknown; readonly tookMs: number }> {
	let outcome: { value?: T; error?: unknown } | undefined
	promise.then(
		(value) => (outcome = { value }),
		(error: unknown) => (outcome = { error })
	)
	for (let tookMs = 0; ; tookMs += 50) {
		for (let turns = 0; outcome === undefined && (turns < 30 || hashing > 0); turns++) await turn()
		if (outcome !== undefined) return { ...outcome, tookMs }
		if (tookMs > limitMs) throw new Error(`still not settled after ${String(limitMs)} ms`)
		await vi.advanceTimersByTimeAsync(50)
	}
}
