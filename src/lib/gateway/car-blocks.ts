import { createDecoder } from '@ipld/car/decoder'
import type { CID } from 'multiformats/cid'
import type { PieceSource } from './gateway-client'
import { CarError, PieceReader } from './piece-reader'

/** One block as a CAR holds it: nothing of it was checked. */
export interface CarBlock {
	readonly cid: CID
	/** In a buffer of its own. */
	readonly bytes: Uint8Array<ArrayBuffer>
}

/**
 * The blocks of a CAR as it arrives.
 * @param read - the next piece of the CAR; undefined at its end
 * @throws {@link CarError}, or what `read` throws
 */
export async function* carBlocks(read: PieceSource): AsyncGenerator<CarBlock, undefined> {
	const pieces = new PieceReader(read)
	const blocks = createDecoder(pieces).blocks()
	for (;;) {
		const next = await blocks.next().catch((error: unknown) => {
			if (pieces.failed) throw error
			throw error instanceof CarError ? error : new CarError('malformed', { cause: error })
		})
		if (next.done === true) return undefined
		// The block was asked of PieceReader as a whole, which gives every stretch in a buffer of its own.
		yield next.value as CarBlock
	}
}
