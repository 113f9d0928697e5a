import type { CID } from 'multiformats/cid'
import { AppError } from '../src/lib/errors'
import { asAppError } from './file'
import type { ContentNode } from './node'
import { carrying, type Read } from './read'

/**
 * Bytes asked for at a time. verified-fetch does not slow down for a slow reader, so this bounds what is fetched ahead of
 * the player: at most the rest of one window and, from its last third on, the next.
 */
const WINDOW_BYTES = 2 * 1024 * 1024
/** Blocks asked for at once. One alone leaves the line idle for a round trip after each; many starve the first. */
const BLOCKS_AT_ONCE = 3

/**
 * The bytes `from` to `to` (both included) of a file as a stream. Resolves once the first of them are here, so that a file
 * nobody has becomes an error answer and not a broken stream.
 * @throws AppError `content-unavailable`, `content-unsupported`
 */
export async function openBody(
	node: ContentNode,
	cid: CID,
	from: number,
	to: number,
	read: Read
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
	const stop = new AbortController()
	const chunks = windows(node, cid, from, to, read, stop)
	const first = await chunks.next().catch((error: unknown) => {
		stop.abort()
		throw asAppError(error)
	})
	let held: typeof first | undefined = first
	return new ReadableStream<Uint8Array<ArrayBuffer>>(
		{
			async pull(controller) {
				try {
					const next = held ?? (await chunks.next())
					held = undefined
					if (next.done === true) controller.close()
					else controller.enqueue(next.value)
				} catch (error) {
					controller.error(asAppError(error))
				}
			},
			// A seek cancels the old range: whatever it still had under way must not take the line from the new one.
			cancel() {
				stop.abort()
			}
		},
		{ highWaterMark: 0 }
	)
}

async function* windows(
	node: ContentNode,
	cid: CID,
	from: number,
	to: number,
	read: Read,
	stop: AbortController
): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
	const { signal } = stop
	const open = (start: number) => {
		// Windows end at multiples of their size, so that no block is cut by two of them.
		const end = Math.min(to, (Math.floor(start / WINDOW_BYTES) + 1) * WINDOW_BYTES - 1)
		const opened = openWindow(node, cid, start, end, read, signal)
		opened.catch(() => undefined)
		return { end, opened }
	}
	try {
		let current = open(from)
		let position = from
		while (position <= to) {
			let next: ReturnType<typeof open> | undefined
			const reader = (await current.opened).getReader()
			for (;;) {
				const { done, value } = await reader.read()
				if (done) break
				position += value.byteLength
				if (position > current.end + 1)
					throw new AppError('content-unsupported', 'more bytes than the file says it has')
				if (current.end < to && current.end - position < WINDOW_BYTES / 3) next ??= open(current.end + 1)
				if (value.byteLength > 0) yield value
			}
			if (position !== current.end + 1)
				throw new AppError('content-unsupported', 'fewer bytes than the file says it has')
			if (position <= to) current = next ?? open(position)
		}
	} finally {
		stop.abort()
	}
	return undefined
}

async function openWindow(
	node: ContentNode,
	cid: CID,
	from: number,
	to: number,
	read: Read,
	signal: AbortSignal
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
	const response = await node.fetch(
		`ipfs://${cid.toString()}`,
		carrying(read, {
			signal,
			headers: { Range: `bytes=${String(from)}-${String(to)}` },
			session: false,
			blockReadConcurrency: BLOCKS_AT_ONCE
		})
	)
	if (response.status !== 206 || response.body === null) {
		await response.body?.cancel()
		throw new AppError('content-unavailable', `the range could not be read (${String(response.status)})`)
	}
	return response.body
}
