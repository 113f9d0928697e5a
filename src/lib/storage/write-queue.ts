/** Of one transaction: a read waits behind it for about 50 ms at the most. */
const BATCH_BYTES = 4 * 1024 * 1024
/** The browser copies parts of files by itself, and is about so many times quicker at it. */
const PARTS_QUICKER = 4
const BATCH_BLOCKS = 256

export interface WaitingBlock {
	readonly key: string
	/** A blob is a part of a file. */
	readonly bytes: Uint8Array | Blob
	readonly group: string | undefined
}

export const sizeOf = (bytes: Uint8Array | Blob): number => (bytes instanceof Blob ? bytes.size : bytes.byteLength)

interface Entry {
	readonly block: WaitingBlock
	readonly resolve: () => void
	readonly reject: (reason: unknown) => void
}

/** Writes blocks in batches: whatever comes while one batch is being written goes together in the next. */
export class WriteQueue {
	readonly #commit: (blocks: readonly WaitingBlock[]) => Promise<void>
	readonly #waiting: Entry[] = []
	/** Every block that is not written yet, by key. */
	readonly #unwritten = new Map<string, Uint8Array | Blob>()
	#running: Promise<void> | undefined

	constructor(commit: (blocks: readonly WaitingBlock[]) => Promise<void>) {
		this.#commit = commit
	}

	/** Resolves when the block is written. */
	add(block: WaitingBlock): Promise<void> {
		const { promise, resolve, reject } = Promise.withResolvers<void>()
		this.#waiting.push({ block, resolve, reject })
		this.#unwritten.set(block.key, block.bytes)
		this.#running ??= this.#run().finally(() => {
			this.#running = undefined
		})
		return promise
	}

	peek(key: string): Uint8Array | Blob | undefined {
		return this.#unwritten.get(key)
	}

	/** Resolves when all that was added is written, or failed to be. */
	async settled(): Promise<void> {
		while (this.#running !== undefined) await this.#running
	}

	async #run(): Promise<void> {
		// What is added in the same turn goes together.
		await Promise.resolve()
		while (this.#waiting.length > 0) {
			const batch = this.#next()
			try {
				await this.#commit(batch.map(({ block }) => block))
				for (const { resolve } of batch) resolve()
			} catch (error) {
				for (const { reject } of batch) reject(error)
			}
			for (const { block } of batch) {
				if (this.#unwritten.get(block.key) === block.bytes) this.#unwritten.delete(block.key)
			}
		}
	}

	#next(): Entry[] {
		let count = 0
		let bytes = 0
		for (const { block } of this.#waiting) {
			bytes += sizeOf(block.bytes) / (block.bytes instanceof Blob ? PARTS_QUICKER : 1)
			if (count > 0 && (bytes > BATCH_BYTES || count === BATCH_BLOCKS)) break
			count++
		}
		return this.#waiting.splice(0, count)
	}
}
