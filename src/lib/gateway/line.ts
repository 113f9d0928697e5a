import type { Purpose } from './file-reader'

/** What plays has had all it wants for so long before anything is read ahead, ms. */
const QUIET_MS = 500

/** Who may use the network, over all files: reading ahead waits for what plays, and `later` for `soon`. */
export class Line {
	readonly #waiting = new Set<object>()
	readonly #soon = new Set<object>()
	readonly #listeners = new Set<() => void>()
	#quietSinceMs = -Infinity
	#timer: ReturnType<typeof setTimeout> | undefined

	/** Told when more or less is allowed than before. Returns a function that ends it. */
	onchange(listener: () => void): () => void {
		this.#listeners.add(listener)
		return () => {
			this.#listeners.delete(listener)
		}
	}

	allows(purpose: Purpose): boolean {
		if (purpose === 'play') return true
		if (this.#waiting.size > 0 || performance.now() - this.#quietSinceMs < QUIET_MS) return false
		return purpose === 'soon' || this.#soon.size === 0
	}

	/** A reader waits for the network, or does no more. */
	waits(reader: object, purpose: Purpose, isWaiting: boolean): void {
		if (purpose === 'later') return
		const readers = purpose === 'play' ? this.#waiting : this.#soon
		if (readers.has(reader) === isWaiting) return
		if (isWaiting) readers.add(reader)
		else readers.delete(reader)
		if (readers === this.#waiting && readers.size === 0) this.#quietSinceMs = performance.now()
		this.#tell(purpose === 'play' && !isWaiting ? QUIET_MS : 0)
	}

	#tell(afterMs: number): void {
		clearTimeout(this.#timer)
		this.#timer = setTimeout(() => {
			for (const listener of this.#listeners) listener()
		}, afterMs)
	}
}
