/**
 * Pieces in one buffer of its own.
 * @param length - of all of them, where it is known already
 */
export function joinBytes(
	pieces: readonly Uint8Array[],
	length = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0)
): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(length)
	let at = 0
	for (const piece of pieces) {
		bytes.set(piece, at)
		at += piece.byteLength
	}
	return bytes
}
