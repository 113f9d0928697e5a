const WINDOW_BYTES = 256 * 1024

/**
 * A file for parsers that read it in thousands of small pieces: each piece of a Blob costs milliseconds in a browser
 * (an Ogg of 4 MB took 6 s), pieces out of a window of 256 KiB that is in memory cost nothing.
 * @returns what `parseBlob` uses of a Blob: `size`, `type`, and `slice(…).arrayBuffer()`
 */
export function withReadAhead(file: Blob): Blob {
	let held: { readonly from: number; readonly bytes: Promise<ArrayBuffer> } | undefined
	const windowAt = (from: number) => {
		if (held?.from !== from) held = { from, bytes: file.slice(from, from + WINDOW_BYTES).arrayBuffer() }
		return held.bytes
	}
	const read = async (start: number, end: number) => {
		const from = Math.floor(start / WINDOW_BYTES) * WINDOW_BYTES
		// What crosses a window's edge is rare, or large: read as it is.
		if (end > from + WINDOW_BYTES) return await file.slice(start, end).arrayBuffer()
		return (await windowAt(from)).slice(start - from, end - from)
	}
	const { size, type } = file
	const slice = (start = 0, end = size) => ({ arrayBuffer: () => read(start, Math.min(end, size)) })
	return { size, type, slice } as unknown as Blob
}
