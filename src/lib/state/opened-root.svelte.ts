import type { EntryRow } from '$lib/catalog/row'

export interface OpenedRoot {
	readonly displayName: string
	/** IPNS name of the publisher that its head names, which nothing has checked yet; absent for the other kinds of root. */
	readonly publisher?: string
	readonly rows: readonly EntryRow[]
	/** Entries that broke a rule and were left out. */
	readonly dropped: number
}

/** Reads what lies below an address. @throws AppError */
export type RootReader = (cid: string, path: string, signal: AbortSignal) => Promise<OpenedRoot>

const TIMEOUT_MS = 120_000

/** A root opened by its address, without an announcement. It is read here and leaves nothing in the index. */
export class OpenedRootState {
	#root = $state.raw<OpenedRoot>()
	#failure = $state.raw<unknown>()
	#reading = new AbortController()
	readonly #read: RootReader

	constructor(read: RootReader) {
		this.#read = read
	}

	get root(): OpenedRoot | undefined {
		return this.#root
	}
	get failure(): unknown {
		return this.#failure
	}

	/** Reads another one; the one before is dropped. */
	async open(cid: string, path: string): Promise<void> {
		this.dispose()
		const { signal } = (this.#reading = new AbortController())
		this.#root = undefined
		this.#failure = undefined
		try {
			const root = await this.#read(cid, path, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]))
			if (!signal.aborted) this.#root = root
		} catch (error) {
			if (!signal.aborted) this.#failure = error
		}
	}

	dispose(): void {
		this.#reading.abort()
	}
}
