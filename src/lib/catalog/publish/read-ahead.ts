import { letGo } from './let-go'

const WINDOW_BYTES = 256 * 1024

interface Window {
	readonly from: number
	readonly bytes: Promise<ArrayBuffer>
	/** Pieces that are being copied out of it. */
	users: number
}

/**
 * A file for parsers that read it in thousands of small pieces: each piece of a Blob costs milliseconds in a browser
 * (an Ogg of 4 MB took 6 s), pieces out of a window of 256 KiB that is in memory cost nothing.
 * @returns what `parseBlob` uses of a Blob: `size`, `type`, and `slice(…).arrayBuffer()`
 */
export function withReadAhead(file: Blob): Blob {
	let held: Window | undefined
	const leave = ({ bytes, users }: Window) => {
		// Of thousands of files, these windows would be most of the memory that reading takes.
		if (users === 0) void bytes.then(letGo, () => undefined)
	}
	const windowAt = (from: number): Window => {
		if (held?.from === from) return held
		const before = held
		held = { from, bytes: file.slice(from, from + WINDOW_BYTES).arrayBuffer(), users: 0 }
		if (before !== undefined) leave(before)
		return held
	}
	const read = async (start: number, end: number) => {
		const from = Math.floor(start / WINDOW_BYTES) * WINDOW_BYTES
		// What crosses a window's edge is rare, or large: read as it is.
		if (end > from + WINDOW_BYTES) return await file.slice(start, end).arrayBuffer()
		const window = windowAt(from)
		window.users++
		try {
			return (await window.bytes).slice(start - from, end - from)
		} finally {
			window.users--
			if (window !== held) leave(window)
		}
	}
	const { size, type } = file
	const slice = (start = 0, end = size) => ({ arrayBuffer: () => read(start, Math.min(end, size)) })
	return { size, type, slice } as unknown as Blob
}
