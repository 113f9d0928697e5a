import * as dagCbor from '@ipld/dag-cbor'
import * as dagPb from '@ipld/dag-pb'
import { CID } from 'multiformats/cid'
import { identityBlock } from '../gateway/verify-block'
import { blockKey } from './block-key'

/** Work goes on this long before the page gets its turn. */
const SLICE_MS = 8

/**
 * The blocks below some roots, as far as blocks that are here lead to them. Nothing is fetched: where a block in between is
 * missing, what lies below it cannot be found.
 */
export class Below {
	/** Keys of blocks, whether they are here or not. */
	readonly keys = new Set<string>()
	/** Roots that were walked, as text. */
	readonly roots = new Set<string>()
	/** CIDs that were seen, told apart by codec: one block may be a leaf to one and a folder to another. */
	readonly #seen = new Set<string>()
	readonly #read: (cid: CID) => Promise<Uint8Array | undefined>
	readonly #slices: Slices

	/** @param read - gives undefined for a block that is not here */
	constructor(read: (cid: CID) => Promise<Uint8Array | undefined>, slices: Slices) {
		this.#read = read
		this.#slices = slices
	}

	/** Walks the roots that were not walked yet. What is no CID leads nowhere. @throws what reading throws */
	async add(roots: Iterable<string>): Promise<void> {
		for (const root of roots) {
			if (this.roots.has(root)) continue
			const cid = parse(root)
			if (cid) await this.#walk(cid)
			this.roots.add(root)
		}
	}

	async #walk(root: CID): Promise<void> {
		const ahead = [root]
		for (let cid = ahead.pop(); cid !== undefined; cid = ahead.pop()) {
			await this.#slices.rest()
			const key = blockKey(cid)
			const visit = `${cid.code} ${key}`
			if (this.#seen.has(visit)) continue
			this.#seen.add(visit)
			const carried = carriedBy(cid)
			if (carried === undefined) this.keys.add(key)
			if (cid.code !== dagPb.code && cid.code !== dagCbor.code) continue
			const bytes = carried ?? (await this.#read(cid))
			if (bytes !== undefined) for (const link of linksOf(cid.code, bytes)) ahead.push(link)
		}
	}
}

/** Cuts long work into slices, so that the page does not stand still. */
export class Slices {
	readonly #signal: AbortSignal
	#startMs = performance.now()

	constructor(signal: AbortSignal) {
		this.#signal = signal
	}

	/** @throws the reason of the signal */
	async rest(): Promise<void> {
		this.#signal.throwIfAborted()
		if (performance.now() - this.#startMs < SLICE_MS) return
		await new Promise((resolve) => setTimeout(resolve))
		this.#startMs = performance.now()
	}
}

function parse(text: string): CID | undefined {
	try {
		return CID.parse(text)
	} catch {
		return undefined
	}
}

/** What a block links to; nothing where it does not decode. */
function linksOf(code: number, bytes: Uint8Array): readonly CID[] {
	try {
		if (code === dagPb.code) return dagPb.decode(bytes).Links.map(({ Hash }) => Hash)
		const links: CID[] = []
		const ahead: unknown[] = [dagCbor.decode(bytes)]
		while (ahead.length > 0) {
			const value = ahead.pop()
			if (typeof value !== 'object' || value === null || value instanceof Uint8Array) continue
			const link = CID.asCID(value)
			if (link === null) for (const part of Object.values(value)) ahead.push(part)
			else links.push(link)
		}
		return links
	} catch {
		return []
	}
}

/** The block that a CID carries in itself. */
function carriedBy(cid: CID): Uint8Array | undefined {
	try {
		return identityBlock(cid)
	} catch {
		return undefined
	}
}
