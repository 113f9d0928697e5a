import type { CID } from 'multiformats/cid'

/** A file of which nothing was read or kept for so long is not in use any more. */
const IDLE_MS = 120_000

interface InUse {
	readonly release: () => void
	readonly timer: ReturnType<typeof setTimeout>
}

/** Holds the files that are being read, each until a while after its last block. */
export class FilesInUse {
	readonly #files = new Map<string, InUse>()
	readonly #hold: (file: string) => () => void

	constructor(hold: (file: string) => () => void) {
		this.#hold = hold
	}

	touch(file: CID): void {
		const name = file.toString()
		const before = this.#files.get(name)
		if (before) clearTimeout(before.timer)
		const release = before?.release ?? this.#hold(name)
		const timer = setTimeout(() => {
			this.#files.delete(name)
			release()
		}, IDLE_MS)
		this.#files.set(name, { release, timer })
	}
}
