import { decode, encode } from '@ipld/dag-cbor'
import { AppError } from '../errors'
import { keyOfName } from './ipns-name'
import { compareRecords, parseRecord, readRecord, type IpnsRecord } from './ipns-record'
import type { Announcement, Verdict } from './peer'
import { TokenBucket } from './token-bucket'

/** Bounds of protocol section 3. */
export const MAX_ANNOUNCEMENT_BYTES = 8 * 1024
export const MAX_HINTS = 8
export const MAX_HINT_CHARS = 512
const VERSION = 1

/** One name is accepted at most once in this time, after a burst. */
const RATE_INTERVAL_MS = 60_000
const RATE_BURST = 3

/**
 * So many names are held at most; about 6 MB where announcements have the usual half KiB. The name that was heard
 * longest ago makes room, one that has ended first.
 */
const MAX_NAMES = 10_000

/** What an announcement says, before anything of it was checked but its shape. */
export interface AnnouncementMessage {
	readonly version: number
	readonly name: string
	readonly record: Uint8Array
	readonly hints: readonly string[]
}

export interface Judgement {
	readonly verdict: Verdict
	/** In words, for the Network screen and the log. */
	readonly reason: string
	/** The publisher it is about, as soon as that is known. */
	readonly name?: string
	/** Set when it was accepted. */
	readonly announcement?: Announcement
	/** True when nothing is newer than what is held: somebody else has answered for that name. */
	readonly held?: boolean
}

export function encodeAnnouncement(name: string, record: Uint8Array, hints: readonly string[]): Uint8Array {
	const good = hints.filter((hint) => hint.length <= MAX_HINT_CHARS).slice(0, MAX_HINTS)
	return encode({ v: VERSION, name, record, ...(good.length > 0 ? { hints: good } : {}) })
}

/** @throws AppError `invalid-announcement`, `too-large` */
export function decodeAnnouncement(bytes: Uint8Array): AnnouncementMessage {
	if (bytes.byteLength > MAX_ANNOUNCEMENT_BYTES) throw new AppError('too-large', 'over 8 KiB')
	let message: unknown
	try {
		message = decode(bytes)
	} catch (cause) {
		throw new AppError('invalid-announcement', 'not DAG-CBOR', { cause })
	}
	const { v, name, record, hints = [] } = Object(message) as Record<string, unknown>
	const invalid = (what: string) => new AppError('invalid-announcement', what)
	if (typeof v !== 'number' || !Number.isSafeInteger(v) || v < 1) throw invalid('no version')
	// a later version may have another shape: only this one is known here
	if (v > VERSION) return { version: v, name: '', record: new Uint8Array(), hints: [] }
	if (typeof name !== 'string') throw invalid('no name')
	if (!(record instanceof Uint8Array)) throw invalid('no record')
	if (!Array.isArray(hints) || hints.length > MAX_HINTS) throw invalid('too many hints')
	for (const hint of hints as unknown[]) {
		if (typeof hint !== 'string' || hint.length > MAX_HINT_CHARS) throw invalid('a hint is not a short text')
	}
	return { version: v, name, record, hints: hints as string[] }
}

interface Held {
	announcement: Announcement
	readonly record: IpnsRecord
}

/**
 * Judges announcements in the order of protocol section 3, and holds the newest of each name. Pure but for its own
 * memory: what is done about an accepted one is the caller's part.
 */
export class AnnouncementBook {
	/** In the order in which names were last heard, oldest first. */
	readonly #held = new Map<string, Held>()
	readonly #rate: TokenBucket
	readonly #now: () => number
	readonly #blocked: (name: string) => boolean
	readonly #maxNames: number

	constructor(
		options: {
			/** Unix ms. */
			readonly now?: () => number
			/** True for names that the user blocked. */
			readonly blocked?: (name: string) => boolean
			readonly maxNames?: number
		} = {}
	) {
		this.#now = options.now ?? Date.now
		this.#blocked = options.blocked ?? (() => false)
		this.#maxNames = options.maxNames ?? MAX_NAMES
		this.#rate = new TokenBucket(RATE_INTERVAL_MS, RATE_BURST, { now: this.#now, maxKeys: 2 * this.#maxNames })
	}

	get size(): number {
		return this.#held.size
	}

	get(name: string): Announcement | undefined {
		return this.#held.get(name)?.announcement
	}

	/** The names held, in byte order (IPNS names are ASCII). */
	names(): string[] {
		return [...this.#held.keys()].sort()
	}

	/**
	 * Judges one message, and holds it when it is accepted.
	 * @param options - `unlimited` for what this browser's own user asked for: the rate is for strangers
	 */
	async judge(bytes: Uint8Array, options: { readonly unlimited?: boolean } = {}): Promise<Judgement> {
		let message
		try {
			message = decodeAnnouncement(bytes)
		} catch (error) {
			return { verdict: 'reject', reason: (error as Error).message }
		}
		if (message.version > VERSION) {
			return { verdict: 'ignore', reason: `version ${String(message.version)} is not known here` }
		}
		const { name, hints } = message
		try {
			keyOfName(name)
		} catch (error) {
			return { verdict: 'reject', reason: (error as Error).message }
		}
		// verifying costs the most by far: the record that is held needs it no second time, and most messages are that
		const before = this.#held.get(name)
		if (before && sameBytes(before.record.bytes, message.record) && before.record.validUntilMs > this.#now()) {
			return { verdict: 'ignore', reason: 'already held', name, held: true }
		}
		let record
		try {
			record = await parseRecord(name, message.record)
		} catch (error) {
			return { verdict: 'reject', reason: (error as Error).message, name }
		}
		// from here on nothing waits, so that two copies judged at once cannot both be accepted
		const now = this.#now()
		if (record.validUntilMs <= now) return { verdict: 'ignore', reason: 'past its end', name }
		const held = this.#held.get(name)
		if (held && compareRecords(record, held.record) <= 0) {
			const same = compareRecords(record, held.record) === 0
			return { verdict: 'ignore', reason: same ? 'already held' : 'older than the one held', name, held: same }
		}
		if (this.#blocked(name)) return { verdict: 'ignore', reason: 'blocked', name }
		if (options.unlimited !== true && !this.#rate.take(name)) {
			return { verdict: 'ignore', reason: 'too frequent', name }
		}
		const announcement: Announcement = {
			name,
			record: message.record,
			value: record.value,
			sequence: record.sequence,
			validUntilMs: record.validUntilMs,
			hints,
			bytes
		}
		this.#hold(announcement, record, now)
		return { verdict: 'accept', reason: 'new', name, announcement }
	}

	/**
	 * Takes back what an earlier visit accepted and stored, without verifying it again.
	 * @returns false when it cannot be read, or is past its end
	 */
	restore(bytes: Uint8Array): boolean {
		try {
			const { name, record: recordBytes, hints } = decodeAnnouncement(bytes)
			const record = readRecord(name, recordBytes)
			const now = this.#now()
			if (record.validUntilMs <= now || this.#held.has(name)) return false
			const { value, sequence, validUntilMs } = record
			this.#hold({ name, record: recordBytes, value, sequence, validUntilMs, hints, bytes }, record, now)
			return true
		} catch {
			return false
		}
	}

	/** Replaces the message of a name by one with the same record and other hints. */
	renew(name: string, bytes: Uint8Array, hints: readonly string[]): Announcement | undefined {
		const held = this.#held.get(name)
		if (!held) return undefined
		return (held.announcement = { ...held.announcement, bytes, hints })
	}

	#hold(announcement: Announcement, record: IpnsRecord, now: number): void {
		this.#held.delete(announcement.name)
		this.#held.set(announcement.name, { announcement, record })
		if (this.#held.size <= this.#maxNames) return
		let leaving: string | undefined
		for (const [name, held] of this.#held) {
			leaving ??= name
			if (held.record.validUntilMs <= now) {
				leaving = name
				break
			}
		}
		if (leaving !== undefined) this.#held.delete(leaving)
	}
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, index) => byte === b[index])
}
