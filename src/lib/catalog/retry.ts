/** Protocol section 7: up to 10 tries, waits growing by 3 from 10 s to at most 24 h. */
export const MAX_TRIES = 10
const FIRST_WAIT_MS = 10_000
const LONGEST_WAIT_MS = 24 * 3600_000

/**
 * How long to wait before the next try.
 * @param tries - tries that failed so far, 1 or more
 * @param random - 0 to 1, spreads the waits by ± 20 % so that many tabs do not ask at once
 */
export function retryWaitMs(tries: number, random: number): number {
	const wait = Math.min(FIRST_WAIT_MS * 3 ** (tries - 1), LONGEST_WAIT_MS)
	return Math.round(wait * (0.8 + 0.4 * random))
}
