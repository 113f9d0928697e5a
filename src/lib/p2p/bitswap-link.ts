import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import { varint } from 'multiformats'
import type { CID } from 'multiformats/cid'
import {
	decodeMessage,
	encodeMessage,
	type BitswapBlock,
	type BitswapMessage,
	type BitswapWant
} from './bitswap-message'

export const BITSWAP_PROTOCOL = '/ipfs/bitswap/1.2.0'

/** What js and go peers take in one message is 2 and 4 MiB. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024
/** Blocks are put together in one message up to this size. */
const GOOD_MESSAGE_BYTES = 512 * 1024
const SEND_TIMEOUT_MS = 20_000
/** How long each try to open a stream may take. */
const OPEN_TIMEOUTS_MS = [2_000, 4_000, 10_000]
/** A stream that says nothing for so long is closed; the other side of js peers resets it after 10 s. */
const IDLE_MS = 5_000
/** Answers kept waiting for one peer; it asked for more than it reads when there are more. */
const MAX_QUEUED = 2048

export interface BitswapLinkInit {
	readonly libp2p: Libp2p
	readonly peer: PeerId
	readonly signal: AbortSignal
	/** Blocks that have gone out. */
	readonly onsent: (bytes: number, blocks: number) => void
	/** Keys of wants that did not reach the peer. */
	readonly onfailed: (keys: readonly string[]) => void
}

/**
 * What goes out to one peer: wants and presences at once, blocks one after another as the stream takes them. One
 * stream carries many messages.
 */
export class BitswapLink {
	readonly peer: PeerId
	readonly id: string
	readonly #libp2p: Libp2p
	readonly #onsent: (bytes: number, blocks: number) => void
	readonly #onfailed: (keys: readonly string[]) => void
	readonly #signal: AbortSignal
	#wants = new Map<string, BitswapWant>()
	/** The wants of the message that is on its way. */
	#sending: [string, BitswapWant][] = []
	#presences = new Map<string, { cid: CID; has: boolean }>()
	#blocks: (() => Promise<BitswapBlock | undefined>)[] = []
	#stream: Stream | undefined
	#running = false
	#idle: ReturnType<typeof setTimeout> | undefined

	constructor(init: BitswapLinkInit) {
		this.#libp2p = init.libp2p
		this.peer = init.peer
		this.id = init.peer.toString()
		this.#signal = init.signal
		this.#onsent = init.onsent
		this.#onfailed = init.onfailed
	}

	/** Puts a want, or takes one back; the last word for a CID is the one that is sent. */
	want(key: string, want: BitswapWant): void {
		this.#wants.set(key, want)
		this.#flush()
	}

	presence(key: string, cid: CID, has: boolean): void {
		if (this.#presences.size >= MAX_QUEUED) return
		this.#presences.set(key, { cid, has })
		this.#flush()
	}

	/** Sends a block when its turn comes; it is only read then. */
	block(read: () => Promise<BitswapBlock | undefined>): void {
		if (this.#blocks.length >= MAX_QUEUED) return
		this.#blocks.push(read)
		this.#flush()
	}

	close(): void {
		clearTimeout(this.#idle)
		this.#blocks = []
		this.#wants.clear()
		this.#presences.clear()
		this.#drop(new Error('the peer is gone'))
	}

	#flush(): void {
		if (this.#running) return
		this.#running = true
		// a task later, so that wants that were put together go out together
		setTimeout(() => {
			void this.#run()
		})
	}

	async #run(): Promise<void> {
		clearTimeout(this.#idle)
		try {
			for (;;) {
				const message = await this.#next()
				if (!message) break
				await this.#send(message)
			}
			this.#idle = setTimeout(() => {
				void this.#end()
			}, IDLE_MS)
		} catch (error) {
			this.#drop(error as Error)
			const keys = [
				...this.#sending.filter(([, { cancel }]) => !cancel).map(([key]) => key),
				...this.#wants.keys()
			]
			this.#sending = []
			this.#wants.clear()
			this.#presences.clear()
			this.#blocks = []
			this.#onfailed(keys)
		} finally {
			this.#running = false
			if (this.#wants.size + this.#presences.size + this.#blocks.length > 0) this.#flush()
		}
	}

	async #next(): Promise<{ message: Partial<BitswapMessage>; bytes: number; blocks: number } | undefined> {
		this.#sending = [...this.#wants]
		const wants = this.#sending.map(([, want]) => want)
		const presences = [...this.#presences.values()]
		this.#wants = new Map()
		this.#presences = new Map()
		const blocks: BitswapBlock[] = []
		let bytes = 0
		// wants never wait behind blocks
		while (wants.length === 0 && bytes < GOOD_MESSAGE_BYTES) {
			const read = this.#blocks.shift()
			if (!read) break
			const block = await read()
			if (!block) continue
			blocks.push(block)
			bytes += block.data.length
		}
		if (wants.length + presences.length + blocks.length === 0) return undefined
		return { message: { wants, presences, blocks }, bytes, blocks: blocks.length }
	}

	async #send({ message, bytes, blocks }: { message: Partial<BitswapMessage>; bytes: number; blocks: number }) {
		const encoded = withLength(encodeMessage(message))
		for (let attempt = 0; ; attempt++) {
			try {
				const stream = await this.#open(attempt)
				const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(SEND_TIMEOUT_MS)])
				if (!stream.send(encoded)) await stream.onDrain({ signal })
				if (blocks > 0) this.#onsent(bytes, blocks)
				return
			} catch (error) {
				this.#drop(error as Error)
				// A stream that was kept may have been closed from the other side meanwhile, and one that is opened just after
				// WebRTC connected may never be answered: a new one is.
				if (attempt >= OPEN_TIMEOUTS_MS.length - 1 || this.#signal.aborted || !this.#connection(0)) throw error
			}
		}
	}

	/** A direct connection, another at each try where there are several. */
	#connection(attempt: number): Connection | undefined {
		const direct = this.#libp2p.getConnections(this.peer).filter(({ limits }) => limits === undefined)
		return direct.toReversed()[attempt % direct.length]
	}

	/** The stream that is open, else a new one. */
	async #open(attempt: number): Promise<Stream> {
		if (this.#stream?.writeStatus === 'writable') return this.#stream
		const connection = this.#connection(attempt)
		if (!connection) throw new Error('not connected')
		const signal = AbortSignal.any([
			this.#signal,
			AbortSignal.timeout(OPEN_TIMEOUTS_MS[attempt] ?? SEND_TIMEOUT_MS)
		])
		return (this.#stream = await connection.newStream(BITSWAP_PROTOCOL, { signal }))
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

	#drop(error: Error): void {
		const stream = this.#stream
		this.#stream = undefined
		if (stream?.status === 'open') stream.abort(error)
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

/** Reads the messages of one incoming stream, one after another, until it ends. */
export async function readMessages(
	stream: Stream,
	connection: Connection,
	take: (message: BitswapMessage, peer: PeerId) => Promise<void>,
	signal: AbortSignal
): Promise<void> {
	const messages = lpStream(stream, { maxDataLength: MAX_MESSAGE_BYTES, maxBufferSize: 2 * MAX_MESSAGE_BYTES })
	try {
		// nothing is ever sent on a stream that the other side opened
		for (;;) {
			const bytes = await messages.read({ signal })
			await take(decodeMessage(bytes.subarray()), connection.remotePeer)
		}
	} catch (error) {
		if (stream.remoteWriteStatus === 'closed' && stream.status === 'open') {
			await stream.close({ signal: AbortSignal.timeout(SEND_TIMEOUT_MS) }).catch(() => undefined)
		}
		if (stream.status === 'open') stream.abort(error as Error)
	}
}
