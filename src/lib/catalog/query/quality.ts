import type { EntryRow } from '../row'

/** Steps of the facet of quality; bit/s. */
export const HIGH_BITRATE = 256_000
export const MEDIUM_BITRATE = 128_000

export type Quality = 'lossless' | 'high' | 'medium' | 'low'

/** Undefined where neither is known. */
export function qualityOf({ lossless, bitrate }: Pick<EntryRow, 'lossless' | 'bitrate'>): Quality | undefined {
	if (lossless === true) return 'lossless'
	if (bitrate === undefined || bitrate === 0) return undefined
	if (bitrate >= HIGH_BITRATE) return 'high'
	return bitrate >= MEDIUM_BITRATE ? 'medium' : 'low'
}
