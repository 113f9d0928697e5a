import { CID } from 'multiformats/cid'
import type { AntiphonDatabase } from '../../storage/database'
import type { AtPlace } from '../publishing'
import type { Place } from './places/place'
import { problemOf } from './problem'
import { notePlace, type Publication } from './publications'

const ASK_MS = 60_000

/** Places of a publication that have not been looked at for so long. Those still being sent to are not asked. */
export function dueForLook(publication: Publication, olderThanMs: number, nowMs: number): readonly string[] {
	return Object.entries(publication.results.places ?? {})
		.filter(([, { state, checkedMs = 0 }]) => state !== 'sending' && nowMs - checkedMs >= olderThanMs)
		.map(([id]) => id)
}

/**
 * Asks places whether they still hold a publication, and notes what they say. One that cannot be asked keeps its state,
 * with the problem beside it.
 */
export async function lookAtPlaces(
	database: AntiphonDatabase,
	publication: Publication,
	places: readonly Place[],
	{ signal, now = Date.now }: { readonly signal: AbortSignal; readonly now?: () => number }
): Promise<void> {
	const root = CID.parse(publication.root)
	await Promise.all(
		places.map(async (place) => {
			const { problem: _, ...before } = publication.results.places?.[place.id] ?? {
				label: place.label,
				state: 'gone' as const
			}
			let at: AtPlace
			try {
				const deadline = AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)])
				const answer = await place.look(root, before.mark ?? {}, deadline)
				// What never arrived is no more gone than before.
				const state = answer === 'gone' && before.state === 'failed' ? 'failed' : answer
				at = { ...before, state, checkedMs: now() }
			} catch (error) {
				signal.throwIfAborted()
				at = { ...before, checkedMs: now(), problem: problemOf(error) }
			}
			await notePlace(database, publication.root, place.id, at)
		})
	)
}
