import { AppError } from '../errors'
import type { Cursor } from './cursor'
import type { Lane } from './lane'

/** Nothing came for a reader for so long while all sources fail, ms. */
const PATIENCE_MS = 30_000
/** A source that wants to be left alone for longer than this is not waited for, ms. */
const MAX_WAIT_MS = 5_000
const WRONG = 'the bytes were wrong'

/**
 * Why a reader for which nobody is at work has to give up; undefined while there is hope. What plays waits for a network that
 * is gone for some seconds; what has not begun is told at once.
 * @param wasRead - some of the file could be had before
 */
export function verdict(cursor: Cursor, lanes: readonly Lane[], wasRead: boolean): AppError | undefined {
	if (lanes.some((lane) => lane.claims.size > 0)) return undefined
	const left = lanes.filter((lane) => !lane.isOut && lane.waitMs < MAX_WAIT_MS)
	const allOut = lanes.length > 0 && left.length === 0
	const allFailed = left.every((lane) => lane.faults > 1)
	const isPassing = wasRead && (lanes.length === 0 || left.some((lane) => lane.mayRecover))
	const mustWait = cursor.readBytes > 0 || !allFailed || isPassing
	const isPatient = performance.now() - cursor.progressMs <= PATIENCE_MS
	if (!allOut && mustWait && isPatient) return undefined
	const said = lanes.flatMap((lane) => lane.said ?? (lane.waitMs > 0 ? asksToWait(lane) : []))
	const lied = lanes.length > 0 && lanes.every((lane) => lane.said?.endsWith(WRONG))
	return new AppError(lied ? 'content-unverified' : 'content-unavailable', 'no source gave this block', {
		detail: (said.length === 0 ? ['no gateway to ask'] : said).join('\n')
	})
}

const asksToWait = ({ name, waitMs }: Lane) =>
	`${name}: asked us to wait ${String(Math.ceil(waitMs / 1000))} s more`
