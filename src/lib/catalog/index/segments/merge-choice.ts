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
/** No segment gets larger by merging: merging one must not take long, nor searching one much memory. */
const MAX_DOCUMENTS = 1 << 18
/** A segment of which so much is gone is written anew by itself. */
const GONE_SHARE = 0.2
const GONE_AT_LEAST = 256

/** The segments that should be merged next, in their order; none when all is well. */
export function chooseMerge(segments: readonly MergeCandidate[]): readonly MergeCandidate[] {
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
	return wasteful === undefined ? [] : [wasteful]
}

function levelOf(documents: number): number {
	return Math.max(0, Math.floor(Math.log(documents / SMALLEST) / Math.log(FANOUT)))
}
