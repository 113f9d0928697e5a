import { CHUNK_BYTES, DIGEST_BYTES } from './file-dag'

/** Leaves that are read, and hashed side by side, at once. */
export const SEGMENT_LEAVES = 8
export const SEGMENT_BYTES = SEGMENT_LEAVES * CHUNK_BYTES

/**
 * Reads a part of a file, at most {@link SEGMENT_BYTES}, into a buffer that is used again and again: reading each part
 * into a new one leaves hundreds of megabytes for the garbage collector.
 */
export class SegmentReader {
	#buffer: ArrayBuffer | undefined

	/** What is given is overwritten by the next call. @throws DOMException `NotReadableError` for a file that changed */
	async read(part: Blob): Promise<Uint8Array<ArrayBuffer>> {
		if (part.size <= CHUNK_BYTES) return new Uint8Array(await part.arrayBuffer())
		let reader: ReadableStreamBYOBReader
		try {
			reader = part.stream().getReader({ mode: 'byob' })
		} catch {
			// Not all browsers let a file's stream fill a buffer that is given.
			return new Uint8Array(await part.arrayBuffer())
		}
		let buffer = this.#buffer ?? new ArrayBuffer(SEGMENT_BYTES)
		this.#buffer = undefined
		let at = 0
		while (at < part.size) {
			const { value, done } = await reader.read(new Uint8Array(buffer, at, part.size - at))
			if (value !== undefined) {
				buffer = value.buffer
				at += value.byteLength
			}
			if (done) throw new DOMException('the file is shorter than it was', 'NotReadableError')
		}
		// Until the end is read, the stream holds on to the file.
		void reader.cancel().catch(() => undefined)
		this.#buffer = buffer
		return new Uint8Array(buffer, 0, part.size)
	}
}

/** The sha2-256 digests of the chunks of some bytes, one behind the other. */
export async function hashLeaves(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
	const count = Math.max(1, Math.ceil(bytes.byteLength / CHUNK_BYTES))
	const digests = new Uint8Array(count * DIGEST_BYTES)
	await Promise.all(
		Array.from({ length: count }, async (_, at) => {
			const chunk = bytes.subarray(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES)
			digests.set(new Uint8Array(await crypto.subtle.digest('SHA-256', chunk)), at * DIGEST_BYTES)
		})
	)
	return digests
}
