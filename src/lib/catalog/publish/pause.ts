/** Holds long work up between two pieces of it, and lets it go on. */
export class Pause {
	readonly #listeners = new Set<(paused: boolean) => void>()
	#held: PromiseWithResolvers<void> | undefined

	get paused(): boolean {
		return this.#held !== undefined
	}

	set(paused: boolean): void {
		if (paused === this.paused) return
		if (paused) {
			this.#held = Promise.withResolvers()
		} else {
			this.#held?.resolve()
			this.#held = undefined
		}
		for (const listener of this.#listeners) listener(paused)
	}

	/** Waits while paused. @throws the signal's reason */
	async wait(signal: AbortSignal): Promise<void> {
		signal.throwIfAborted()
		if (this.#held === undefined) return
		const { promise: stopped, reject } = Promise.withResolvers<never>()
		const stop = () => {
			reject(signal.reason as Error)
		}
		signal.addEventListener('abort', stop)
		try {
			await Promise.race([this.#held.promise, stopped])
		} finally {
			signal.removeEventListener('abort', stop)
		}
		await this.wait(signal)
	}

	/** Tells each change. @returns ends the telling */
	follow(listener: (paused: boolean) => void): () => void {
		this.#listeners.add(listener)
		return () => {
			this.#listeners.delete(listener)
		}
	}
}
