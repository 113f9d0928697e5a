import { budgetOf } from '$lib/storage/room'
import { STORAGE_CHANNEL, type StorageNotice } from '$lib/storage/storage-notice'

/** What the block store holds. */
interface StoredBlocks {
	readonly blocks: number
	readonly bytes: number
	/** Of these, what stays: published, kept offline, in use. */
	readonly protectedBytes: number
}

export interface StorageDoors {
	/** Throws away blocks that can be had again; what is published from here stays. Absent where nothing can do it. */
	readonly free?: (() => Promise<{ readonly freedBytes: number }>) | undefined
	readonly totals?: () => Promise<StoredBlocks>
	/** `navigator.storage`; absent where the page is not secure. */
	readonly storage?: Pick<StorageManager, 'estimate' | 'persist' | 'persisted'> | undefined
}

/** What this browser's storage holds of the app, and whether it stays. */
export class StorageState {
	#usedBytes = $state.raw<number>()
	#quotaBytes = $state.raw<number>()
	#stored = $state.raw<StoredBlocks>()
	#trouble = $state.raw<'full' | 'failed'>()
	#persisted = $state.raw<boolean>()
	#freeing = $state(false)
	#refused = $state(false)
	readonly #doors: StorageDoors
	#channel: BroadcastChannel | undefined

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

	/** Absent until it was counted, and where it cannot be. */
	get stored(): StoredBlocks | undefined {
		return this.#stored
	}

	/** Why what is played is not kept just now: there is no room, or the browser does not take it. */
	get trouble(): 'full' | 'failed' | undefined {
		return this.#trouble
	}

	/** Bytes that may be taken by what can be had again. @param chosenBytes - as in `Settings.cacheBytes` */
	budgetBytes(chosenBytes: number): number {
		return budgetOf(chosenBytes, this.#quotaBytes ?? 0)
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

	/** From then on follows whether what is played can be kept. */
	open(): void {
		this.#channel = new BroadcastChannel(STORAGE_CHANNEL)
		this.#channel.onmessage = ({ data }: MessageEvent<StorageNotice>) => {
			this.#trouble = data.state === 'ok' ? undefined : data.state
		}
	}

	dispose(): void {
		this.#channel?.close()
	}

	/** Asks the browser how things stand, and counts. */
	async measure(): Promise<void> {
		const { storage } = this.#doors
		const counting = this.#doors.totals?.().catch(() => undefined)
		const [estimate, persisted] = await Promise.all([
			storage?.estimate().catch(() => undefined),
			storage?.persisted().catch(() => undefined)
		])
		this.#usedBytes = estimate?.usage
		this.#quotaBytes = estimate?.quota
		this.#persisted = persisted
		this.#stored = await counting
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
