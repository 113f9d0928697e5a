import type { CID } from 'multiformats/cid'
import type { PlaceMark } from '../../publishing'
import type { ReadBlock } from '../car'

/** One publication on its way to one place. */
export interface SendJob {
	readonly root: CID
	/** What it is called in an account there. */
	readonly title: string
	/** Every block below the root, in CAR order. */
	readonly blocks: readonly CID[]
	/** Bytes of all of them. */
	readonly sizeBytes: number
	readonly readBlock: ReadBlock
	/** Blocks that the place holds already, by an earlier publication; they need not be sent. */
	readonly holds?: ReadonlySet<string>
	/** Multiaddrs of servers that hold it, for a place that fetches. */
	readonly origins: readonly string[]
	/** What {@link SendJob.keep} was last told, by this visit or an earlier one. */
	readonly mark?: PlaceMark
	/** Notes how far it has come, so that a later visit goes on from there. */
	readonly keep: (mark: PlaceMark) => void
	readonly onprogress: (bytesDone: number) => void
	readonly signal: AbortSignal
}

/** A root of others that a place is asked to fetch and keep. */
export type FetchJob = Pick<SendJob, 'root' | 'title' | 'origins' | 'mark' | 'keep' | 'signal'>

/** How a place stands to a root: it holds it, was asked to fetch it, or does not have it. */
export type PlaceAnswer = 'held' | 'asked' | 'gone'

/**
 * Somewhere a publication can live. A place that takes `bytes` can be its first home; one that takes a `name` only
 * fetches what other servers hold.
 */
export interface Place {
	readonly id: string
	readonly label: string
	readonly takes: 'bytes' | 'name'
	/**
	 * Brings a publication there.
	 * @throws AppError whose `detail` says in the place's own words why not; `wrong-root` when it names another root
	 */
	send(job: SendJob): Promise<{ readonly answer: PlaceAnswer; readonly mark: PlaceMark }>
	/**
	 * Has it fetch what other servers hold, and keep it.
	 * @throws AppError whose `detail` says in the place's own words why not
	 */
	fetch(job: FetchJob): Promise<{ readonly answer: PlaceAnswer; readonly mark: PlaceMark }>
	/** Whether it is still there. */
	look(root: CID, mark: PlaceMark, signal: AbortSignal): Promise<PlaceAnswer>
	/** Has the place forget it. That it was not there is as good. */
	remove(root: CID, mark: PlaceMark, signal: AbortSignal): Promise<void>
	/** Has it publish a signed record, where it can. */
	namePut?(name: string, record: Uint8Array, options: { readonly signal: AbortSignal }): Promise<void>
	/** Multiaddrs at which others can fetch from it, where they are known. */
	addresses?(signal: AbortSignal): Promise<readonly string[]>
}
