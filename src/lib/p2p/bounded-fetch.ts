import { AppError } from '../errors'
import { joinBytes } from '../gateway/join-bytes'

/**
 * The body of a response, read only as far as it may be.
 * @throws AppError `too-large`, or the reason of `signal`
 */
export async function readBounded(response: Response, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
	const chunks: Uint8Array[] = []
	let length = 0
	const reader = response.body?.getReader()
	if (!reader) return new Uint8Array()
	try {
		for (;;) {
			signal.throwIfAborted()
			const { done, value } = await reader.read()
			if (done) break
			length += value.byteLength
			if (length > maxBytes) throw new AppError('too-large', `an answer of over ${String(maxBytes)} bytes`)
			chunks.push(value)
		}
	} catch (error) {
		await reader.cancel().catch(() => undefined)
		throw error
	}
	return joinBytes(chunks, length)
}
