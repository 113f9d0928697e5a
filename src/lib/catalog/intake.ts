import { errorCode, isAbort, type AppErrorCode } from '../errors'
import type { BlockSource } from '../gateway/block-source'
import type { AntiphonDatabase, StoredIntake } from '../storage/database'
import type { Catalog } from './catalog'
import { indexPublication, rootOfValue } from './publication-reader'
import { MAX_TRIES, retryWaitMs } from './retry'

/** What the intake needs to know of an announcement that was accepted. */
export interface Heard {
	readonly name: string
	readonly value: string
	readonly sequence: bigint
	readonly validUntilMs: number
	readonly hints: readonly string[]
}

export interface IntakeInit {
	readonly catalog: Catalog
	readonly database: AntiphonDatabase
	readonly source: BlockSource
	/** Publishers that the user blocked are not read. */
	readonly isBlocked?: (name: string) => boolean
	readonly now?: () => number
}

/** Publications read at the same time. */
const READS_AT_ONCE = 2
/** For one publication, all pages together. */
const READ_TIMEOUT_MS = 15 * 60_000
/** A name whose newest record has expired leaves the index this long after (protocol section 1). */
const QUIET_MS = 48 * 3600_000
const SWEEP_MS = 3600_000

/** What another try cannot mend: the bytes are there, and they are wrong. */
const FINAL: ReadonlySet<AppErrorCode> = new Set<AppErrorCode>([
	'publisher-mismatch',
	'invalid-head',
	'invalid-page',
	'invalid-record',
	'content-unsupported',
	'too-large',
	'too-many'
])

/**
 * Turns announcements into entries of the catalog: reads each publication, tries again what could not be had, and lets
 * names that have gone quiet leave. Runs in the leading tab; what it has done and has still to do survives a reload.
 */
export class Intake {
	readonly #init: IntakeInit
	readonly #now: () => number
	readonly #ending = new AbortController()
	/** Names that wait to be read, newest announcement of each. */
	readonly #queue = new Map<string, Heard>()
	readonly #reading = new Map<string, { readonly sequence: bigint; readonly stop: AbortController }>()
	readonly #timers = new Set<ReturnType<typeof setTimeout>>()

	constructor(init: IntakeInit) {
		this.#init = init
		this.#now = init.now ?? Date.now
	}

	/** Takes up what an earlier session left, and begins to sweep. */
	async start(): Promise<void> {
		const { database, catalog } = this.#init
		const [announcements, intakes, publishers, left] = await Promise.all([
			database.getAll('announcements'),
			database.getAll('intakes'),
			catalog.publishers(),
			catalog.left()
		])
		const intakeOf = new Map(intakes.map((intake) => [intake.name, intake]))
		// What left for the budget would leave again.
		const done = new Map([...left, ...publishers].map(({ name, sequence }) => [name, sequence]))
		for (const heard of announcements) {
			const intake = intakeOf.get(heard.name)
			const same = intake?.sequence === heard.sequence
			if (done.get(heard.name) === Number(heard.sequence) || (same && intake.state === 'refused')) continue
			if (same && intake.state === 'failed') this.#later(heard, intake)
			else this.take(heard)
		}
		await this.#sweep()
	}

	/** Reads what an accepted announcement leads to; one that is being read is dropped for a newer one. */
	take(heard: Heard): void {
		if (this.#ending.signal.aborted || this.#init.isBlocked?.(heard.name)) return
		const reading = this.#reading.get(heard.name)
		if (reading) {
			if (reading.sequence >= heard.sequence) return
			reading.stop.abort()
		}
		this.#queue.set(heard.name, heard)
		this.#pump()
	}

	dispose(): void {
		this.#ending.abort()
		for (const timer of this.#timers) clearTimeout(timer)
	}

	#pump(): void {
		for (const [name, heard] of this.#queue) {
			if (this.#reading.size >= READS_AT_ONCE) return
			if (this.#reading.has(name)) continue
			this.#queue.delete(name)
			void this.#read(heard)
		}
	}

	async #read(heard: Heard): Promise<void> {
		const stop = new AbortController()
		this.#reading.set(heard.name, { sequence: heard.sequence, stop })
		try {
			await this.#index(
				heard,
				AbortSignal.any([this.#ending.signal, stop.signal, AbortSignal.timeout(READ_TIMEOUT_MS)])
			)
			await this.#note(heard, { state: 'indexed', tries: 0, nextTryMs: 0 })
		} catch (error) {
			// Stopped for a newer announcement, or with the tab: what is stored still says that it waits.
			if (!stop.signal.aborted && !this.#ending.signal.aborted)
				await this.#failed(heard, error).catch(() => undefined)
		} finally {
			this.#reading.delete(heard.name)
			this.#pump()
		}
	}

	async #index(heard: Heard, signal: AbortSignal): Promise<void> {
		const { catalog, source } = this.#init
		const { name, validUntilMs, hints } = heard
		const publication = {
			name,
			root: rootOfValue(heard.value),
			sequence: Number(heard.sequence),
			validUntilMs,
			hints
		}
		try {
			await indexPublication(publication, source, catalog, signal)
		} catch (error) {
			// A name whose newest head belongs to somebody else keeps no entries.
			if (errorCode(error) === 'publisher-mismatch') await catalog.remove(name)
			throw error
		}
	}

	async #failed(heard: Heard, error: unknown): Promise<void> {
		const code = errorCode(error) ?? (isAbort(error) ? 'content-unavailable' : 'storage-failed')
		const held = await this.#init.database.get('intakes', heard.name)
		const tries = (held?.sequence === heard.sequence ? held.tries : 0) + 1
		const final = FINAL.has(code) || tries >= MAX_TRIES
		const nextTryMs = this.#now() + retryWaitMs(tries, Math.random())
		await this.#note(heard, { state: final ? 'refused' : 'failed', reason: code, tries, nextTryMs })
		if (!final) this.#later(heard, { tries, nextTryMs })
	}

	#later(heard: Heard, { nextTryMs }: Pick<StoredIntake, 'tries' | 'nextTryMs'>): void {
		this.#after(Math.max(0, nextTryMs - this.#now()), () => {
			this.take(heard)
		})
	}

	#note(heard: Heard, outcome: Omit<StoredIntake, 'name' | 'value' | 'sequence'>): Promise<unknown> {
		const { name, value, sequence } = heard
		return this.#init.database.put('intakes', { name, value, sequence, ...outcome })
	}

	async #sweep(): Promise<void> {
		const { catalog } = this.#init
		for (const { name, validUntilMs } of await catalog.publishers()) {
			if (validUntilMs + QUIET_MS < this.#now()) await catalog.remove(name)
		}
		this.#after(SWEEP_MS, () => {
			void this.#sweep().catch(() => undefined)
		})
	}

	#after(waitMs: number, work: () => void): void {
		const timer = setTimeout(
			() => {
				this.#timers.delete(timer)
				work()
			},
			// Longer waits overflow a timer's 32 bits.
			Math.min(waitMs, 2 ** 31 - 1)
		)
		this.#timers.add(timer)
	}
}
