import type { CID } from 'multiformats/cid'
import { AppError } from '../../errors'
import type { ChosenFile } from '../publishing'
import type { BlockLedger } from './block-ledger'
import { publishedBlob } from './byte-patch'
import { CHUNK_BYTES, DIGEST_BYTES, fileDag, leafCid, leafCount, type Imported } from './file-dag'
import { hashLeaves, SEGMENT_LEAVES, SegmentReader } from './hash-leaves'
import { Pause } from './pause'

/** What is known of files from before. `ImportLedger` of the storage layer is one. */
export interface KnownFiles {
	/** False where no file is known whose key begins so; true where that is not certain. */
	mayHave(mark: string): Promise<boolean>
	get(key: string): Promise<Uint8Array | undefined>
	set(key: string, digests: Uint8Array): void
}

/** What importing has come to. */
export interface ImportWatch {
	/** `known` bytes were hashed at another time. */
	bytes(path: string, count: number, known: boolean): void
	file(path: string, state: 'begun' | 'done'): void
}

export interface ImportFilesInit {
	readonly ledger: BlockLedger
	readonly signal: AbortSignal
	readonly known?: KnownFiles
	readonly pause?: Pause
	readonly watch?: ImportWatch
	/** Tells which blocks are stored already; without it, leaves are not stored at all. */
	readonly store?: { has(cid: CID): Promise<boolean> }
}

/** A file whose leaves can be found again in it. */
export interface ImportedFile extends Imported {
	/** sha2-256 digests of all its leaves, one behind the other. */
	readonly digests: Uint8Array
}

/** Segments in memory at once, of 2 MiB each. */
const SEGMENTS = 4
/** Files at work at once: small ones take longer to open and to store than to read. */
const FILES = 8
const SMALL_FILES = 64
/** Nodes above leaves that are being written at once, of 10 KB at the most. */
const WRITES = 128
/** What a crash costs of a large file, at most. */
const NOTE_SEGMENTS = 16
/** Of each end of a file, for its key. */
const END_BYTES = 16 * 1024
/** Less than this is stored from memory: a store has a file of its own for each part of a file. */
const PART_BYTES = 64 * 1024

/** Hashes files, and stores their blocks where that is asked for. What was hashed before is not hashed again. */
export class FileImporter {
	readonly #init: ImportFilesInit
	readonly #pause: Pause
	readonly #readers = Array.from({ length: SEGMENTS }, () => new SegmentReader())
	readonly #waiting: (() => void)[] = []
	readonly #writes = new Writes()

	constructor(init: ImportFilesInit) {
		this.#init = init
		this.#pause = init.pause ?? new Pause()
	}

	/**
	 * Imports all files; in order of their paths where that matters to a person who watches, not in the result.
	 * @throws AppError `content-unavailable` whose `detail` is the path of a file that cannot be read
	 */
	async all(files: readonly ChosenFile[]): Promise<ReadonlyMap<string, ImportedFile>> {
		const done = new Map<string, ImportedFile>()
		const failed = new AbortController()
		const isSmall = ({ file }: ChosenFile) => file.size < PART_BYTES
		const queues = [
			{ queue: files.filter((chosen) => !isSmall(chosen)).values(), lanes: FILES },
			{ queue: files.filter(isSmall).values(), lanes: SMALL_FILES }
		]
		const lane = async (queue: Iterable<ChosenFile>) => {
			for (const chosen of queue) {
				if (failed.signal.aborted) return
				this.#init.watch?.file(chosen.path, 'begun')
				done.set(chosen.path, await this.#one(chosen))
				this.#init.watch?.file(chosen.path, 'done')
			}
		}
		await Promise.all(
			queues.flatMap(({ queue, lanes }) =>
				Array.from({ length: lanes }, () =>
					lane(queue).catch((error: unknown) => {
						failed.abort()
						throw error
					})
				)
			)
		)
		await this.#writes.settled()
		return done
	}

	/** @throws as {@link all} */
	async one(chosen: ChosenFile): Promise<ImportedFile> {
		const imported = await this.#one(chosen)
		await this.#writes.settled()
		return imported
	}

	async #one(chosen: ChosenFile): Promise<ImportedFile> {
		try {
			return await this.#import(chosen)
		} catch (cause) {
			if (!(cause instanceof DOMException) || !['NotReadableError', 'NotFoundError'].includes(cause.name))
				throw cause
			throw new AppError('content-unavailable', `${chosen.path} cannot be read`, { cause, detail: chosen.path })
		}
	}

	async #import(chosen: ChosenFile): Promise<ImportedFile> {
		const { ledger, known, store } = this.#init
		await this.#pause.wait(this.#init.signal)
		const blob = publishedBlob(chosen)
		const count = leafCount(blob.size)
		const digests = new Uint8Array(count * DIGEST_BYTES)
		// To check whether a file of one leaf is known, one would read all of it.
		const isNoted = known !== undefined && count > 1
		// The key of a file that is new, and soon read, is made of what is read of it.
		const ends =
			isNoted &&
			count <= NOTE_SEGMENTS * SEGMENT_LEAVES &&
			chosen.patches === undefined &&
			!(await known.mayHave(fileMark(chosen.file)))
				? new FileEnds(chosen.file)
				: undefined
		const key = isNoted && ends === undefined ? await fileKey(chosen) : undefined
		const before = (key === undefined ? undefined : await known?.get(key)) ?? new Uint8Array(0)
		digests.set(before.subarray(0, digests.byteLength))
		const knownLeaves = Math.min(count, Math.floor(before.byteLength / DIGEST_BYTES))
		const note = new Note(knownLeaves, count, (leaves) => {
			if (key !== undefined) known?.set(key, digests.slice(0, leaves * DIGEST_BYTES))
		})

		const segment = async (from: number): Promise<void> => {
			const to = Math.min(from + SEGMENT_LEAVES, count)
			const isKnown = to <= knownLeaves
			const bytes = Math.min(to * CHUNK_BYTES, blob.size) - from * CHUNK_BYTES
			if (!isKnown || (store !== undefined && !(await allStored(store, digests, from, to)))) {
				const part = blob.slice(from * CHUNK_BYTES, to * CHUNK_BYTES)
				const hashed = await this.#read(part, (bytes) => ends?.look(from * CHUNK_BYTES, bytes))
				digests.set(hashed.digests, from * DIGEST_BYTES)
				if (store !== undefined) await this.#keep(part, hashed)
			}
			for (let at = from; at < to; at++) {
				ledger.note(leafCid(digests, at), Math.min(CHUNK_BYTES, blob.size - at * CHUNK_BYTES))
			}
			note.done(from, to)
			this.#init.watch?.bytes(chosen.path, bytes, isKnown)
		}
		await inLanes(SEGMENTS, segmentsOf(count), segment)
		if (ends !== undefined) known?.set(await ends.key(), digests)
		const { cid, size, nodes } = await fileDag(blob.size, digests)
		for (const node of nodes) await this.#writes.add(ledger.put(node.cid, node.bytes))
		return { cid, size, digests }
	}

	/** Digests of a part, and its bytes where it is small. Waits for one of the few places in memory, and while paused. */
	async #read(
		part: Blob,
		look: (bytes: Uint8Array) => void
	): Promise<{ digests: Uint8Array; small?: Uint8Array }> {
		const { signal } = this.#init
		let reader = this.#readers.pop()
		while (reader === undefined) {
			await new Promise<void>((resolve) => this.#waiting.push(resolve))
			reader = this.#readers.pop()
		}
		try {
			await this.#pause.wait(signal)
			const bytes = await reader.read(part)
			look(bytes)
			const digests = await hashLeaves(bytes)
			// What is so small is a leaf in a buffer of its own.
			return { digests, ...(part.size < PART_BYTES && { small: bytes }) }
		} finally {
			this.#readers.push(reader)
			this.#waiting.shift()?.()
		}
	}

	/** The store copies leaves from the file: their bytes need not be in memory for that. */
	async #keep(part: Blob, { digests, small }: { digests: Uint8Array; small?: Uint8Array }): Promise<void> {
		if (small !== undefined) {
			await this.#init.ledger.put(leafCid(digests, 0), small)
			return
		}
		await Promise.all(
			Array.from({ length: digests.byteLength / DIGEST_BYTES }, (_, at) =>
				this.#init.ledger.putPart(leafCid(digests, at), part.slice(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES))
			)
		)
	}
}

/** Blocks on their way to the store: a file need not wait until its own are written. */
class Writes {
	readonly #running = new Set<Promise<void>>()
	#failure: { readonly error: unknown } | undefined

	/** Waits while many are under way. @throws what one of those before it threw */
	async add(write: Promise<unknown>): Promise<void> {
		const running = write
			.then(
				() => undefined,
				(error: unknown) => void (this.#failure ??= { error })
			)
			.finally(() => this.#running.delete(running))
		this.#running.add(running)
		if (this.#running.size >= WRITES) await Promise.race(this.#running)
		this.#check()
	}

	/** Resolves when all are written. @throws what one of them threw */
	async settled(): Promise<void> {
		await Promise.all(this.#running)
		this.#check()
	}

	#check(): void {
		if (this.#failure !== undefined) throw this.#failure.error
	}
}

/** Tells how many leaves from the first on are done, now and then and at the end. */
class Note {
	readonly #write: (leaves: number) => void
	readonly #count: number
	readonly #done = new Map<number, number>()
	#leaves = 0
	#written: number

	constructor(written: number, count: number, write: (leaves: number) => void) {
		this.#written = written
		this.#count = count
		this.#write = write
	}

	done(from: number, to: number): void {
		this.#done.set(from, to)
		for (let next = this.#done.get(this.#leaves); next !== undefined; next = this.#done.get(this.#leaves)) {
			this.#done.delete(this.#leaves)
			this.#leaves = next
		}
		const more = this.#leaves - this.#written
		if (more <= 0 || (this.#leaves < this.#count && more < NOTE_SEGMENTS * SEGMENT_LEAVES)) return
		this.#written = this.#leaves
		this.#write(this.#leaves)
	}
}

/** What a file's key begins with: what is known of it without reading anything. */
const fileMark = ({ name, size, lastModified }: File): string => [name, size, lastModified, ''].join('|')

/**
 * What tells a file from others without reading it whole: name, size, when it was changed, and a hash of both its ends
 * and of what is written over in it.
 */
export async function fileKey({ file, patches = [] }: Pick<ChosenFile, 'file' | 'patches'>): Promise<string> {
	const ends = new Blob([
		file.slice(0, END_BYTES),
		file.slice(-END_BYTES),
		...patches.flatMap(({ at, bytes }) => [`${at}+${bytes.byteLength}:`, bytes])
	])
	return await keyOf(file, await ends.arrayBuffer())
}

async function keyOf(file: File, ends: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<string> {
	const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', ends))
	return fileMark(file) + [...hash.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Both ends of a file of which all parts come by, in any order. */
class FileEnds {
	readonly #file: File
	readonly #bytes = new Uint8Array(2 * END_BYTES)

	/** @param file - of more than both ends */
	constructor(file: File) {
		this.#file = file
	}

	look(from: number, bytes: Uint8Array): void {
		const take = (start: number, at: number) => {
			const [first, last] = [Math.max(from, start), Math.min(from + bytes.byteLength, start + END_BYTES)]
			if (first < last) this.#bytes.set(bytes.subarray(first - from, last - from), at + first - start)
		}
		take(0, 0)
		take(this.#file.size - END_BYTES, END_BYTES)
	}

	/** As {@link fileKey}. */
	async key(): Promise<string> {
		return await keyOf(this.#file, this.#bytes)
	}
}

async function allStored(
	store: NonNullable<ImportFilesInit['store']>,
	digests: Uint8Array,
	from: number,
	to: number
): Promise<boolean> {
	const held = await Promise.all(
		Array.from({ length: to - from }, (_, n) => store.has(leafCid(digests, from + n)))
	)
	return held.every(Boolean)
}

function* segmentsOf(leaves: number): Generator<number> {
	for (let from = 0; from < leaves; from += SEGMENT_LEAVES) yield from
}

async function inLanes<T>(lanes: number, work: Iterable<T>, each: (item: T) => Promise<void>): Promise<void> {
	const queue = [...work].values()
	let failed = false
	const lane = async () => {
		for (const item of queue) {
			if (failed) return
			try {
				await each(item)
			} catch (error) {
				failed = true
				throw error
			}
		}
	}
	await Promise.all(Array.from({ length: lanes }, lane))
}
