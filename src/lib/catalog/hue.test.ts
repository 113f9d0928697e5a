import { rgbaToThumbHash } from 'thumbhash'
import { expect, test } from 'vitest'
import { hueOfThumb } from './hue'

function thumbOf(red: number, green: number, blue: number): Uint8Array {
	return rgbaToThumbHash(8, 8, Array.from({ length: 64 }, () => [red, green, blue, 255]).flat())
}

test.each([
	['red', [220, 20, 20], 0],
	['green', [20, 200, 20], 120],
	['blue', [20, 20, 220], 240],
	['orange', [230, 130, 20], 31]
] as const)('the hue of %s', (_, [red, green, blue], hue) => {
	const got = hueOfThumb(thumbOf(red, green, blue)) ?? NaN
	const apart = Math.abs(((got - hue + 540) % 360) - 180)
	expect(apart).toBeLessThanOrEqual(15)
})

test.each([
	['grey', thumbOf(128, 128, 128)],
	['black', thumbOf(0, 0, 0)],
	['no bytes', new Uint8Array(0)],
	['too few bytes', new Uint8Array(5)]
])('%s has none', (_, thumb) => {
	expect(hueOfThumb(thumb)).toBeUndefined()
})
