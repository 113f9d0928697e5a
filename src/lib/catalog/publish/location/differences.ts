import type { BytePatch } from '../byte-patch'

/** Ranges that are this near to each other become one. */
const NEAR_BYTES = 16

/** What must be written over `before` to get `after`; both are as long. */
export function differences(before: Uint8Array, after: Uint8Array): BytePatch[] {
	const patches: BytePatch[] = []
	for (let at = 0; at < before.length; at++) {
		if (before[at] === after[at]) continue
		let end = at + 1
		for (let next = end; next < before.length && next - end < NEAR_BYTES; next++) {
			if (before[next] !== after[next]) end = next + 1
		}
		patches.push({ at, bytes: after.slice(at, end) })
		at = end
	}
	return patches
}
