import type { ListenerFacts } from '$lib/catalog/catalog'
import type { LibraryState } from './library.svelte'

export interface FactsSources {
	readonly library: Pick<LibraryState, 'followed' | 'standings' | 'kept' | 'history'>
	/** Peers or gateways can be asked. */
	readonly reachable: boolean
	/** Publishers of which everything is on this device. */
	readonly here: readonly string[]
	/** Bytes that rows and index may take; 0 for as much as there is. */
	readonly budgetBytes: number
}

/** What the person's side knows, as the catalog wants to hear it. */
export function listenerFacts({ library, reachable, here, budgetBytes }: FactsSources): ListenerFacts {
	const publishers: Record<string, ListenerFacts['publishers'][string]> = {}
	for (const name of here) publishers[name] = { ...publishers[name], online: true }
	for (const name of library.followed) publishers[name] = { ...publishers[name], followed: true }
	for (const { name, points, last } of library.standings) {
		publishers[name] = {
			...publishers[name],
			...(points === undefined ? {} : { points }),
			...(last === true ? { demoted: true } : {})
		}
	}
	const plays: Record<string, number> = {}
	for (const { row, plays: times = 0 } of library.history)
		if (times > 0) plays[row.file] = (plays[row.file] ?? 0) + times
	return {
		publishers,
		keptFiles: library.kept.map(({ row }) => row.file),
		plays,
		reachable,
		...(budgetBytes > 0 ? { budget: { bytes: budgetBytes } } : {})
	}
}
