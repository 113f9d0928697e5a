/** The newest blocks of a file, within a bound. */
export class BlockMemory {
	readonly #blocks = new Map<string, Uint8Array>()
	readonly #maxBytes: number
	#bytes = 0

	constructor(maxBytes: number) {
		this.#maxBytes = maxBytes
	}

	has(key: string): boolean {
		return this.#blocks.has(key)
	}

	get(key: string): Uint8Array | undefined {
		const bytes = this.#blocks.get(key)
		if (bytes !== undefined) {
			this.#blocks.delete(key)
			this.#blocks.set(key, bytes)
		}
		return bytes
	}

	put(key: string, bytes: Uint8Array): void {
		if (this.#blocks.has(key)) return
		this.#blocks.set(key, bytes)
		this.#bytes += bytes.byteLength
		for (const [oldest, { byteLength }] of this.#blocks) {
			if (this.#bytes <= this.#maxBytes || oldest === key) break
			this.#blocks.delete(oldest)
			this.#bytes -= byteLength
		}
	}

	clear(): void {
		this.#blocks.clear()
		this.#bytes = 0
	}
}
