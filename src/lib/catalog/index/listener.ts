import type { ListenerFacts } from '../catalog'
import { fingerprint } from './fingerprint'
import type { HeldPublisher, Holdings } from './holdings'
import { publisherPoints } from './ranking'
import type { PublisherStanding, Standing } from './search-index'

export const NOTHING_KNOWN: ListenerFacts = { publishers: {}, keptFiles: [], plays: {} }

/** What the person's side means for the documents, by number. */
export class Listener {
	readonly #seed: number
	#facts: ListenerFacts = NOTHING_KNOWN
	#kept: ReadonlySet<number> = new Set()
	#plays: ReadonlyMap<number, number> = new Map()

	/** @param seed - of the fingerprints */
	constructor(seed: number) {
		this.#seed = seed
	}

	get facts(): ListenerFacts {
		return this.#facts
	}

	know(facts: ListenerFacts): void {
		this.#facts = facts
		this.#kept = new Set(facts.keptFiles.map((file) => fingerprint(file, this.#seed)))
		this.#plays = new Map(
			Object.entries(facts.plays).map(([file, times]) => [fingerprint(file, this.#seed), times])
		)
	}

	/** @returns the standing, and when it changes by itself: the first record's end to come, Unix ms */
	standing(holdings: Holdings, nowMs: number): { standing: Standing; untilMs: number } {
		const publishers = new Map<number, PublisherStanding>()
		let untilMs = Infinity
		for (const { record } of holdings.publishers()) {
			const quiet = record.validUntilMs < nowMs
			if (!quiet) untilMs = Math.min(untilMs, record.validUntilMs)
			const known = this.#facts.publishers[record.name]
			publishers.set(record.number, {
				points: publisherPoints({ ...known }),
				available: known?.online === true || (this.#facts.reachable === true && !quiet),
				...(quiet ? { quiet } : {})
			})
		}
		return { standing: { publishers, kept: this.#kept, plays: this.#plays }, untilMs }
	}

	/** Least valued first: by the person's points, then whom they do not follow, then who was indexed longest ago. */
	leastValued(publishers: Iterable<HeldPublisher>): HeldPublisher[] {
		return [...publishers].sort((a, b) => {
			const [valueA, valueB] = [this.#valueOf(a.record.name), this.#valueOf(b.record.name)]
			return valueA - valueB || a.record.indexedMs - b.record.indexedMs || a.record.number - b.record.number
		})
	}

	/** The least valued publisher, if it is valued less than this one, whom it is to make room for. */
	valuedLess(name: string, holdings: Holdings): HeldPublisher | undefined {
		const [least] = this.leastValued([...holdings.publishers()].filter(({ record }) => record.name !== name))
		return least !== undefined && this.#valueOf(least.record.name) < this.#valueOf(name) ? least : undefined
	}

	#valueOf(name: string): number {
		const { points = 0, followed, demoted } = this.#facts.publishers[name] ?? {}
		return (demoted ? -1000 : 0) + (followed ? 100 : 0) + points
	}
}
