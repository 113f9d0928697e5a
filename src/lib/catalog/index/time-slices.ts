/** Work goes on this long before other messages get their turn. */
const SLICE_MS = 16
/** Work waits this long for questions to be answered, at most: where they never end, it gets a slice in between. */
const MOST_MS = 40

/** Questions go before long work: while one is being answered, work that knows of it rests. */
export class Precedence {
	#asked = 0
	#free: PromiseWithResolvers<void> | undefined

	get taken(): boolean {
		return this.#asked > 0
	}

	/** Answers a question. */
	async during<Answer>(answer: () => Promise<Answer>): Promise<Answer> {
		this.#asked++
		try {
			return await answer()
		} finally {
			if (--this.#asked === 0) {
				this.#free?.resolve()
				this.#free = undefined
			}
		}
	}

	/** Waits until no question is left, not for ever. */
	async given(): Promise<void> {
		if (!this.taken) return
		this.#free ??= Promise.withResolvers<void>()
		let timer: ReturnType<typeof setTimeout> | undefined
		const most = new Promise<void>((resolve) => (timer = setTimeout(resolve, MOST_MS)))
		await Promise.race([this.#free.promise, most])
		clearTimeout(timer)
	}
}

/**
 * Cuts long work into slices, so that a worker answers questions in between.
 * @example for (const page of pages) { index(page); await slices.rest() }
 */
export class TimeSlices {
	readonly #precedence: Precedence | undefined
	#sliceStart = performance.now()

	/** @param precedence - of questions, over this work; absent for work that is a question's own */
	constructor(precedence?: Precedence) {
		this.#precedence = precedence
	}

	/** True when it is time to {@link rest}: asking is cheaper than waiting for nothing. */
	get over(): boolean {
		return performance.now() - this.#sliceStart >= SLICE_MS
	}

	/** Waits for one turn of the event loop when the present slice is over, and for questions to be answered. */
	async rest(): Promise<void> {
		if (!this.over) return
		await nextTurn()
		await this.#precedence?.given()
		this.#sliceStart = performance.now()
	}
}

/** By a message to oneself: it queues behind the messages already waiting, and no timer clamps it to 4 ms. */
function nextTurn(): Promise<void> {
	const { port1: here, port2: there } = new MessageChannel()
	return new Promise((resolve) => {
		here.onmessage = () => {
			here.close()
			resolve()
		}
		there.postMessage(null)
	})
}
