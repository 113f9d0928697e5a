/** A box of an ISO media file. Places are counted from where the bytes begin. */
export interface Box {
	readonly type: string
	readonly at: number
	readonly content: number
	readonly end: number
	readonly size: number
}

/**
 * The boxes that lie one behind the other. A box that is not whole ends them.
 * @param room - bytes that there are, where `bytes` has only their beginning
 */
export function* boxes(bytes: Uint8Array, room: number): Generator<Box> {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
	for (let at = 0; at + 8 <= bytes.byteLength;) {
		const short = view.getUint32(at)
		const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
		if (short === 1 && at + 16 > bytes.byteLength) return
		// 0 means: to the end.
		const size = short === 0 ? room - at : short === 1 ? Number(view.getBigUint64(at + 8)) : short
		const content = at + (short === 1 ? 16 : 8)
		if (size < content - at || at + size > room) return
		yield { type, at, content, end: at + size, size }
		at += size
	}
}
