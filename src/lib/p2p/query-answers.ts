import { MAX_QUERY_NAMES, type Query } from './query'
import { TokenBucket } from './token-bucket'

/** When a query is answered: the publisher itself first, others only if it kept silent (protocol section 3). */
const OWN_DELAY_MS = { from: 0, to: 2_000 }
const HOLDER_DELAY_MS = { from: 2_000, to: 10_000 }
/** Never more than one answer a name in this time. */
const ANSWER_INTERVAL_MS = 60_000
/** Answers that wait at once; more queries than that fill are left to others. */
const MAX_WAITING = 1024

export interface QueryAnswersInit {
	/** All names of which an announcement is held. */
	readonly names: () => readonly string[]
	readonly holds: (name: string) => boolean
	/** True for the names of this browser's own keys. */
	readonly own: (name: string) => boolean
	/** Says the announcement of a name again. */
	readonly answer: (name: string) => void
	/** In 0…1; for tests. */
	readonly random?: () => number
	readonly now?: () => number
	readonly setTimer?: (run: () => void, ms: number) => () => void
}

/** Plans the answers to queries, and drops those that somebody else gave first. */
export class QueryAnswers {
	readonly #init: QueryAnswersInit
	readonly #random: () => number
	readonly #setTimer: (run: () => void, ms: number) => () => void
	readonly #rate: TokenBucket
	/** By name: what cancels the answer. */
	readonly #waiting = new Map<string, () => void>()

	constructor(init: QueryAnswersInit) {
		this.#init = init
		this.#random = init.random ?? Math.random
		this.#setTimer =
			init.setTimer ??
			((run, ms) => {
				const timer = setTimeout(run, ms)
				return () => {
					clearTimeout(timer)
				}
			})
		this.#rate = new TokenBucket(ANSWER_INTERVAL_MS, 1, init.now ? { now: init.now } : {})
	}

	/** A query was heard. */
	asked(query: Query): void {
		for (const name of this.#choose(query)) {
			if (this.#waiting.has(name) || this.#waiting.size >= MAX_WAITING || this.#rate.waitMs(name) > 0) continue
			const { from, to } = this.#init.own(name) ? OWN_DELAY_MS : HOLDER_DELAY_MS
			const cancel = this.#setTimer(
				() => {
					this.#waiting.delete(name)
					if (this.#init.holds(name) && this.#rate.take(name)) this.#init.answer(name)
				},
				from + this.#random() * (to - from)
			)
			this.#waiting.set(name, cancel)
		}
	}

	/** Somebody said the announcement of this name, no older than the one held: it need not be said again. */
	answered(name: string): void {
		if (this.#init.own(name)) return
		this.#waiting.get(name)?.()
		this.#waiting.delete(name)
	}

	stop(): void {
		for (const cancel of this.#waiting.values()) cancel()
		this.#waiting.clear()
	}

	/** At most 64 names that are held: the own ones, then of the others a random part, so that holders answer different ones. */
	#choose(query: Query): string[] {
		if (query.names) return [...new Set(query.names)].filter((name) => this.#init.holds(name))
		const names = [...this.#init.names()]
		const own = names.filter((name) => this.#init.own(name))
		const others = names.filter((name) => !this.#init.own(name))
		const wanted = Math.max(0, Math.min(others.length, MAX_QUERY_NAMES - own.length))
		for (let i = 0; i < wanted; i++) {
			const j = i + Math.floor(this.#random() * (others.length - i))
			const [a, b] = [others[i], others[j]]
			if (a !== undefined && b !== undefined) [others[i], others[j]] = [b, a]
		}
		return [...own, ...others.slice(0, wanted)].slice(0, MAX_QUERY_NAMES)
	}
}
