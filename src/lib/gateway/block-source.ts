import type { CID } from 'multiformats/cid'

export interface BlockRequestOptions {
	/** Must carry a deadline. */
	readonly signal: AbortSignal
	/** Multiaddrs or https gateway origins that may hold the block: advice, signed by nobody. */
	readonly hints?: readonly string[]
	/** Root of the file that the block belongs to: peers that hold the same file are asked together. */
	readonly file?: CID
	/** Told where the bytes came from, and of every block that was wrong. */
	readonly watch?: BlockWatch
}

/** Counts what a read took from whom. `name` is a gateway's origin, a peer's id, or `local`. */
export interface BlockWatch {
	/** One block that hashed to its CID. */
	received(kind: SourceKind, name: string, bytes: number): void
	/** One block that did not. */
	wrong(name: string): void
	/** Bytes that came and were of no use: a second copy, what nobody asked for, what came after a read was given up. */
	wasted(name: string, bytes: number): void
	/** The reader cannot go on before `wait` is over; undefined when it goes on. */
	waiting(wait: Wait | undefined): void
}

/** What a reader waits for. */
export interface Wait {
	/** Position in the file of the first byte that is missing. */
	readonly fromByte: number
	/** Since when, Unix ms. */
	readonly sinceMs: number
	/** Who was asked for it, by name. */
	readonly asked: readonly string[]
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
