/** What may go out at once after a pause, in ms of the limit. */
const BURST_MS = 500
/** Blocks are at most 2 MiB: the bucket may go into debt by one of them, and pays it off before the next goes. */
const MIN_BURST_BYTES = 64 * 1024

interface Turn {
	readonly bytes: number
	readonly grant: () => void
}

export interface UploadInit {
	/** Bytes a second; 0 gives nothing, `Infinity` everything at once. */
	readonly limit: number
	readonly now?: () => number
}

/**
 * One limit on what goes out to all peers together. Whoever waits is served in order; since each peer waits with one
 * message at a time, peers take turns whatever they asked for, and one that asks for little never waits behind all that
 * another asked for.
 */
export class Upload {
	readonly #now: () => number
	readonly #turns: Turn[] = []
	#limit: number
	#tokens: number
	#atMs: number
	#timer: ReturnType<typeof setTimeout> | undefined

	constructor(init: UploadInit) {
		this.#now = init.now ?? (() => performance.now())
		this.#limit = init.limit
		this.#atMs = this.#now()
		this.#tokens = this.#burst
	}

	/** Bytes a second. */
	get limit(): number {
		return this.#limit
	}

	/** Holds from now on, also for who waits already. */
	set limit(bytesPerSecond: number) {
		this.#refill()
		this.#limit = bytesPerSecond
		this.#tokens = Math.min(this.#tokens, this.#burst)
		this.#serve()
	}

	/** True when nothing is given. */
	get off(): boolean {
		return this.#limit <= 0
	}

	/**
	 * Resolves when so many bytes may go out.
	 * @throws the reason of `signal`
	 */
	async take(bytes: number, signal: AbortSignal): Promise<void> {
		signal.throwIfAborted()
		const { promise, resolve, reject } = Promise.withResolvers<undefined>()
		const turn: Turn = {
			bytes,
			grant: () => {
				resolve(undefined)
			}
		}
		const abort = () => {
			const at = this.#turns.indexOf(turn)
			if (at >= 0) this.#turns.splice(at, 1)
			reject(signal.reason as Error)
		}
		signal.addEventListener('abort', abort)
		this.#turns.push(turn)
		this.#serve()
		try {
			await promise
		} finally {
			signal.removeEventListener('abort', abort)
		}
	}

	get #burst(): number {
		if (this.#limit === Infinity) return Infinity
		return Math.max(MIN_BURST_BYTES, (this.#limit * BURST_MS) / 1000)
	}

	#refill(): void {
		const now = this.#now()
		if (this.#limit === Infinity) this.#tokens = Infinity
		else
			this.#tokens = Math.min(
				this.#burst,
				this.#tokens + (Math.max(0, this.#limit) * Math.max(0, now - this.#atMs)) / 1000
			)
		this.#atMs = now
	}

	#serve(): void {
		clearTimeout(this.#timer)
		this.#timer = undefined
		this.#refill()
		for (let turn = this.#turns[0]; turn; turn = this.#turns[0]) {
			if (this.off) return
			if (this.#tokens <= 0) {
				const waitMs = Math.ceil((-this.#tokens * 1000) / this.#limit) + 1
				this.#timer = setTimeout(() => {
					this.#serve()
				}, waitMs)
				return
			}
			this.#turns.shift()
			this.#tokens -= turn.bytes
			turn.grant()
		}
	}
}
