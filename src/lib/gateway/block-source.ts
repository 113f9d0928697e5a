import type { CID } from 'multiformats/cid'

export interface BlockRequestOptions {
	/** Must carry a deadline. */
	readonly signal: AbortSignal
	/** Multiaddrs or https gateway origins that may hold the block: advice, signed by nobody. */
	readonly hints?: readonly string[]
	/** Told where the bytes came from, and of every block that was wrong. */
	readonly watch?: BlockWatch
}

/** Counts what a read took from whom. `name` is a gateway's origin, a peer, or this device. */
export interface BlockWatch {
	received(kind: SourceKind, name: string, bytes: number): void
	wrong(name: string): void
}

/** Where bytes came from, for the totals that Network shows. */
export type SourceKind = 'local' | 'peer' | 'gateway'

/**
 * Anywhere a block can be had from. `get` gives bytes that hash to the CID: whoever implements it checks.
 * @throws AppError `content-unavailable` when nobody had it, `content-unverified` when all that came was wrong
 */
export interface BlockSource {
	get(cid: CID, options: BlockRequestOptions): Promise<Uint8Array>
}
