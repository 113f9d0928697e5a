import { isAbort } from '../errors'
import type { StoredTotals } from './block-database'
import type { EvictOptions, Evicted } from './eviction'
import { overQuota } from './quota'
import type { Room } from './room'

/** So long, or for so many bytes, what was read of settings and quota counts as true. */
const ROOM_MS = 60_000
const ROOM_BYTES = 64 * 1024 * 1024
/** What is freed when the disk turns out to be full. */
const FULL_BYTES = 64 * 1024 * 1024

export interface BudgetWatchInit {
	readonly room: () => Promise<Room>
	readonly nowMs: () => number
	readonly evict: (wanted: EvictOptions) => Promise<Evicted>
}

/** Has blocks evicted when what is written goes over the budget, or near the browser's quota. */
export class BudgetWatch {
	readonly #init: BudgetWatchInit
	#room: Promise<Room> | undefined
	#readMs = -Infinity
	#sinceBytes = 0
	/** Not before this time again: what was found to be protected stays so for a while. */
	#pausedMs = -Infinity
	#running: Promise<void> | undefined
	#latest: StoredTotals | undefined

	constructor(init: BudgetWatchInit) {
		this.#init = init
	}

	/** The budget in bytes. @throws what reading settings and quota throws */
	async bytes(): Promise<number> {
		return (await this.#read()).budgetBytes
	}

	/** To be called after each write, with what the store holds now. */
	written(bytes: number, totals: StoredTotals): void {
		this.#sinceBytes += bytes
		this.#latest = totals
		this.#running ??= this.#keepUp()
			.catch((error: unknown) => {
				if (!isAbort(error)) console.warn('blocks were not evicted', error)
				this.#pause()
			})
			.finally(() => {
				this.#running = undefined
			})
	}

	/** To be called when the disk was full. Resolves to whether there may be room now. */
	async full(): Promise<boolean> {
		const { freedBytes } = await this.#init.evict({ freeBytes: FULL_BYTES })
		return freedBytes > 0
	}

	async settled(): Promise<void> {
		await this.#running
	}

	/** Until nothing was written since it looked last. */
	async #keepUp(): Promise<void> {
		for (let totals = this.#latest; totals !== undefined; totals = this.#latest) {
			this.#latest = undefined
			if (this.#init.nowMs() >= this.#pausedMs) await this.#check(totals)
		}
	}

	async #check({ bytes, protectedBytes, counted }: StoredTotals): Promise<void> {
		const { budgetBytes, quota } = await this.#read()
		const freeBytes = overQuota(quota)
		if (counted && freeBytes === 0 && bytes - protectedBytes <= budgetBytes) return
		const { freedBytes } = await this.#init.evict({ freeBytes })
		if (freedBytes === 0 || freedBytes < freeBytes) this.#pause()
		if (freeBytes > 0) this.#room = undefined
	}

	#pause(): void {
		this.#pausedMs = this.#init.nowMs() + ROOM_MS
	}

	#read(): Promise<Room> {
		const now = this.#init.nowMs()
		if (this.#room === undefined || now - this.#readMs > ROOM_MS || this.#sinceBytes > ROOM_BYTES) {
			this.#readMs = now
			this.#sinceBytes = 0
			this.#room = this.#init.room()
		}
		return this.#room
	}
}
