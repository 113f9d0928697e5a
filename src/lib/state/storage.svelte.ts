export interface StorageDoors {
	/** Throws away blocks that can be had again; what is published from here stays. Absent where nothing can do it. */
	readonly free?: (() => Promise<{ readonly freedBytes: number }>) | undefined
	/** Number of blocks kept. */
	readonly countBlocks?: () => Promise<number>
	/** `navigator.storage`; absent where the page is not secure. */
	readonly storage?: Pick<StorageManager, 'estimate' | 'persist' | 'persisted'> | undefined
}

/** What this browser's storage holds of the app, and whether it stays. */
export class StorageState {
	#usedBytes = $state.raw<number>()
	#quotaBytes = $state.raw<number>()
	#blocks = $state.raw<number>()
	#persisted = $state.raw<boolean>()
	#freeing = $state(false)
	#refused = $state(false)
	readonly #doors: StorageDoors

	constructor(doors: StorageDoors) {
		this.#doors = doors
	}

	/** Absent where the browser does not say. */
	get usedBytes(): number | undefined {
		return this.#usedBytes
	}

	get quotaBytes(): number | undefined {
		return this.#quotaBytes
	}

	get blocks(): number | undefined {
		return this.#blocks
	}

	/** Whether the browser has promised not to clear it by itself; absent where it does not say. */
	get persisted(): boolean | undefined {
		return this.#persisted
	}

	/** The browser was asked to keep it, and said no. */
	get refused(): boolean {
		return this.#refused
	}

	get canFree(): boolean {
		return this.#doors.free !== undefined
	}

	get freeing(): boolean {
		return this.#freeing
	}

	/** Asks the browser how things stand. */
	async measure(): Promise<void> {
		const { storage } = this.#doors
		const [estimate, persisted, blocks] = await Promise.all([
			storage?.estimate().catch(() => undefined),
			storage?.persisted().catch(() => undefined),
			this.#doors.countBlocks?.().catch(() => undefined)
		])
		this.#usedBytes = estimate?.usage
		this.#quotaBytes = estimate?.quota
		this.#persisted = persisted
		this.#blocks = blocks
	}

	async persist(): Promise<void> {
		this.#persisted = await this.#doors.storage?.persist().catch(() => false)
		this.#refused = this.#persisted === false
	}

	/** Gives the number of bytes that were freed. */
	async free(): Promise<number> {
		this.#freeing = true
		try {
			const freed = await this.#doors.free?.()
			await this.measure()
			return freed?.freedBytes ?? 0
		} finally {
			this.#freeing = false
		}
	}
}
