import {
	completenessPoints,
	MOST_COMPLETENESS_POINTS,
	MOST_POPULARITY_POINTS,
	popularityPoints,
	soundPoints,
	wordPoints
} from '../ranking'
import type { Candidates } from './candidates'
import type { Columns } from './columns'
import { QUALITIES, qualityOf } from './facet-counter'
import { KEPT_POINTS, type PartStanding } from './standing'

/** By place in `QUALITIES`, from -1. */
const SOUND_POINTS = Float32Array.from([undefined, ...QUALITIES], soundPoints)
const MOST_SOUND_POINTS = Math.max(...SOUND_POINTS)

/**
 * Scores of what was found in one part, by place: the sum that ranking.ts describes.
 * @param rarities - sum over the words of the query
 */
export function relevance(
	{ rarities }: { readonly rarities: number },
	{ said, publishers, traits, bitrates }: Columns,
	standing: PartStanding,
	{ locals, weighted, inTitle, inArtists }: Candidates,
	scored: boolean
): (at: number) => number {
	const { kept, plays, availablePoints } = standing
	const perRarity = wordPoints(1, rarities)
	/** What the publisher adds, when the file is not kept. */
	const points = standing.points.map((own, publisher) => own + (availablePoints[publisher] as number))
	const personal = kept.size > 0 || plays.size > 0
	return (at) => {
		const local = locals[at] as number
		const publisher = publishers[local] as number
		let rank =
			(points[publisher] as number) +
			(SOUND_POINTS[qualityOf(traits[local] as number, bitrates[local] as number) + 1] as number)
		if (scored) {
			rank += perRarity * (weighted[at] as number)
			const [title, artists] = [inTitle[at] as number, inArtists[at] as number]
			// Most of what has a word has it elsewhere.
			if (title > 0 || artists > 0) {
				const words = said[local] as number
				rank += completenessPoints(title, words & 15, artists, words >> 4)
			}
		}
		if (!personal) return rank
		if (kept.has(local)) rank += KEPT_POINTS - (availablePoints[publisher] as number)
		const times = plays.get(local)
		return times === undefined ? rank : rank + popularityPoints(times)
	}
}

/** What {@link relevance} is at most, known from the words alone. */
export function mostRelevant(
	{ rarities }: { readonly rarities: number },
	{ points, availablePoints, kept, plays }: PartStanding,
	{ weighted, inTitle, inArtists }: Candidates,
	scored: boolean
): (at: number) => number {
	const perRarity = wordPoints(1, rarities)
	let most = -Infinity
	points.forEach((own, publisher) => (most = Math.max(most, own + (availablePoints[publisher] as number))))
	if (kept.size > 0) most += KEPT_POINTS
	if (plays.size > 0) most += MOST_POPULARITY_POINTS
	// Sums of floating point numbers may differ by their order.
	most += MOST_SOUND_POINTS + 1e-3
	if (!scored) return () => most
	return (at) => {
		// As if the name had no other word.
		const named = Math.min(1, Math.max(inTitle[at] as number, inArtists[at] as number))
		return most + perRarity * (weighted[at] as number) + MOST_COMPLETENESS_POINTS * named
	}
}
