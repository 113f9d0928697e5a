import { thumbHashToAverageRGBA } from 'thumbhash'

/** Bytes of a ThumbHash that hold its average colour and flags. */
const HEADER_BYTES = 5
/** Below this a hue would be noise: the difference between the strongest and the weakest of red, green, blue, 0 to 1. */
const LEAST_CHROMA = 0.06

/**
 * Hue of a cover's average colour, 0 to 359, from its ThumbHash.
 * @returns `undefined` for a cover that is grey, and for bytes too short to be a ThumbHash
 */
export function hueOfThumb(thumb: Uint8Array): number | undefined {
	if (thumb.byteLength < HEADER_BYTES + 1) return undefined
	const average = thumbHashToAverageRGBA(thumb)
	const [red, green, blue] = [clamped(average.r), clamped(average.g), clamped(average.b)]
	const most = Math.max(red, green, blue)
	const chroma = most - Math.min(red, green, blue)
	// Written this way round so that NaN is grey as well.
	if (!(chroma >= LEAST_CHROMA)) return undefined
	const sixth =
		most === red
			? (green - blue) / chroma
			: most === green
				? (blue - red) / chroma + 2
				: (red - green) / chroma + 4
	return (Math.round(sixth * 60) + 360) % 360
}

const clamped = (value: number): number => Math.min(1, Math.max(0, value))
