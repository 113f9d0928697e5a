import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'
import { readBlock } from '../storage/read-block'
import { keyOf, prefixOf } from './bitswap-cid'
import type { BitswapLink } from './bitswap-link'
import type { BitswapWant } from './bitswap-message'
import type { Upload } from './upload'

/** Blocks smaller than this are sent in place of the word that they are there, as go-bitswap does. */
const SMALL_BLOCK_BYTES = 1024
/** Wants of one peer that are remembered until the block comes. */
const MAX_WANTS_OF_PEER = 1024

/** What is given to one peer: the blocks that are here when it asks, and later those that come to be here. */
export class BitswapGiving {
	readonly #link: BitswapLink
	readonly #blockstore: Blockstore
	readonly #upload: Upload
	/** What it wants and we had not when it asked. */
	readonly #wants = new Map<string, { readonly cid: CID; readonly type: 'block' | 'have' }>()

	constructor(link: BitswapLink, blockstore: Blockstore, upload: Upload) {
		this.#link = link
		this.#blockstore = blockstore
		this.#upload = upload
	}

	take(wants: readonly BitswapWant[], full: boolean): void {
		if (full) this.#wants.clear()
		for (const { cid, cancel, type, sendDontHave } of wants) {
			const key = keyOf(cid)
			this.#wants.delete(key)
			if (cancel) this.#link.unblock(key)
			else void this.#serve(key, cid, type, sendDontHave)
		}
	}

	/** Sends a block that has just come to be here, if the peer wanted it. */
	notify(key: string): void {
		const wanted = this.#wants.get(key)
		if (wanted) void this.#serve(key, wanted.cid, wanted.type, false)
	}

	/** {@link notify} for all that it wants. */
	async notifyAll(): Promise<void> {
		for (const [key, { cid, type }] of [...this.#wants]) await this.#serve(key, cid, type, false)
	}

	async #serve(key: string, cid: CID, type: 'block' | 'have', sendDontHave: boolean): Promise<void> {
		const { off } = this.#upload
		const has = !off && (await Promise.resolve(this.#blockstore.has(cid)).catch(() => false))
		if (!has) {
			if (!off && this.#wants.size < MAX_WANTS_OF_PEER) this.#wants.set(key, { cid, type })
			if (sendDontHave) this.#link.presence(key, cid, false)
			return
		}
		this.#wants.delete(key)
		const read = async () => {
			const data = await readBlock(this.#blockstore, cid).catch(() => undefined)
			return data && { prefix: prefixOf(cid), data }
		}
		if (type === 'block') {
			// who asks for more than can be given soon does better to ask another
			if (!this.#link.block(key, read) && sendDontHave) this.#link.presence(key, cid, false)
			return
		}
		const block = await read()
		if (block && block.data.length < SMALL_BLOCK_BYTES) this.#link.block(key, () => Promise.resolve(block))
		else this.#link.presence(key, cid, block !== undefined)
	}
}
