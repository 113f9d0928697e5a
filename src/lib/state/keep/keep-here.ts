import type { EntryRow } from '$lib/catalog/row'
import { AppError, errorCode } from '$lib/errors'
import type { LibraryState } from '../library.svelte'
import type { Keep, KeptFile } from './keep'
import type { KeepsPorts } from './keeps.svelte'

/** How far a keep has been fetched. */
export interface KeepProgress {
	readonly filesDone: number
	readonly files: number
	readonly bytesDone: number
	readonly bytes: number
}

export interface KeepHerePorts extends Pick<KeepsPorts, 'library' | 'fetch' | 'canFetch'> {
	/** Bytes that may be kept here. */
	readonly budgetBytes: () => number
	readonly files: (keep: Keep) => Promise<readonly KeptFile[]>
	/** Undefined when it is over. */
	readonly onprogress: (id: string, progress: KeepProgress | undefined) => void
}

/** Files fetched at a time. */
const LANES = 2
/** Files that were fetched are noted in groups: each note writes the whole shelf. */
const NOTED_AT_ONCE = 20
const TOLD_EVERY_MS = 250

/** Fetches what is to be kept here, one keep after the other. */
export class KeepHere {
	readonly #ports: KeepHerePorts
	readonly #ending = new AbortController()
	#running: { readonly id: string; readonly stop: AbortController } | undefined

	constructor(ports: KeepHerePorts) {
		this.#ports = ports
	}

	/** Looks at what there is to do. To be called at each change. */
	work(): void {
		const { library, canFetch } = this.#ports
		if (this.#running) {
			const { id, stop } = this.#running
			if (library.keeps.find((keep) => keep.id === id)?.here !== 'wanted') stop.abort()
			return
		}
		if (this.#ending.signal.aborted || !canFetch()) return
		// The oldest wish first.
		const next = library.keeps.findLast(({ here }) => here === 'wanted')
		if (next) void this.#run(next)
	}

	dispose(): void {
		this.#ending.abort()
	}

	async #run(keep: Keep): Promise<void> {
		const { onprogress } = this.#ports
		const stop = new AbortController()
		this.#running = { id: keep.id, stop }
		const signal = AbortSignal.any([this.#ending.signal, stop.signal])
		let problem: unknown
		try {
			await this.#fetchAll(keep, signal)
		} catch (error) {
			problem = error
		}
		this.#running = undefined
		onprogress(keep.id, undefined)
		if (!signal.aborted) this.#over(keep.id, problem)
		this.work()
	}

	#over(id: string, problem: unknown): void {
		const { library } = this.#ports
		const keep = library.keeps.find((other) => other.id === id)
		if (keep === undefined) return
		const { problem: _, ...rest } = keep
		if (problem === undefined) library.putKeep({ ...rest, here: 'done' })
		else library.putKeep({ ...rest, here: 'failed', problem: errorCode(problem) ?? 'unknown' })
	}

	/** @throws what the first file threw that could not be had, after all others were fetched */
	async #fetchAll(keep: Keep, signal: AbortSignal): Promise<void> {
		const { library, fetch } = this.#ports
		const files = await this.#ports.files(keep)
		const tally = new Tally(files, library, (progress) => {
			this.#ports.onprogress(keep.id, progress)
		})
		const notes = new Notes(library)
		const queue = files.filter(({ file }) => !library.isKept(file)).values()
		let failure: unknown
		const lane = async () => {
			for (const file of queue) {
				signal.throwIfAborted()
				try {
					this.#withinBudget(file, tally.underWay(file))
					const sizeBytes = await fetch(file, {
						signal,
						onprogress: (bytesDone, bytes) => {
							tally.at(file, bytesDone, bytes)
						}
					})
					tally.done(file, sizeBytes)
					if (file.row) notes.add({ ...file.row, sizeBytes })
				} catch (error) {
					signal.throwIfAborted()
					tally.leave(file)
					if (errorCode(error) === 'over-budget') throw error
					failure ??= error
				}
			}
		}
		try {
			const outcomes = await Promise.allSettled(Array.from({ length: LANES }, lane))
			for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
		} finally {
			tally.end()
			notes.flush()
			await library.settled()
		}
		if (failure !== undefined) throw failure as Error
	}

	/** @param underWayBytes - of this keep, fetched and not noted yet or being fetched */
	#withinBudget({ sizeBytes }: KeptFile, underWayBytes: number): void {
		const { library, budgetBytes } = this.#ports
		const held = library.kept.reduce((sum, { row }) => sum + row.sizeBytes, 0)
		if (held + underWayBytes + sizeBytes > budgetBytes())
			throw new AppError('over-budget', 'more than may be kept here')
	}
}

/** Files that are here and not noted yet. */
class Notes {
	readonly #library: LibraryState
	#rows: EntryRow[] = []

	constructor(library: LibraryState) {
		this.#library = library
	}

	add(row: EntryRow): void {
		this.#rows.push(row)
		if (this.#rows.length >= NOTED_AT_ONCE) this.flush()
	}

	flush(): void {
		this.#library.addKept(this.#rows)
		this.#rows = []
	}
}

/** Counts files and bytes, and tells a few times a second. */
class Tally {
	readonly #library: LibraryState
	readonly #sizes: Map<string, number>
	readonly #done = new Map<string, number>()
	readonly #tell: (progress: KeepProgress) => void
	#saying: ReturnType<typeof setTimeout> | undefined
	#filesDone = 0

	constructor(files: readonly KeptFile[], library: LibraryState, tell: (progress: KeepProgress) => void) {
		this.#library = library
		this.#tell = tell
		this.#sizes = new Map(files.map(({ file, sizeBytes }) => [file, sizeBytes]))
		for (const { file, sizeBytes } of files) {
			if (!library.isKept(file)) continue
			this.#done.set(file, sizeBytes)
			this.#filesDone++
		}
		this.#say()
	}

	at({ file }: KeptFile, bytesDone: number, sizeBytes: number): void {
		this.#done.set(file, bytesDone)
		this.#sizes.set(file, sizeBytes)
		this.#say()
	}

	done(file: KeptFile, sizeBytes: number): void {
		this.#filesDone++
		this.at(file, sizeBytes, sizeBytes)
	}

	leave({ file }: KeptFile): void {
		this.#done.delete(file)
	}

	/** Bytes that are here, or on their way, and that the library does not count yet; without one file. */
	underWay({ file }: KeptFile): number {
		let bytes = 0
		for (const other of this.#done.keys())
			if (other !== file && !this.#library.isKept(other)) bytes += this.#sizes.get(other) ?? 0
		return bytes
	}

	end(): void {
		clearTimeout(this.#saying)
	}

	#say(): void {
		if (this.#saying !== undefined) return
		this.#now()
		this.#saying = setTimeout(() => {
			this.#saying = undefined
			this.#now()
		}, TOLD_EVERY_MS)
	}

	#now(): void {
		const sum = (bytes: Iterable<number>) => [...bytes].reduce((total, each) => total + each, 0)
		this.#tell({
			filesDone: this.#filesDone,
			files: this.#sizes.size,
			bytesDone: sum(this.#done.values()),
			bytes: sum(this.#sizes.values())
		})
	}
}
