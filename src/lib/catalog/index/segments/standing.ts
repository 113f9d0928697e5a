import { availabilityPoints, QUIET_POINTS } from '../ranking'
import type { PublisherStanding, Standing } from '../search-index'
import { visitFiles } from './by-file'
import type { PartDocuments } from './part'

export const NO_STANDING: Standing = { publishers: new Map(), kept: new Set(), plays: new Map() }

const UNKNOWN: PublisherStanding = { points: 0, available: false }

/** What a {@link Standing} means for the documents of one part. */
export interface PartStanding {
	/** By number of the publisher within the part: what it adds to a score. */
	readonly points: Float32Array
	readonly available: Uint8Array
	/** Of a document that is not kept: what its availability adds. */
	readonly availablePoints: Float32Array
	/** Numbers of documents within the part whose files are kept, or were played so often. */
	readonly kept: ReadonlySet<number>
	readonly plays: ReadonlyMap<number, number>
}

export const KEPT_POINTS = availabilityPoints(true, true)

export function publisherPointsOf({ points, quiet }: PublisherStanding): number {
	return points + (quiet === true ? QUIET_POINTS : 0)
}

export function standingIn(part: PartDocuments, { publishers, kept, plays }: Standing): PartStanding {
	const { columns } = part
	const of = columns.publisherNumbers.map((number) => publishers.get(number) ?? UNKNOWN)
	return {
		points: Float32Array.from(of, publisherPointsOf),
		available: Uint8Array.from(of, ({ available }) => (available ? 1 : 0)),
		availablePoints: Float32Array.from(of, ({ available }) => availabilityPoints(false, available)),
		kept: new Set(documentsWith(part, lowerHalves(kept)).keys()),
		plays: documentsWith(part, lowerHalves(plays.keys(), plays))
	}
}

/** The halves of fingerprints that the columns have, each with a count. */
export function lowerHalves(
	files: Iterable<number>,
	counts?: ReadonlyMap<number, number>
): ReadonlyMap<number, number> {
	const halves = new Map<number, number>()
	for (const file of files) halves.set(file >>> 0, counts?.get(file) ?? 1)
	return halves
}

/** Documents whose file is among these, with what stands beside it. */
export function documentsWith(
	part: PartDocuments,
	wanted: ReadonlyMap<number, number>
): ReadonlyMap<number, number> {
	const found = new Map<number, number>()
	visitFiles(part, wanted, (local, file) => found.set(local, wanted.get(file) ?? 0))
	return found
}
