/** What {@link chooseMerge} looks at. */
export interface MergeCandidate {
	readonly id: number
	readonly documents: number
	/** Documents that merging would clear away. */
	readonly gone: number
}

/** Segments of about one size are merged when they are so many. */
const FANOUT = 8
/** Documents of the smallest size. */
const SMALLEST = 512
/** No segment gets larger by merging: what is known of each document is in memory once more meanwhile, some 50 bytes. */
const MAX_DOCUMENTS = 1 << 19
/** Each segment more is another page to read for each word of a query, and another list of words to look through. */
const MOST_AT_REST = 3
/** At rest a segment is written anew only with others that are together at least one part in so many of it. */
const REST_SHARE = 3
/** A segment of which so much is gone is written anew by itself. */
const GONE_SHARE = 0.2
const GONE_AT_LEAST = 256

/**
 * The segments that should be merged next, in their order; none when all is well.
 * @param atRest - nothing comes in at present: time for what makes queries quicker, and would be in vain otherwise
 */
export function chooseMerge(segments: readonly MergeCandidate[], atRest: boolean): readonly MergeCandidate[] {
	const levels = new Map<number, MergeCandidate[]>()
	for (const segment of segments) {
		const level = levelOf(segment.documents - segment.gone)
		const others = levels.get(level)
		if (others === undefined) levels.set(level, [segment])
		else others.push(segment)
	}
	for (const level of [...levels.keys()].sort((a, b) => a - b)) {
		const alike = (levels.get(level) ?? []).sort((a, b) => a.documents - a.gone - (b.documents - b.gone))
		if (alike.length < FANOUT) continue
		const chosen: MergeCandidate[] = []
		let sum = 0
		for (const segment of alike) {
			const documents = segment.documents - segment.gone
			if (chosen.length >= FANOUT || sum + documents > MAX_DOCUMENTS) break
			chosen.push(segment)
			sum += documents
		}
		if (chosen.length > 1) return chosen
	}
	const wasteful = segments.find(
		({ documents, gone }) => gone === documents || (gone >= GONE_AT_LEAST && gone >= documents * GONE_SHARE)
	)
	if (wasteful !== undefined) return [wasteful]
	return atRest && segments.length > MOST_AT_REST ? small(segments) : []
}

/** As many of the smallest as are worth it. */
function small(segments: readonly MergeCandidate[]): readonly MergeCandidate[] {
	const chosen: MergeCandidate[] = []
	let sum = 0
	for (const segment of segments.toSorted((a, b) => a.documents - a.gone - (b.documents - b.gone))) {
		const documents = segment.documents - segment.gone
		if (sum + documents > MAX_DOCUMENTS || (chosen.length > 0 && documents > sum * REST_SHARE)) break
		chosen.push(segment)
		sum += documents
	}
	return chosen.length > 1 ? chosen : []
}

function levelOf(documents: number): number {
	return Math.max(0, Math.floor(Math.log(documents / SMALLEST) / Math.log(FANOUT)))
}
