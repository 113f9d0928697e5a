import { encode } from '@ipld/dag-cbor'
import { decode } from '@ipld/dag-pb'
import type { CID } from 'multiformats/cid'
import { varint } from 'multiformats'
import { letGo } from './let-go'

/** Reads the bytes of a block that is held here. */
export type ReadBlock = (cid: CID, signal: AbortSignal) => Promise<Uint8Array>

/** Pieces of about this size become Blobs, which browsers keep on disk. */
const PIECE_BYTES = 8 * 1024 * 1024
const DAG_PB = 0x70

/**
 * A CARv1 as a stream of bytes, one block in memory at a time.
 * @param roots - named in the header; none for a part of a DAG
 * @see https://ipld.io/specs/transport/car/carv1/
 */
export async function* packCar(
	roots: readonly CID[],
	blocks: Iterable<CID>,
	read: ReadBlock,
	signal: AbortSignal
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	yield header(roots)
	for (const cid of blocks) {
		signal.throwIfAborted()
		yield framed(cid.bytes, await read(cid, signal))
	}
}

/** The same as a Blob, for a form or a download. */
export async function carBlob(
	roots: readonly CID[],
	blocks: Iterable<CID>,
	read: ReadBlock,
	signal: AbortSignal
): Promise<Blob> {
	return await blobOf(packCar(roots, blocks, read, signal))
}

/** A CAR with one root of which any range can be had, the same bytes each time: what a resumable upload reads from. */
export class CarFile {
	readonly #root: CID
	readonly #blocks: readonly CID[]
	readonly #read: ReadBlock
	/** Where each block's frame ends. */
	#ends: Float64Array | undefined

	constructor(root: CID, blocks: readonly CID[], read: ReadBlock) {
		this.#root = root
		this.#blocks = blocks
		this.#read = read
	}

	/** Its length in bytes. Reads every block once. */
	async measure(signal: AbortSignal): Promise<number> {
		if (this.#ends === undefined) {
			const ends = new Float64Array(this.#blocks.length)
			let end = header([this.#root]).length
			for (const [at, cid] of this.#blocks.entries()) {
				signal.throwIfAborted()
				const length = cid.bytes.length + (await this.#read(cid, signal)).length
				end += varint.encodingLength(length) + length
				ends[at] = end
			}
			this.#ends = ends
		}
		return this.#ends.at(-1) ?? header([this.#root]).length
	}

	/** The bytes from `from` up to, not including, `to`. */
	async piece(from: number, to: number, signal: AbortSignal): Promise<Blob> {
		await this.measure(signal)
		return await blobOf(this.#range(from, to, signal))
	}

	async *#range(from: number, to: number, signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
		const head = header([this.#root])
		if (from < head.length) yield head.slice(from, to)
		for (let at = this.#first(from); at < this.#blocks.length; at++) {
			const start = at === 0 ? head.length : this.#endOf(at - 1)
			if (start >= to) return
			signal.throwIfAborted()
			const cid = this.#blocks[at] as CID
			const frame = framed(cid.bytes, await this.#read(cid, signal))
			const isWhole = start >= from && start + frame.length <= to
			yield isWhole ? frame : frame.slice(Math.max(0, from - start), to - start)
		}
	}

	/** The first block whose frame ends after `from`. */
	#first(from: number): number {
		let [low, high] = [0, this.#blocks.length]
		while (low < high) {
			const middle = (low + high) >> 1
			if (this.#endOf(middle) > from) high = middle
			else low = middle + 1
		}
		return low
	}

	#endOf(at: number): number {
		return this.#ends?.[at] ?? 0
	}
}

/**
 * Every block below a root that is held here, itself first, depth first in link order, each once: the order of a CAR.
 * Only the blocks that have links are read.
 */
export async function blocksBelow(root: CID, read: ReadBlock, signal: AbortSignal): Promise<readonly CID[]> {
	const seen = new Set<string>()
	const blocks: CID[] = []
	const ahead = [root]
	for (let cid = ahead.pop(); cid !== undefined; cid = ahead.pop()) {
		const key = cid.toString()
		if (seen.has(key)) continue
		signal.throwIfAborted()
		seen.add(key)
		blocks.push(cid)
		if (cid.code !== DAG_PB) continue
		const { Links } = decode(await read(cid, signal))
		for (const { Hash } of Links.toReversed()) ahead.push(Hash)
	}
	return blocks
}

/** @param bytes - let go of as they are taken in */
async function blobOf(bytes: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<Blob> {
	const pieces: Blob[] = []
	let parts: Uint8Array<ArrayBuffer>[] = []
	let length = 0
	for await (const part of bytes) {
		parts.push(part)
		length += part.byteLength
		if (length >= PIECE_BYTES) {
			pieces.push(new Blob(parts))
			// Garbage collectors see a hundred megabytes of such pieces before they act.
			for (const { buffer } of parts) letGo(buffer)
			parts = []
			length = 0
		}
	}
	return new Blob([...pieces, ...parts], { type: 'application/vnd.ipld.car' })
}

const header = (roots: readonly CID[]) => framed(encode({ roots: [...roots], version: 1 }))

function framed(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
	const length = parts.reduce((sum, part) => sum + part.byteLength, 0)
	const prefix = varint.encodingLength(length)
	const frame = new Uint8Array(prefix + length)
	varint.encodeTo(length, frame)
	let at = prefix
	for (const part of parts) {
		frame.set(part, at)
		at += part.byteLength
	}
	return frame
}
