import type { CID } from 'multiformats/cid'
import type { BlockSource, BlockWatch } from './block-source'
import { SNIFF_BYTES } from './content-type'
import { Cursor } from './cursor'
import { FileSession } from './file-session'
import { GatewayLane, type GatewayLaneOptions } from './gateway-lane'
import type { Lane } from './lane'
import { Line } from './line'
import { PeerLane } from './peer-lane'
import type { PeerStanding } from './peer-standing'
import { Schedule } from './schedule'
import { blockKey } from './block-key'

/** Reads files of any UnixFS layout, verified, from all sources at once. One per worker. */
export interface FileReader {
	/**
	 * Opens what a CID names. Resolves as soon as the root block is here; the first bytes of `range` are asked for in the same
	 * breath, so that `stream` finds them on their way.
	 * @throws AppError `content-unavailable`, `content-unverified`, `content-unsupported`, `too-large`, each with what was
	 * tried in `detail`; or the reason of `read.signal`
	 */
	open(cid: CID, range: WantedRange, read: ReadContext): Promise<OpenedFile>
}

/** Bytes of a file as a request names them, before its size is known. */
export interface WantedRange {
	/** First byte; negative: counted from the end of the file. */
	readonly from: number
	/** Last byte, included. Absent: to the end of the file, and reading is likely to go on past any bounded answer. */
	readonly to?: number
}

/** What a read is for, in order of urgency. */
export type Purpose = 'play' | 'soon' | 'later'

/** What belongs to one read: whom to ask, who counts, and when it ends. */
export interface ReadContext {
	readonly sources: FileSources
	readonly watch: BlockWatch
	/** Reading ahead (`soon`, `later`) never takes the line from what plays. */
	readonly purpose: Purpose
	/** Ends the opening. A stream ends by being cancelled, `keep` by this signal. */
	readonly signal: AbortSignal
}

/** Whom the reads of one visit may ask. */
export interface FileSources {
	/** Origins of the gateways that may be asked now, in the user's order. */
	readonly gateways: () => readonly string[]
	/** Single blocks from peers; rejects with `no-leader` when there is nobody to ask. */
	readonly peers?: BlockSource
}

/** A file whose root block was read. */
export interface OpenedFile {
	readonly kind: 'file' | 'directory' | 'other'
	/** 0 for what is not a file. */
	readonly sizeBytes: number
	/** Bytes of it were handed on a moment ago: those that are asked for next will most likely come. */
	readonly isFlowing: boolean
	/** The first bytes, at most `SNIFF_BYTES`, out of the first block. @throws as {@link FileReader.open} */
	head(): Promise<Uint8Array>
	/**
	 * The bytes `from` to `to`, both included.
	 * @param onbroken - told why the stream errors, which is as {@link FileReader.open} throws
	 */
	stream(from: number, to: number, onbroken?: (error: unknown) => void): FileStream
	/** Reads `from` to `to`, both included, into the block store only. Resolves when they are kept. */
	keep(from: number, to: number): Promise<void>
}

/** A stretch of a file under way. */
export interface FileStream {
	/**
	 * Reads no further ahead than it must. Cancelling it gives up what it has under way, unless another reader of the file takes
	 * it over.
	 */
	readonly body: ReadableStream<Uint8Array<ArrayBuffer>>
	/** Resolves when its first bytes are here. @throws as {@link FileReader.open} */
	readonly began: Promise<void>
	/** Resolves when the last byte was read, when the stream broke and when nobody wants it any more. */
	readonly ended: Promise<void>
}

/** Blocks on this device, as the reader sees them. */
export interface LocalBlocks {
	/** A block that is in memory right now. */
	peek(cid: CID): Uint8Array | undefined
	/** The block, or undefined when it is not here. Never rejects but with the reason of `signal`. */
	get(cid: CID, signal?: AbortSignal): Promise<Uint8Array | undefined>
	/** Keeps a verified block of `file` in the background; drops it when the disk cannot follow. */
	put(cid: CID, bytes: Uint8Array, file: CID): void
	/**
	 * Sees to it that a verified block of `file` is written, also one that has been in memory only because the disk could not
	 * follow when it came. @throws AppError `storage-full`, `storage-failed` when it cannot be
	 */
	ensure(cid: CID, bytes: Uint8Array, file: CID): Promise<void>
	/** Resolves when all that was put is written or dropped. */
	settled(): Promise<void>
}

export interface FileReaderOptions extends GatewayLaneOptions {
	readonly local: LocalBlocks
	readonly peerStanding: PeerStanding
}

const MAX_SESSIONS = 8
/** A reader that asked for bytes by opening a file is given so long to come for them. */
const OPENED_MS = 2_000

export function createFileReader(options: FileReaderOptions): FileReader {
	const open = new Map<string, Reading>()
	const line = new Line()
	line.onchange(() => {
		for (const { session } of open.values()) session.changed()
	})
	return {
		async open(cid, range, read) {
			const key = `${String(cid.code)} ${blockKey(cid)}`
			const reading = open.get(key) ?? new Reading(cid, options, line)
			open.delete(key)
			open.set(key, reading)
			for (const [oldest, { session }] of open) {
				if (open.size <= MAX_SESSIONS) break
				if (session.cursors.size === 0 && oldest !== key) open.delete(oldest)
			}
			return reading.open(range, read)
		}
	}
}

interface StreamWay {
	/** How far requests may reach. */
	readonly reach?: number | undefined
	readonly isGlance?: boolean
	readonly onbroken?: ((error: unknown) => void) | undefined
}

/** One file, opened by all who read it. */
class Reading {
	readonly session: FileSession
	readonly #schedule: Schedule
	readonly #lanes = new Map<string, Lane>()
	readonly #options: FileReaderOptions

	constructor(cid: CID, options: FileReaderOptions, line: Line) {
		this.#options = options
		let schedule: Schedule | undefined
		this.session = new FileSession(cid, options.local, (session) => {
			schedule = new Schedule(session, {
				local: options.local,
				line,
				lanesOf: (cursor) => this.#lanesOf(cursor),
				headStartMs: () => options.peerStanding.headStartMs(session.tree.root.key)
			})
			return schedule
		})
		this.#schedule = schedule as unknown as Schedule
	}

	async open({ from, to }: WantedRange, read: ReadContext): Promise<OpenedFile> {
		const { session } = this
		read.signal.throwIfAborted()
		const end = to === undefined ? Infinity : to + 1
		const first = this.#come(read, from, end, end)
		const leave = () => {
			this.#schedule.left(first)
		}
		try {
			const { promise: aborted, reject } = Promise.withResolvers<never>()
			read.signal.addEventListener('abort', () => {
				reject(read.signal.reason as Error)
			})
			first.waits()
			while (session.tree.kind === undefined) {
				await Promise.race([session.change, aborted])
				if (session.tree.kind === undefined && first.error !== undefined) throw first.error as Error
				session.locate(0)
			}
		} catch (error) {
			leave()
			throw error
		}
		setTimeout(leave, OPENED_MS)
		const reach = to === undefined ? session.tree.sizeBytes : undefined
		return {
			kind: session.tree.kind,
			sizeBytes: session.tree.sizeBytes,
			isFlowing: session.isFlowing,
			head: async () =>
				new Uint8Array(
					await new Response(this.#stream(read, 0, SNIFF_BYTES, { isGlance: true }).body).arrayBuffer()
				),
			stream: (start, last, onbroken) => {
				const stream = this.#stream(read, start, last + 1, { reach, onbroken })
				leave()
				return stream
			},
			keep: async (start, last) => {
				read.signal.throwIfAborted()
				const cursor = this.#come(read, start, last + 1, last + 1)
				leave()
				const stop = () => {
					cursor.error = read.signal.reason
					session.changed()
				}
				read.signal.addEventListener('abort', stop)
				try {
					for (let at = cursor.position; (await session.next(cursor)) !== undefined; at = cursor.position)
						await session.ensure(at)
					await this.#options.local.settled()
				} finally {
					read.signal.removeEventListener('abort', stop)
					this.#schedule.left(cursor)
				}
			}
		}
	}

	#come(read: ReadContext, position: number, end: number, reach: number, isGlance = false): Cursor {
		const cursor = new Cursor({ ...read, position, end, reach: Math.max(end, reach), isGlance })
		this.session.settle(cursor)
		this.#schedule.came(cursor)
		return cursor
	}

	#stream(
		read: ReadContext,
		from: number,
		end: number,
		{ reach = end, isGlance, onbroken }: StreamWay
	): FileStream {
		const { session } = this
		const schedule = this.#schedule
		const cursor = this.#come(read, from, end, reach, isGlance)
		const ended = Promise.withResolvers<undefined>()
		const leave = () => {
			schedule.left(cursor)
			ended.resolve(undefined)
		}
		const first = session.next(cursor)
		const began = first.then(() => undefined)
		began.catch(() => undefined)
		let isFirst = true
		const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
			{
				async pull(controller) {
					try {
						const bytes = await (isFirst ? first : session.next(cursor))
						isFirst = false
						if (bytes === undefined) {
							leave()
							controller.close()
						} else controller.enqueue(bytes as Uint8Array<ArrayBuffer>)
						if (cursor.position >= cursor.end) schedule.left(cursor)
					} catch (error) {
						onbroken?.(error)
						leave()
						controller.error(error)
					}
				},
				cancel: leave
			},
			{ highWaterMark: 0 }
		)
		return { body, began, ended: ended.promise }
	}

	#lanesOf({ sources: { gateways, peers } }: Cursor): Lane[] {
		const { standing, peerStanding } = this.#options
		const lanes = standing
			.order(gateways())
			.map((origin) => this.#lane(origin, () => new GatewayLane(origin, this.#options)))
		if (peers === undefined) return lanes
		const lane = this.#lane('peers', () => new PeerLane(peers, peerStanding))
		return peerStanding.headStartMs(this.session.tree.root.key) > 0 ? [lane, ...lanes] : [...lanes, lane]
	}

	#lane(name: string, make: () => Lane): Lane {
		let lane = this.#lanes.get(name)
		if (lane === undefined) this.#lanes.set(name, (lane = make()))
		return lane
	}
}
