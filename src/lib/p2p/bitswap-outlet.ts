import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface'
import { varint } from 'multiformats'

const SEND_TIMEOUT_MS = 20_000
/** How long each try to open a stream may take. */
const OPEN_TIMEOUTS_MS = [2_000, 4_000, 10_000]
/** A stream that says nothing for so long is closed; the other side of js peers resets it after 10 s. */
const IDLE_MS = 5_000

export interface BitswapOutletInit {
	readonly libp2p: Libp2p
	readonly peer: PeerId
	readonly protocol: string
	readonly signal: AbortSignal
}

/** One stream to a peer that carries many messages: opened when there is one, closed when there has been none for long. */
export class BitswapOutlet {
	readonly #init: BitswapOutletInit
	#stream: Stream | undefined
	#idle: ReturnType<typeof setTimeout> | undefined

	constructor(init: BitswapOutletInit) {
		this.#init = init
	}

	/** Resolves when the stream has taken it. One call at a time. @throws when the peer cannot be reached any more */
	async send(message: Uint8Array): Promise<void> {
		clearTimeout(this.#idle)
		const encoded = withLength(message)
		for (let attempt = 0; ; attempt++) {
			try {
				const stream = await this.#open(attempt)
				const signal = AbortSignal.any([this.#init.signal, AbortSignal.timeout(SEND_TIMEOUT_MS)])
				if (!stream.send(encoded)) await stream.onDrain({ signal })
				this.#idle = setTimeout(() => {
					void this.#end()
				}, IDLE_MS)
				return
			} catch (error) {
				this.close(error as Error)
				// A stream that was kept may have been closed from the other side meanwhile, and one that is opened just after
				// WebRTC connected may never be answered: a new one is.
				const last = attempt >= OPEN_TIMEOUTS_MS.length - 1
				if (last || this.#init.signal.aborted || !this.#connection(0)) throw error
			}
		}
	}

	close(error: Error): void {
		clearTimeout(this.#idle)
		const stream = this.#stream
		this.#stream = undefined
		if (stream?.status === 'open') stream.abort(error)
	}

	/** A direct connection, another at each try where there are several. */
	#connection(attempt: number): Connection | undefined {
		const direct = this.#init.libp2p.getConnections(this.#init.peer).filter(({ limits }) => limits === undefined)
		return direct.toReversed()[attempt % direct.length]
	}

	/** The stream that is open, else a new one. */
	async #open(attempt: number): Promise<Stream> {
		if (this.#stream?.writeStatus === 'writable') return this.#stream
		const connection = this.#connection(attempt)
		if (!connection) throw new Error('not connected')
		const timeout = AbortSignal.timeout(OPEN_TIMEOUTS_MS[attempt] ?? SEND_TIMEOUT_MS)
		const signal = AbortSignal.any([this.#init.signal, timeout])
		return (this.#stream = await connection.newStream(this.#init.protocol, { signal }))
	}

	async #end(): Promise<void> {
		const stream = this.#stream
		this.#stream = undefined
		try {
			await stream?.close({ signal: AbortSignal.timeout(SEND_TIMEOUT_MS) })
		} catch (error) {
			stream?.abort(error as Error)
		}
	}
}

/** A message with its length before it, as on the wire. */
function withLength(message: Uint8Array): Uint8Array {
	const lengthBytes = varint.encodingLength(message.length)
	const bytes = new Uint8Array(lengthBytes + message.length)
	varint.encodeTo(message.length, bytes)
	bytes.set(message, lengthBytes)
	return bytes
}
