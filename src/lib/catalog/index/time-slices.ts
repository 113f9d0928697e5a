/** Work goes on this long before other messages get their turn. */
const SLICE_MS = 16

/**
 * Cuts long work into slices, so that a worker answers questions in between.
 * @example for (const page of pages) { index(page); await slices.rest() }
 */
export class TimeSlices {
	#sliceStart = performance.now()

	/** True when it is time to {@link rest}: asking is cheaper than waiting for nothing. */
	get over(): boolean {
		return performance.now() - this.#sliceStart >= SLICE_MS
	}

	/** Waits for one turn of the event loop when the present slice is over. */
	async rest(): Promise<void> {
		if (!this.over) return
		await nextTurn()
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
