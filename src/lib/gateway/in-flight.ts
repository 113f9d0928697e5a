/** Lets several readers that want the same thing at the same time share one piece of work. */
export class InFlight<T> {
	readonly #running = new Map<
		string,
		{ readonly result: Promise<T>; readonly stop: AbortController; readers: number }
	>()

	/**
	 * Joins the work under way for `key`, or starts it. The work is stopped when the last reader has gone.
	 * @throws what `work` throws, or the reason of `signal`
	 */
	async run(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
		signal.throwIfAborted()
		let shared = this.#running.get(key)
		if (shared === undefined) {
			const stop = new AbortController()
			const result = work(stop.signal).finally(() => {
				if (this.#running.get(key)?.stop === stop) this.#running.delete(key)
			})
			result.catch(() => undefined)
			shared = { result, stop, readers: 0 }
			this.#running.set(key, shared)
		}
		const { promise: left, reject } = Promise.withResolvers<never>()
		const leave = () => {
			reject(signal.reason as Error)
		}
		signal.addEventListener('abort', leave)
		shared.readers++
		try {
			return await Promise.race([shared.result, left])
		} finally {
			signal.removeEventListener('abort', leave)
			shared.readers--
			if (shared.readers === 0 && this.#running.get(key) === shared) {
				this.#running.delete(key)
				shared.stop.abort(signal.reason)
			}
		}
	}
}
