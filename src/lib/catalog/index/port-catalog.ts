import { AppError } from '../../errors'
import type {
	AlbumRow,
	ApplyOutcome,
	Catalog,
	CatalogTotals,
	LeftPublication,
	ListenerFacts,
	PublicationInput,
	PublisherRow,
	SearchAnswer,
	SearchQuery,
	Suggestion,
	Wish
} from '../catalog'
import type { EntryRow } from '../row'
import { CATALOG_PORT_VERSION, fromPortError, type CatalogCall, type CatalogMethod, type CatalogWorkerMessage, type TabMessage } from './port-protocol' // prettier-ignore

/** One worker as seen from here. */
export interface WorkerLink {
	/** @param transfer - what goes over and is gone here */
	post(message: TabMessage, transfer?: Transferable[]): void
	onmessage: (message: CatalogWorkerMessage) => void
	/** The worker could not start, or broke. */
	onfailed: (reason: string) => void
	close(): void
}

/**
 * Starts a worker or joins a running one.
 * @param failures - workers lost in a row before this one; undefined return: there is nothing left to try
 */
export type Connect = (failures: number) => WorkerLink | undefined

export interface PortCatalogTimes {
	/** A worker is asked this often whether it is there, while calls wait for it. */
	readonly pingMs: number
	/** Pings in a row without any message before the worker counts as lost. Counted, as a frozen tab's clock jumps. */
	readonly silentPings: number
	readonly deadlinesMs: Readonly<Partial<Record<CatalogMethod, number>>>
	readonly deadlineMs: number
}

const TIMES: PortCatalogTimes = {
	pingMs: 2000,
	silentPings: 8,
	// An index that must be made anew takes a minute for a hundred thousand entries on a phone.
	deadlinesMs: { open: 5 * 60_000, apply: 30 * 60_000, search: 20_000 },
	deadlineMs: 60_000
}

/** A call is made again on a new worker (all may be repeated), but not for ever. */
const MAX_TRIES = 3

interface PendingCall {
	readonly call: CatalogCall
	readonly resolve: (value: unknown) => void
	readonly reject: (reason: unknown) => void
	tries: number
}

/** The {@link Catalog} of a tab: every call crosses to the worker, has a deadline, and outlives a worker that breaks. */
export class PortCatalog implements Catalog {
	readonly #connect: Connect
	readonly #startHelper: (() => MessagePort | undefined) | undefined
	/** The worker that has been lent a helper. */
	#helped: WorkerLink | undefined
	readonly #times: PortCatalogTimes
	readonly #pending = new Map<number, PendingCall>()
	readonly #listeners = new Set<(totals: CatalogTotals) => void>()
	#link: WorkerLink | undefined
	/** Said again to each new worker, which has forgotten it. */
	#facts: ListenerFacts | undefined
	#failures = 0
	#nextId = 1
	#pings: ReturnType<typeof setInterval> | undefined
	#silent = 0
	#disposed = false

	/** @param startHelper - starts a worker that prepares pages for the catalog worker, and gives a port to it */
	constructor(
		connect: Connect,
		times: Partial<PortCatalogTimes> = {},
		startHelper?: () => MessagePort | undefined
	) {
		this.#connect = connect
		this.#startHelper = startHelper
		this.#times = { ...TIMES, ...times }
	}

	open(): Promise<CatalogTotals> {
		return this.#ask({ method: 'open', args: [] })
	}

	apply(publication: PublicationInput): Promise<ApplyOutcome> {
		return this.#ask({ method: 'apply', args: [publication] })
	}

	heldPages(publisher: string): Promise<readonly string[]> {
		return this.#ask({ method: 'heldPages', args: [publisher] })
	}

	remove(publisher: string): Promise<void> {
		return this.#ask({ method: 'remove', args: [publisher] })
	}

	left(): Promise<readonly LeftPublication[]> {
		return this.#ask({ method: 'left', args: [] })
	}

	search(query: SearchQuery, signal?: AbortSignal): Promise<SearchAnswer> {
		return this.#ask({ method: 'search', args: [query] }, signal)
	}

	suggest(text: string, limit?: number, signal?: AbortSignal): Promise<readonly Suggestion[]> {
		return this.#ask({ method: 'suggest', args: limit === undefined ? [text] : [text, limit] }, signal)
	}

	know(facts: ListenerFacts): Promise<void> {
		this.#facts = facts
		return this.#ask({ method: 'know', args: [facts] })
	}

	wishes(): Promise<readonly Wish[]> {
		return this.#ask({ method: 'wishes', args: [] })
	}

	wish(wish: Parameters<Catalog['wish']>[0]): Promise<Wish> {
		return this.#ask({ method: 'wish', args: [wish] })
	}

	sawWish(id: string): Promise<void> {
		return this.#ask({ method: 'sawWish', args: [id] })
	}

	forgetWish(id: string): Promise<void> {
		return this.#ask({ method: 'forgetWish', args: [id] })
	}

	publishers(): Promise<readonly PublisherRow[]> {
		return this.#ask({ method: 'publishers', args: [] })
	}

	publisher(name: string): Promise<PublisherRow | undefined> {
		return this.#ask({ method: 'publisher', args: [name] })
	}

	keepersOf(publisher: string, limit: number): ReturnType<Catalog['keepersOf']> {
		return this.#ask({ method: 'keepersOf', args: [publisher, limit] })
	}

	entriesOf(publisher: string, from: number, limit: number): Promise<readonly EntryRow[]> {
		return this.#ask({ method: 'entriesOf', args: [publisher, from, limit] })
	}

	entriesByFile(file: string): Promise<readonly EntryRow[]> {
		return this.#ask({ method: 'entriesByFile', args: [file] })
	}

	albums(options: { publisher?: string; limit: number; offset?: number }): Promise<readonly AlbumRow[]> {
		return this.#ask({ method: 'albums', args: [options] })
	}

	album(key: string): Promise<{ album: AlbumRow; rows: readonly EntryRow[] } | undefined> {
		return this.#ask({ method: 'album', args: [key] })
	}

	onchange(listener: (totals: CatalogTotals) => void): () => void {
		this.#listeners.add(listener)
		return () => this.#listeners.delete(listener)
	}

	dispose(): void {
		this.#disposed = true
		this.#listeners.clear()
		this.#stopPings()
		this.#link?.post({ type: 'bye' })
		this.#link?.close()
		this.#link = undefined
		for (const { reject } of this.#pending.values())
			reject(new DOMException('the catalog was closed', 'AbortError'))
		this.#pending.clear()
	}

	async #ask<Value>(call: CatalogCall, signal?: AbortSignal): Promise<Value> {
		signal?.throwIfAborted()
		if (this.#disposed) throw new DOMException('the catalog was closed', 'AbortError')
		const id = this.#nextId++
		const { promise, resolve, reject } = Promise.withResolvers<unknown>()
		const deadlineMs = this.#times.deadlinesMs[call.method] ?? this.#times.deadlineMs
		const giveUp = (reason: unknown) => {
			this.#link?.post({ type: 'abort', id })
			reject(reason)
		}
		const abort = () => {
			giveUp(signal?.reason)
		}
		const deadline = setTimeout(() => {
			giveUp(new AppError('storage-failed', `the catalog did not answer ${call.method} in ${deadlineMs / 1000} s`))
		}, deadlineMs)
		signal?.addEventListener('abort', abort)
		const pending: PendingCall = { call, resolve, reject, tries: 0 }
		this.#pending.set(id, pending)
		try {
			this.#send(id, pending)
			return (await promise) as Value
		} finally {
			clearTimeout(deadline)
			signal?.removeEventListener('abort', abort)
			this.#pending.delete(id)
			if (this.#pending.size === 0) this.#stopPings()
		}
	}

	#send(id: number, pending: PendingCall): void {
		const link = (this.#link ??= this.#join())
		if (link === undefined) {
			pending.reject(new AppError('storage-failed', 'the catalog worker does not start'))
			return
		}
		pending.tries++
		if (pending.call.method === 'apply') this.#lendHelper(link)
		try {
			link.post({ type: 'call', version: CATALOG_PORT_VERSION, id, ...pending.call })
		} catch (error) {
			pending.reject(
				new AppError('storage-failed', 'a call could not be sent to the catalog worker', { cause: error })
			)
			return
		}
		this.#pings ??= setInterval(() => {
			this.#ping()
		}, this.#times.pingMs)
	}

	/** From the first publication on; a worker that does without is only slower. */
	#lendHelper(link: WorkerLink): void {
		if (this.#helped === link) return
		this.#helped = link
		const port = this.#startHelper?.()
		if (port !== undefined) link.post({ type: 'helper', version: CATALOG_PORT_VERSION, port }, [port])
	}

	#join(): WorkerLink | undefined {
		let link: WorkerLink | undefined
		try {
			link = this.#connect(this.#failures)
		} catch {
			this.#failures++
			return this.#failures < MAX_TRIES ? this.#join() : undefined
		}
		if (link === undefined) {
			this.#failures = 0
			return undefined
		}
		const joined = link
		joined.onmessage = (message) => {
			if (this.#link === joined) this.#hear(message)
		}
		joined.onfailed = (reason) => {
			if (this.#link === joined) this.#lost(reason)
		}
		this.#silent = 0
		if (this.#facts !== undefined) {
			const id = this.#nextId++
			joined.post({ type: 'call', version: CATALOG_PORT_VERSION, id, method: 'know', args: [this.#facts] })
		}
		return joined
	}

	#hear(message: CatalogWorkerMessage): void {
		this.#silent = 0
		this.#failures = 0
		switch (message.type) {
			case 'result':
				this.#pending.get(message.id)?.resolve(message.value)
				break
			case 'failed':
				this.#pending.get(message.id)?.reject(fromPortError(message.error))
				break
			case 'changed':
				for (const listener of this.#listeners) listener(message.totals)
				break
			case 'pong':
		}
	}

	#ping(): void {
		if (this.#silent >= this.#times.silentPings) {
			this.#lost('it does not answer')
			return
		}
		this.#silent++
		this.#link?.post({ type: 'ping' })
	}

	#lost(reason: string): void {
		this.#link?.close()
		this.#link = undefined
		this.#failures++
		this.#stopPings()
		for (const [id, pending] of this.#pending) {
			if (pending.tries < MAX_TRIES) this.#send(id, pending)
			else
				pending.reject(
					new AppError('storage-failed', `the catalog worker was lost: ${reason}`, { detail: reason })
				)
		}
	}

	#stopPings(): void {
		clearInterval(this.#pings)
		this.#pings = undefined
		this.#silent = 0
	}
}
