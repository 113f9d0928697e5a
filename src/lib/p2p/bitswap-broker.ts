import type { BlockAnnounceOptions, BlockBroker, BlockRetrievalOptions } from '@helia/interface'
import type { CID } from 'multiformats/cid'
import type { BlockWatch } from '../gateway/block-source'
import type { Bitswap } from './bitswap'

/** What a single `helia.blockstore.get` can tell the broker: Helia hands on options that it does not know. */
export interface RetrievalOptions extends BlockRetrievalOptions {
	/** Called when the block is not here: dials, begun now or before, that may bring a peer that has it. */
	readonly hopes?: () => readonly Promise<unknown>[]
	/** Root of the file that the block is of. */
	readonly file?: CID
	/** The same as text: the block store keeps the block with the others of the file. */
	readonly group?: string
	readonly watch?: BlockWatch
	/** Hears of the block, checked, and of the peer that sent it, before Helia tries to keep it. */
	readonly onretrieved?: (bytes: Uint8Array, from: string) => void
}

/**
 * Gives Helia our {@link Bitswap} to get blocks by. It asks connected peers and those that `hopes` bring, never a
 * router, and ignores `providers`: who asks has them dialled.
 */
export class BitswapBroker implements BlockBroker {
	readonly name = 'antiphon-bitswap'
	readonly #bitswap: Bitswap
	readonly #signal: AbortSignal

	/** @param signal - ends wants that come without one */
	constructor(bitswap: Bitswap, signal: AbortSignal) {
		this.#bitswap = bitswap
		this.#signal = signal
	}

	/** @throws AppError `content-unavailable`, or the reason of `signal` */
	async retrieve(cid: CID, options: RetrievalOptions = {}): Promise<Uint8Array> {
		const { bytes, from } = await this.#bitswap.want(cid, {
			signal: options.signal ?? this.#signal,
			hopes: options.hopes?.(),
			file: options.file,
			watch: options.watch
		})
		options.onretrieved?.(bytes, from)
		return bytes
	}

	/** Helia calls this when it has kept a block that it got; of a block put, before: see `Peer.publish`. */
	announce(cid: CID, options?: BlockAnnounceOptions): Promise<void> {
		options?.signal?.throwIfAborted()
		this.#bitswap.notify(cid)
		return Promise.resolve()
	}
}
