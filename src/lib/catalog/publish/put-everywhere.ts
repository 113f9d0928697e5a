import type { NamedAt } from '../publishing'
import type { Place } from './places/place'
import { problemOf } from './problem'

const ROUTER_MS = 60_000

export interface PutEverywhere {
	readonly name: string
	/** The signed record, protobuf. */
	readonly record: Uint8Array
	readonly places: readonly Place[]
	/** Origins that take records by HTTP. */
	readonly routers: readonly string[]
	readonly putRecord: (origin: string, name: string, record: Uint8Array, signal: AbortSignal) => Promise<void>
	/** Where it was put before: not asked again where that went well. */
	readonly before?: readonly NamedAt[]
	readonly signal: AbortSignal
}

/**
 * Puts a signed record to every place it can go, each by itself: one that fails does not keep the others from it.
 * @returns one outcome a place, none where no place takes records
 */
export async function putEverywhere(job: PutEverywhere): Promise<readonly NamedAt[]> {
	const { name, record, places, routers, putRecord, before = [], signal } = job
	const asks = new Map<string, () => Promise<void>>()
	for (const place of places) {
		if (place.namePut) asks.set(place.label, async () => await place.namePut?.(name, record, { signal }))
	}
	for (const origin of routers) {
		const deadline = AbortSignal.any([signal, AbortSignal.timeout(ROUTER_MS)])
		asks.set(origin, () => putRecord(origin, name, record, deadline))
	}
	const named = await Promise.all(
		[...asks].map(async ([place, ask]): Promise<NamedAt> => {
			if (before.some((done) => done.place === place && done.ok)) return { place, ok: true }
			try {
				await ask()
				return { place, ok: true }
			} catch (error) {
				return { place, ok: false, problem: problemOf(error) }
			}
		})
	)
	signal.throwIfAborted()
	return named
}
