import type { Claim } from './claim'
import type { Lane } from './lane'

/** A source from which nothing came for so long, ms, is late; sooner when it is known to be quick. */
const MAX_QUIET_MS = 1_500
const MIN_QUIET_MS = 400
/** The same for a source of which nothing is known. */
const UNKNOWN_QUIET_MS = 800
/** Below this rate, in bytes a ms, a source drips: progress alone does not spare it company. */
const DRIP_RATE = 24
/** Rate and answering time that are assumed of a source until it has shown its own. */
const GUESSED_RATE = 600
const GUESSED_ANSWER_MS = 250
/** Taking over less than this is not worth a request. */
const MIN_SHARE_BYTES = 128 * 1024

export const rateOf = ({ meter }: Lane): number => meter.rate ?? GUESSED_RATE
export const answerMsOf = ({ meter }: Lane): number => meter.answerMs ?? GUESSED_ANSWER_MS

/** True when the block that a claim owes next should have been here by now. */
export function isLate(claim: Claim): boolean {
	const { usualMs } = claim.lane
	const quietMs =
		usualMs === undefined ? UNKNOWN_QUIET_MS : Math.min(MAX_QUIET_MS, Math.max(MIN_QUIET_MS, usualMs * 3))
	return claim.quietMs > quietMs || claim.dueMs > MAX_QUIET_MS + claim.dueBytes / DRIP_RATE
}

/**
 * Where an idle source should take over the tail of a claim so that both end at the same time; undefined where it would not
 * help.
 * @param from - first byte that may be taken
 * @param to - the byte after the last one that is needed
 */
export function splitPoint(claim: Claim, from: number, to: number, lane: Lane): number | undefined {
	const theirs = rateOf(claim.lane)
	const ours = rateOf(lane)
	const leftMs = (to - claim.from) / theirs
	const share = ((leftMs - answerMsOf(lane)) * theirs * ours) / (theirs + ours)
	const at = Math.max(from, Math.floor(to - share))
	return share < MIN_SHARE_BYTES || to - at < MIN_SHARE_BYTES ? undefined : at
}
