import { AppError } from '../../errors'
import type { RowOrigin } from '../entry'
import { fromPortError, toPortError, type PortError } from './port-protocol'
import { preparePage, readPage, type PageRows, type PreparedPage } from './page-reading'
import { rememberingFold } from './entry-words'
import { TimeSlices } from './time-slices'

/** Catalog worker to helper. */
interface Asked {
	readonly id: number
	readonly bytes: Uint8Array
	readonly origin: RowOrigin
}

/** Helper to catalog worker. */
type Answered =
	{ readonly id: number; readonly page: PreparedPage } | { readonly id: number; readonly error: PortError }

/** A page of 1 MiB takes half a second on a slow phone. */
const ANSWER_MS = 15_000

/** Prepares the pages that are asked for through this port, in a worker that has nothing else to do. */
export function servePages(port: MessagePort): void {
	const fold = rememberingFold()
	port.onmessage = async ({ data: { id, bytes, origin } }: MessageEvent<Asked>) => {
		try {
			const page = await preparePage(bytes, origin, new TimeSlices(), fold)
			const buffers = [...page.blocks.rows, ...page.blocks.texts].map(([, block]) => block.buffer)
			port.postMessage({ id, page } satisfies Answered, buffers)
		} catch (error) {
			port.postMessage({ id, error: toPortError(error) } satisfies Answered)
		}
	}
}

/** A worker of a tab that reads pages for the catalog worker, so that both cores are busy. */
export class PagePreparer {
	readonly #port: MessagePort
	readonly #pending = new Map<number, PromiseWithResolvers<PreparedPage>>()
	#nextId = 1
	#gone = false

	constructor(port: MessagePort) {
		this.#port = port
		port.onmessage = ({ data }: MessageEvent<Answered>) => {
			const pending = this.#pending.get(data.id)
			if ('page' in data) pending?.resolve(data.page)
			else pending?.reject(fromPortError(data.error))
		}
		port.addEventListener('close', () => {
			this.#lose()
		})
	}

	/** Reads the page there, or here when the tab has gone. @throws AppError as {@link readPage} */
	async read(bytes: Uint8Array, origin: RowOrigin, slices: TimeSlices): Promise<PageRows | PreparedPage> {
		if (this.#gone) return readPage(bytes, origin, slices)
		const id = this.#nextId++
		const pending = Promise.withResolvers<PreparedPage>()
		this.#pending.set(id, pending)
		const deadline = setTimeout(() => {
			this.#lose()
		}, ANSWER_MS)
		try {
			this.#port.postMessage({ id, bytes, origin } satisfies Asked)
			return await pending.promise
		} catch (error) {
			if (error instanceof AppError) throw error
			return await readPage(bytes, origin, slices)
		} finally {
			clearTimeout(deadline)
			this.#pending.delete(id)
		}
	}

	#lose(): void {
		this.#gone = true
		this.#port.close()
		for (const { reject } of this.#pending.values()) reject(new DOMException('the helper has gone', 'AbortError'))
	}
}
