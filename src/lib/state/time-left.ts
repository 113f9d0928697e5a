import type { PublishProgress } from '$lib/catalog/publishing'

/** Before this much has gone by, a guess at the time left is worth nothing. */
const GUESS_AFTER_MS = 2_000

/** Guesses the seconds left from the speed since it was made. */
export function timeLeft(): (progress: PublishProgress) => number | undefined {
	const started = performance.now()
	let first: number | undefined
	return ({ bytesDone, bytes }) => {
		first ??= bytesDone
		const elapsedMs = performance.now() - started
		const done = bytesDone - first
		if (elapsedMs < GUESS_AFTER_MS || done <= 0 || bytes <= bytesDone) return undefined
		return ((bytes - bytesDone) / done) * (elapsedMs / 1000)
	}
}
