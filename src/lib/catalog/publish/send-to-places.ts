import type { CID } from 'multiformats/cid'
import { AppError } from '../../errors'
import type { AtPlace } from '../publishing'
import type { ReadBlock } from './car'
import type { Place } from './places/place'
import { problemOf } from './problem'

export interface SendToPlaces {
	readonly root: CID
	readonly title: string
	readonly blocks: readonly CID[]
	readonly sizeBytes: number
	readonly places: readonly Place[]
	/** How the places stood before. */
	readonly before: Readonly<Record<string, AtPlace>>
	readonly readBlock: ReadBlock
	readonly holds: (place: string) => Promise<ReadonlySet<string> | undefined>
	/** Called at each change of one place. */
	readonly onplace: (id: string, at: AtPlace) => void
	readonly signal: AbortSignal
	readonly now?: () => number
}

const ADDRESSES_MS = 10_000

/**
 * Brings a publication to all places that do not hold it yet. Those that take bytes go first, side by side; then those
 * that fetch by themselves, once a server has it. A place that fails leaves the others as they are.
 * @throws what the first place threw, when no place holds it; else it returns, and {@link AtPlace.problem} says why not
 */
export async function sendToPlaces(job: SendToPlaces): Promise<void> {
	const { places, before, signal } = job
	const failures: unknown[] = []
	let held = 0
	const send = async (place: Place, origins: readonly string[]) => {
		if (before[place.id]?.state === 'held') {
			held++
			return
		}
		try {
			await sendTo(place, origins, job)
			held++
		} catch (error) {
			if (signal.aborted) throw error
			failures.push(error)
		}
	}
	const first = places.filter(({ takes }) => takes === 'bytes')
	const outcomes = await Promise.allSettled(first.map((place) => send(place, [])))
	signal.throwIfAborted()
	for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
	const after = places.filter(({ takes }) => takes === 'name')
	const origins = held > 0 && after.length > 0 ? await addressesOf(first, signal) : []
	if (held > 0) await Promise.all(after.map((place) => send(place, origins)))
	else for (const place of after) noServer(place, job, failures)
	if (held === 0 && failures.length > 0) throw failures[0]
}

async function sendTo(place: Place, origins: readonly string[], job: SendToPlaces): Promise<void> {
	const { root, title, blocks, sizeBytes, readBlock, signal, onplace, now = Date.now } = job
	const { id, label } = place
	const earlier = job.before[id]
	let at: AtPlace = { label, state: 'sending', ...(earlier?.mark && { mark: earlier.mark }) }
	onplace(id, at)
	const holds = await job.holds(id)
	try {
		const { answer, mark } = await place.send({
			root,
			title,
			blocks,
			sizeBytes,
			readBlock,
			origins,
			signal,
			...(holds && { holds }),
			...(at.mark && { mark: at.mark }),
			keep: (noted) => {
				at = { ...at, mark: noted }
				onplace(id, at)
			},
			onprogress: (bytesDone) => {
				at = { ...at, bytesDone }
				onplace(id, at)
			}
		})
		onplace(id, { label, mark, state: answer, checkedMs: now() })
	} catch (error) {
		// Cancelled it stays `sending`: a later visit goes on with what it has noted.
		if (!signal.aborted) onplace(id, { ...at, state: 'failed', problem: problemOf(error) })
		throw error
	}
}

function noServer({ id, label }: Place, { onplace }: SendToPlaces, failures: unknown[]): void {
	const error = new AppError('content-unavailable', 'no server holds it yet', {
		detail: 'This service fetches from other servers, and none has it yet: it cannot fetch from a tab.'
	})
	failures.push(error)
	onplace(id, { label, state: 'failed', problem: problemOf(error) })
}

/** Where a place that fetches can fetch from: advice, so that one that does not answer is left out. */
async function addressesOf(places: readonly Place[], signal: AbortSignal): Promise<readonly string[]> {
	const deadline = AbortSignal.any([signal, AbortSignal.timeout(ADDRESSES_MS)])
	const lists = await Promise.all(
		places.map(async (place) => (await place.addresses?.(deadline).catch(() => [])) ?? [])
	)
	return lists.flat()
}
