import type { Libp2p, PeerId } from '@libp2p/interface'
import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'
import { keyOf } from './bitswap-cid'
import { BitswapGiving } from './bitswap-giving'
import { BITSWAP_PROTOCOL, BitswapLink, readMessages } from './bitswap-link'
import type { BitswapMessage } from './bitswap-message'
import { BitswapWants, type WantedBlock, type WantOptions } from './bitswap-wants'
import { Upload } from './upload'

const MAX_INBOUND_STREAMS = 32
const MAX_OUTBOUND_STREAMS = 64

export interface BitswapInit {
	readonly libp2p: Libp2p
	readonly blockstore: Blockstore
	/** Blocks that came from a peer or went to it, wanted ones only. */
	readonly onblocks?: (peer: string, direction: 'in' | 'out', bytes: number, blocks: number) => void
	/** Bytes a second that go out to all peers together; no limit when absent. */
	readonly uploadLimit?: number
}

/**
 * Bitswap 1.2.0, both sides: see {@link BitswapWants} for what is asked of whom and {@link BitswapGiving} for what is
 * given. Written here for the reasons in docs/decisions/0006; Helia gets its blocks by it through the `BitswapBroker`.
 * @see https://specs.ipfs.tech/bitswap-protocol/
 */
export class Bitswap {
	/** The limit on what is given, to be changed at any time. */
	readonly upload: Upload
	readonly #libp2p: Libp2p
	readonly #blockstore: Blockstore
	readonly #onblocks: NonNullable<BitswapInit['onblocks']>
	readonly #wants: BitswapWants
	readonly #remotes = new Map<string, { readonly link: BitswapLink; readonly giving: BitswapGiving }>()
	readonly #stopping = new AbortController()
	#topology: string | undefined
	#notifying = false

	constructor(init: BitswapInit) {
		this.#libp2p = init.libp2p
		this.#blockstore = init.blockstore
		this.upload = new Upload({ limit: init.uploadLimit ?? Infinity })
		this.#onblocks = init.onblocks ?? (() => undefined)
		this.#wants = new BitswapWants((peer, bytes) => {
			this.#onblocks(peer, 'in', bytes, 1)
		})
	}

	async start(): Promise<void> {
		await this.#libp2p.handle(
			BITSWAP_PROTOCOL,
			(stream, connection) => {
				void readMessages(stream, connection, (message, peer) => this.#take(message, peer), this.#stopping.signal)
			},
			{ maxInboundStreams: MAX_INBOUND_STREAMS, maxOutboundStreams: MAX_OUTBOUND_STREAMS }
		)
		this.#topology = await this.#libp2p.register(BITSWAP_PROTOCOL, {
			onConnect: (peer) => {
				this.#remote(peer)
			}
		})
		// the topology reports only peers that it reported before; some send a message first
		this.#libp2p.addEventListener('peer:disconnect', this.#onleft)
	}

	async stop(): Promise<void> {
		this.#stopping.abort(new DOMException('the peer stopped', 'AbortError'))
		if (this.#topology !== undefined) this.#libp2p.unregister(this.#topology)
		this.#libp2p.removeEventListener('peer:disconnect', this.#onleft)
		await this.#libp2p.unhandle(BITSWAP_PROTOCOL)
		this.#wants.stop(this.#stopping.signal.reason)
		for (const { link } of this.#remotes.values()) link.close()
		this.#remotes.clear()
	}

	/** How many connected peers speak Bitswap. */
	get peers(): number {
		return this.#remotes.size
	}

	/**
	 * One block from connected peers, hashed here. It is not kept: that is the caller's part.
	 * @throws AppError `content-unavailable` when all connected peers say that they lack it, or the reason of `signal`
	 */
	async want(cid: CID, options: WantOptions): Promise<WantedBlock> {
		return await this.#wants.want(cid, options)
	}

	/** Counts in a peer that said that it speaks Bitswap, before libp2p gets round to reporting it. */
	add(peer: PeerId): void {
		this.#remote(peer)
	}

	/** That peer says that it holds something of that file: it is asked early. Advice, believed until it fails to send. */
	holds(peer: string, file: CID): void {
		if (this.#remotes.has(peer)) this.#wants.holds(peer, file)
	}

	/** Sends a block that has just come to be here to the peers that wanted it. */
	notify(cid: CID): void {
		const key = keyOf(cid)
		for (const { giving } of this.#remotes.values()) giving.notify(key)
	}

	/** {@link notify} for all that peers wanted: blocks also come into the store from the workers of this origin. */
	async notifyAll(): Promise<void> {
		if (this.#notifying) return
		this.#notifying = true
		for (const { giving } of [...this.#remotes.values()]) await giving.notifyAll()
		this.#notifying = false
	}

	readonly #onleft = (event: CustomEvent<PeerId>) => {
		const id = event.detail.toString()
		this.#remotes.get(id)?.link.close()
		this.#remotes.delete(id)
		this.#wants.left(id)
	}

	#remote(peer: PeerId): { readonly link: BitswapLink; readonly giving: BitswapGiving } {
		const id = peer.toString()
		let remote = this.#remotes.get(id)
		if (!remote) {
			const link = new BitswapLink({
				libp2p: this.#libp2p,
				peer,
				signal: this.#stopping.signal,
				upload: this.upload,
				onsent: (bytes, blocks) => {
					this.#onblocks(id, 'out', bytes, blocks)
				},
				onfailed: (keys) => {
					for (const key of keys) this.#wants.heard(id, key, false)
				}
			})
			remote = { link, giving: new BitswapGiving(link, this.#blockstore, this.upload) }
			this.#remotes.set(id, remote)
			this.#wants.join(link)
		}
		return remote
	}

	async #take({ full, wants, presences, blocks }: BitswapMessage, peer: PeerId): Promise<void> {
		const { link, giving } = this.#remote(peer)
		giving.take(wants, full)
		for (const { cid, has } of presences) this.#wants.heard(link.id, keyOf(cid), has)
		for (const block of blocks) await this.#wants.took(link.id, block)
	}
}
