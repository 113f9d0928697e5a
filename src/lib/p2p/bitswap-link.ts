import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import type { CID } from 'multiformats/cid'
import {
	decodeMessage,
	encodeMessage,
	type BitswapBlock,
	type BitswapMessage,
	type BitswapWant
} from './bitswap-message'
import { BitswapOutlet } from './bitswap-outlet'
import type { Upload } from './upload'

export const BITSWAP_PROTOCOL = '/ipfs/bitswap/1.2.0'

/** What js and go peers take in one message is 2 and 4 MiB. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024
const CLOSE_TIMEOUT_MS = 20_000
/** Words kept waiting for one peer; it asked for more than it reads when there are more. */
const MAX_PRESENCES = 2048
/** Blocks kept waiting for one peer. */
const MAX_BLOCKS = 256
/** Small blocks are put together in one message up to this size. */
const GOOD_MESSAGE_BYTES = 64 * 1024

type ReadBlock = () => Promise<BitswapBlock | undefined>

export interface BitswapLinkInit {
	readonly libp2p: Libp2p
	readonly peer: PeerId
	readonly signal: AbortSignal
	readonly upload: Upload
	/** Blocks that have gone out. */
	readonly onsent: (bytes: number, blocks: number) => void
	/** Keys of wants that did not reach the peer. */
	readonly onfailed: (keys: readonly string[]) => void
}

/**
 * What goes out to one peer: wants and presences at once on one stream, blocks on another, one after another as the
 * limit on uploads and the stream take them.
 */
export class BitswapLink {
	readonly peer: PeerId
	readonly id: string
	readonly #init: BitswapLinkInit
	readonly #words: BitswapOutlet
	readonly #blocks: BitswapOutlet
	readonly #closed = new AbortController()
	#wants = new Map<string, BitswapWant>()
	#presences = new Map<string, { cid: CID; has: boolean }>()
	readonly #queue = new Map<string, ReadBlock>()
	#saying = false
	#giving = false

	constructor(init: BitswapLinkInit) {
		this.#init = init
		this.peer = init.peer
		this.id = init.peer.toString()
		const signal = AbortSignal.any([init.signal, this.#closed.signal])
		const outlet = { libp2p: init.libp2p, peer: init.peer, protocol: BITSWAP_PROTOCOL, signal }
		this.#words = new BitswapOutlet(outlet)
		this.#blocks = new BitswapOutlet(outlet)
	}

	/** Puts a want, or takes one back; the last word for a CID is the one that is sent. */
	want(key: string, want: BitswapWant): void {
		this.#wants.set(key, want)
		this.#say()
	}

	presence(key: string, cid: CID, has: boolean): void {
		if (this.#presences.size >= MAX_PRESENCES) return
		this.#presences.set(key, { cid, has })
		this.#say()
	}

	/** Sends a block when its turn comes; it is only read then. False when too many wait already. */
	block(key: string, read: ReadBlock): boolean {
		if (this.#queue.size >= MAX_BLOCKS && !this.#queue.has(key)) return false
		this.#queue.set(key, read)
		if (!this.#giving) void this.#give()
		return true
	}

	/** Takes a block back that was not sent yet. */
	unblock(key: string): void {
		this.#queue.delete(key)
	}

	close(): void {
		const gone = new Error('the peer is gone')
		this.#closed.abort(gone)
		this.#queue.clear()
		this.#wants.clear()
		this.#presences.clear()
		this.#words.close(gone)
		this.#blocks.close(gone)
	}

	#say(): void {
		if (this.#saying || this.#closed.signal.aborted) return
		this.#saying = true
		// a task later, so that wants that were put together go out together
		setTimeout(() => {
			void this.#sayAll()
		})
	}

	async #sayAll(): Promise<void> {
		let sending = new Map<string, BitswapWant>()
		try {
			while (this.#wants.size + this.#presences.size > 0) {
				sending = this.#wants
				const presences = [...this.#presences.values()]
				this.#wants = new Map()
				this.#presences = new Map()
				await this.#words.send(encodeMessage({ wants: [...sending.values()], presences }))
			}
		} catch {
			const asked = [...sending].filter(([, { cancel }]) => !cancel).map(([key]) => key)
			const keys = [...asked, ...this.#wants.keys()]
			this.#wants.clear()
			this.#presences.clear()
			this.#init.onfailed(keys)
		} finally {
			this.#saying = false
			if (this.#wants.size + this.#presences.size > 0) this.#say()
		}
	}

	async #give(): Promise<void> {
		this.#giving = true
		try {
			while (this.#queue.size > 0) {
				const blocks = await this.#nextBlocks()
				const bytes = blocks.reduce((sum, { data }) => sum + data.length, 0)
				if (blocks.length === 0) continue
				await this.#init.upload.take(bytes, this.#closed.signal)
				await this.#blocks.send(encodeMessage({ blocks }))
				this.#init.onsent(bytes, blocks.length)
			}
		} catch {
			// it asks again when it still wants them
			this.#queue.clear()
		} finally {
			this.#giving = false
		}
	}

	/** One block, or several small ones. */
	async #nextBlocks(): Promise<BitswapBlock[]> {
		const blocks: BitswapBlock[] = []
		let bytes = 0
		for (const [key, read] of this.#queue) {
			this.#queue.delete(key)
			const block = await read()
			if (!block) continue
			blocks.push(block)
			bytes += block.data.length
			if (bytes >= GOOD_MESSAGE_BYTES) break
		}
		return blocks
	}
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
			await stream.close({ signal: AbortSignal.timeout(CLOSE_TIMEOUT_MS) }).catch(() => undefined)
		}
		if (stream.status === 'open') stream.abort(error as Error)
	}
}
