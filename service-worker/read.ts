import type { BlockSource, BlockWatch } from '../src/lib/gateway/block-source'

/** What belongs to one read of content: whom to ask for the visit that reads, and who counts the bytes. */
export interface Read {
	readonly sources: BlockSource
	readonly watch: BlockWatch
}

const READ = Symbol('read')

/** Options on their way through verified-fetch, the exporter and Helia down to the block broker. */
export interface ReadOptions {
	readonly signal?: AbortSignal
	readonly [READ]?: Read
}

/**
 * Options that carry a read. verified-fetch, ipfs-unixfs-exporter and Helia hand their options down to the block store and
 * the broker unchanged, as they must for `signal`, `onProgress` and `blockReadConcurrency`; this goes the same way.
 */
export function carrying<T extends object>(read: Read, options: T): T & ReadOptions {
	return { ...options, [READ]: read }
}

export function readOf(options: object | undefined): Read | undefined {
	return (options as ReadOptions | undefined)?.[READ]
}
