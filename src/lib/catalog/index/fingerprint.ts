/**
 * A 53-bit number for a text, the same for the same text and seed (cyrb53: two lanes of multiplicative hashing). Not
 * cryptographic: with a seed that stays in this browser nobody outside can choose texts that collide.
 */
export function fingerprint(text: string, seed: number): number {
	let high = 0xdeadbeef ^ seed
	let low = 0x41c6ce57 ^ seed
	for (let at = 0; at < text.length; at++) {
		const letter = text.charCodeAt(at)
		high = Math.imul(high ^ letter, 2654435761)
		low = Math.imul(low ^ letter, 1597334677)
	}
	high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
	low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
	return 4294967296 * (2097151 & low) + (high >>> 0)
}
