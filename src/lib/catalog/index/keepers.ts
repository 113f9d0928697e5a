import { CID } from 'multiformats/cid'
import type { Keeper } from '../catalog'
import type { Holdings } from './holdings'

/** Who of those in use says that they keep what `publisher` has published. */
export function keepersOf(
	holdings: Holdings,
	publisher: string,
	limit: number,
	nowMs: number
): { readonly total: number; readonly keepers: readonly Keeper[] } {
	const { root = '' } = holdings.publisher(publisher)?.record ?? {}
	const inUse = root === '' ? '' : CID.parse(root).toV1().toString()
	const keepers: Keeper[] = []
	for (const { record } of holdings.publishers()) {
		const { name, displayName, validUntilMs, mirrors = [] } = record
		if (name === publisher || validUntilMs <= nowMs) continue
		const theirs = mirrors.filter((kept) => kept.of === publisher)
		if (theirs.length === 0) continue
		keepers.push({ name, displayName, current: theirs.some((kept) => kept.root === inUse) })
	}
	keepers.sort((a, b) => Number(b.current) - Number(a.current) || (a.name < b.name ? -1 : 1))
	return { total: keepers.length, keepers: keepers.slice(0, limit) }
}
