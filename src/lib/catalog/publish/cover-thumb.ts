import { rgbaToThumbHash } from 'thumbhash'

/** Pixels of an image, row by row, RGBA, no side longer than 100. */
export interface SmallImage {
	readonly width: number
	readonly height: number
	readonly rgba: ArrayLike<number>
}

/** Decodes an image and makes it small. Undefined when it is none, or cannot be decoded here. */
export type DecodeImage = (image: Blob, signal: AbortSignal) => Promise<SmallImage | undefined>

/** ThumbHash allows 100; smaller loses nothing that 25 bytes could show. */
const SIDE = 64
/** An image of more bytes is not decoded: covers are far smaller, and decoding is where memory goes. */
const MAX_IMAGE_BYTES = 32 * 1024 * 1024

/** ThumbHash of a cover, about 25 bytes; undefined when it cannot be decoded. @see https://evanw.github.io/thumbhash/ */
export async function coverThumb(
	image: Blob,
	decode: DecodeImage,
	signal: AbortSignal
): Promise<Uint8Array | undefined> {
	if (image.size > MAX_IMAGE_BYTES) return undefined
	const small = await decode(image, signal)
	if (small === undefined) return undefined
	return rgbaToThumbHash(small.width, small.height, small.rgba)
}

/** Decodes in a browser, in a tab or a worker. */
export const decodeInBrowser: DecodeImage = async (image) => {
	if (!('createImageBitmap' in globalThis && 'OffscreenCanvas' in globalThis)) return undefined
	let bitmap: ImageBitmap
	try {
		bitmap = await createImageBitmap(image)
	} catch {
		// Not an image, or one of a kind that this browser does not know: it stays without a thumb.
		return undefined
	}
	try {
		const scale = SIDE / Math.max(bitmap.width, bitmap.height)
		const width = Math.max(1, Math.round(bitmap.width * scale))
		const height = Math.max(1, Math.round(bitmap.height * scale))
		const context = new OffscreenCanvas(width, height).getContext('2d')
		if (context === null) return undefined
		context.imageSmoothingQuality = 'high'
		context.drawImage(bitmap, 0, 0, width, height)
		return { width, height, rgba: context.getImageData(0, 0, width, height).data }
	} finally {
		bitmap.close()
	}
}
