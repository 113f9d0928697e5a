import { errorCode } from '../errors'
import type { BlockSource } from './block-source'
import { blockKey } from './unixfs-tree'

/** What is remembered of the peers. */
export interface StoredPeerStanding {
	/** Of how many blocks they were asked, and had; both fade with time. */
	readonly asked: number
	readonly had: number
	/** Usual time from asking to a block that they had, ms; 0 when it is not known. */
	readonly answerMs: number
	/** When the counts were last brought up to date, Unix ms. */
	readonly atMs: number
}

const NOTHING: StoredPeerStanding = { asked: 0, had: 0, answerMs: 0, atMs: 0 }
const HALF_LIFE_MS = 10 * 60_000
/** Counts more than this weigh as this many, so that what is new shows. */
const MAX_COUNT = 32
/** Peers that had less than this of what was asked get no head start. */
const MIN_SHARE = 0.4
/** With fewer blocks than this a file tells nothing yet. */
const MIN_ASKED = 2
const MIN_HEAD_START_MS = 20
const MAX_HEAD_START_MS = 300
const MAX_FILES = 64

/**
 * How often and how quickly peers had what was asked of them lately, of one file and in general. From it follows how long
 * they are asked alone: what they have costs no gateway anything, and where nobody has anything nobody waits for them.
 */
export class PeerStanding {
	#general = NOTHING
	readonly #files = new Map<string, StoredPeerStanding>()
	readonly #now: () => number
	/** Called after each change; for storing, rarely. */
	onchange: (() => void) | undefined

	constructor(now: () => number = Date.now) {
		this.#now = now
	}

	/** @param tookMs - from asking to the block; undefined when they did not have it */
	answered(file: string | undefined, tookMs: number | undefined): void {
		this.#general = this.#after(this.#general, tookMs)
		if (file !== undefined) {
			const known = this.#files.get(file) ?? NOTHING
			this.#files.delete(file)
			this.#files.set(file, this.#after(known, tookMs))
			const [oldest] = this.#files.keys()
			if (this.#files.size > MAX_FILES && oldest !== undefined) this.#files.delete(oldest)
		}
		this.onchange?.()
	}

	/** How long peers are asked alone for a block of this file, ms; 0: gateways are asked first. */
	headStartMs(file: string): number {
		const ofFile = this.#files.get(file)
		const known = ofFile !== undefined && this.#faded(ofFile).asked >= MIN_ASKED ? ofFile : this.#general
		const { asked, had, answerMs } = this.#faded(known)
		// One more that they did not have: little that is known must not count for much.
		if (had / (asked + 1) < MIN_SHARE) return 0
		return Math.min(MAX_HEAD_START_MS, Math.max(MIN_HEAD_START_MS, answerMs * 2))
	}

	/** Usual time from asking to a block, ms; undefined when nothing came yet. */
	get answerMs(): number | undefined {
		return this.#general.answerMs === 0 ? undefined : this.#general.answerMs
	}

	/** What is known in general, for storing: files come and go. */
	get stored(): StoredPeerStanding {
		return this.#general
	}

	/** Takes in what was stored earlier; what does not look like it is left out. */
	restore(value: unknown): void {
		if (typeof value !== 'object' || value === null || this.#general !== NOTHING) return
		const { asked, had, answerMs, atMs } = value as Partial<Record<keyof StoredPeerStanding, unknown>>
		const isNumber = (each: unknown): each is number => typeof each === 'number' && each >= 0 && each < Infinity
		if (isNumber(asked) && isNumber(had) && isNumber(answerMs) && isNumber(atMs))
			this.#general = { asked, had, answerMs, atMs }
	}

	#faded(known: StoredPeerStanding): StoredPeerStanding {
		const atMs = this.#now()
		const left =
			0.5 ** (Math.max(0, atMs - known.atMs) / HALF_LIFE_MS) * Math.min(1, MAX_COUNT / (known.asked + 1))
		return { ...known, asked: known.asked * left, had: known.had * left, atMs }
	}

	#after(known: StoredPeerStanding, tookMs: number | undefined): StoredPeerStanding {
		const { asked, had, answerMs, atMs } = this.#faded(known)
		if (tookMs === undefined) return { asked: asked + 1, had, answerMs, atMs }
		const usualMs = Math.max(1, Math.round(answerMs === 0 ? tookMs : answerMs * 0.8 + tookMs * 0.2))
		return { asked: asked + 1, had: had + 1, answerMs: usualMs, atMs }
	}
}

/** Peers whose answers are counted. */
export function countedPeers(peers: BlockSource, standing: PeerStanding): BlockSource {
	return {
		async get(cid, options) {
			const startedMs = performance.now()
			const file = options.file === undefined ? undefined : blockKey(options.file)
			try {
				const bytes = await peers.get(cid, options)
				standing.answered(file, performance.now() - startedMs)
				return bytes
			} catch (error) {
				if (errorCode(error) === 'content-unavailable' || errorCode(error) === 'content-unverified')
					standing.answered(file, undefined)
				throw error
			}
		}
	}
}
