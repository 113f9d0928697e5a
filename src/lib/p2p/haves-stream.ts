import type { Connection, Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import { decodeHaves, encodeHaves, MAX_HAVES_BYTES, type Haves } from './haves-message'

export const HAVES_PROTOCOL = '/antiphon/1/haves'

const STEP_TIMEOUT_MS = 10_000

export type OwnHaves = Omit<Haves, 'version'>

/**
 * Answers the one request of a stream.
 * @param answer - undefined when this peer asks too often: the stream is reset
 */
export async function serveHaves(
	stream: Stream,
	answer: (request: Haves) => Promise<OwnHaves | undefined>,
	signal: AbortSignal
): Promise<void> {
	const messages = lpStream(stream, { maxDataLength: MAX_HAVES_BYTES, maxBufferSize: 2 * MAX_HAVES_BYTES })
	const step = { signal: AbortSignal.any([signal, AbortSignal.timeout(STEP_TIMEOUT_MS)]) }
	try {
		const request = decodeHaves((await messages.read(step)).subarray())
		const own = await answer(request)
		if (!own) throw new Error('asked too often')
		await messages.write(encodeHaves(own), step)
		await stream.close(step)
	} catch (error) {
		if (stream.status === 'open') stream.abort(error as Error)
	}
}

/**
 * Asks over one connection, also a relayed one. @throws AppError `invalid-announcement`, or what the stream throws
 */
export async function askHaves(connection: Connection, own: OwnHaves, signal: AbortSignal): Promise<Haves> {
	const step = { signal: AbortSignal.any([signal, AbortSignal.timeout(STEP_TIMEOUT_MS)]) }
	const stream = await connection.newStream(HAVES_PROTOCOL, { ...step, runOnLimitedConnection: true })
	try {
		const messages = lpStream(stream, { maxDataLength: MAX_HAVES_BYTES, maxBufferSize: 2 * MAX_HAVES_BYTES })
		await messages.write(encodeHaves(own), step)
		const answer = decodeHaves((await messages.read(step)).subarray())
		await stream.close(step)
		return answer
	} catch (error) {
		stream.abort(error as Error)
		throw error
	}
}
