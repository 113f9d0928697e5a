const HEIGHTS = [1.5, 4.5, 8, 11.5] as const
const COLUMNS = [4.6, 9.8, 15, 20.2, 25.4] as const

/** FNV-1a, 32 bits: enough to tell faces apart, the same in every browser. */
export function hashOf(text: string): number {
	let hash = 0x811c9dc5
	for (let at = 0; at < text.length; at += 1) {
		hash ^= text.charCodeAt(at)
		hash = Math.imul(hash, 0x01000193)
	}
	return hash >>> 0
}

/** Hue, 0 to 359, of a name that has no art. */
export const hueOf = (text: string): number => hashOf(text + '#') % 360

/** A publisher's face: five pairs of bars, SVG path data in a box of 30 × 30. */
export function sigilOf(name: string): { readonly call: string; readonly answer: string } {
	const bits = hashOf(name)
	const height = (at: number) => HEIGHTS[(bits >>> (at * 2)) & 3] ?? HEIGHTS[0]
	return {
		call: COLUMNS.map((x, at) => `M${x} 13.8v-${height(at)}`).join(''),
		answer: COLUMNS.map((x, at) => `M${x} 16.2v${height(at + 5)}`).join('')
	}
}
