interface Counts {
	bytesIn: number
	bytesOut: number
}

/** Peers that are remembered after they left, so that a short break does not start the count anew. */
const MAX_PEERS = 500

/** Bytes and blocks that came and went, in all and by peer. */
export class Traffic {
	readonly #peers = new Map<string, Counts>()
	blocksIn = 0
	blocksOut = 0
	bytesIn = 0
	bytesOut = 0

	count(peer: string, direction: 'in' | 'out', bytes: number, blocks = 0): void {
		const counts = this.#peers.get(peer) ?? { bytesIn: 0, bytesOut: 0 }
		// put back at the end: the peer that was busy longest ago leaves first
		this.#peers.delete(peer)
		this.#peers.set(peer, counts)
		if (direction === 'in') {
			counts.bytesIn += bytes
			this.bytesIn += bytes
			this.blocksIn += blocks
		} else {
			counts.bytesOut += bytes
			this.bytesOut += bytes
			this.blocksOut += blocks
		}
		const oldest = this.#peers.keys().next()
		if (this.#peers.size > MAX_PEERS && oldest.done !== true) this.#peers.delete(oldest.value)
	}

	of(peer: string): Readonly<Counts> {
		return this.#peers.get(peer) ?? { bytesIn: 0, bytesOut: 0 }
	}
}
