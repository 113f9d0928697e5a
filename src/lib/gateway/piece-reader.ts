import type { PieceSource } from './gateway-client'
import { joinBytes } from './join-bytes'
import { MAX_BLOCK_BYTES } from './verify-block'

/** A stream of blocks that is not one, or has a part over its bound. */
export class CarError extends Error {
	override readonly name = 'CarError'
	readonly reason: 'malformed' | 'truncated' | 'too-large'

	constructor(reason: CarError['reason'], options?: ErrorOptions) {
		super(`the CAR is ${reason}`, options)
		this.reason = reason
	}
}

/**
 * Blocks out of pieces that end anywhere; what the CAR library reads from. Copies each byte once, to where it stays; the
 * library's own reader does so twice.
 */
export class PieceReader {
	pos = 0
	failed = false
	readonly #read: PieceSource
	#piece = new Uint8Array()
	#ended = false

	constructor(read: PieceSource) {
		this.#read = read
	}

	/** The next bytes, fewer only at the end; for a few of them. */
	async upTo(length: number): Promise<Uint8Array<ArrayBuffer>> {
		while (this.#piece.byteLength < length && !this.#ended) {
			const more = await this.#more()
			if (this.#piece.byteLength === 0) this.#piece = more
			else if (more.byteLength > 0) this.#piece = joinBytes([this.#piece, more])
		}
		return this.#piece.subarray(0, length)
	}

	/** @throws CarError `truncated`, `too-large` */
	async exactly(length: number, seek = false): Promise<Uint8Array<ArrayBuffer>> {
		if (length > MAX_BLOCK_BYTES) throw new CarError('too-large')
		if (!(length >= 0)) throw new CarError('malformed')
		if (!seek) {
			const bytes = await this.upTo(length)
			if (bytes.byteLength < length) throw new CarError('truncated')
			return bytes
		}
		let bytes = new Uint8Array(length)
		for (let at = 0; at < length;) {
			if (this.#piece.byteLength === 0) {
				const piece = await this.#more(bytes.subarray(at))
				if (this.#ended) throw new CarError('truncated')
				// Detached: it was read to where it stays.
				if (bytes.byteLength === 0) {
					bytes = new Uint8Array(piece.buffer)
					at += piece.byteLength
					this.pos += piece.byteLength
					continue
				}
				this.#piece = piece
			}
			const part = this.#piece.subarray(0, length - at)
			bytes.set(part, at)
			at += part.byteLength
			this.seek(part.byteLength)
		}
		return bytes
	}

	seek(length: number): void {
		this.#piece = this.#piece.subarray(length)
		this.pos += length
	}

	async #more(room?: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
		try {
			const piece = await this.#read(room)
			if (piece === undefined) this.#ended = true
			return piece ?? new Uint8Array()
		} catch (error) {
			this.failed = true
			throw error
		}
	}
}
