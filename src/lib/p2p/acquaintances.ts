import { base58btc } from 'multiformats/bases/base58'
import type { CID } from 'multiformats/cid'
import { peerOf } from './hubs'

const MAX_KNOWN = 256
const MAX_ADDRESSES = 3
/** One that could not be reached is left alone for so long, twice as long each time. */
const FAILED_MS = 4_000
const MAX_FAILED_MS = 5 * 60_000
const MAX_FAILED = 512
/** Bytes at the end of a peer id and of a file's digest that are compared. */
const DISTANCE_BYTES = 8

/** Other tabs that were heard of, and where they can be dialled. The word of strangers, so bounded and soon forgotten. */
export class Acquaintances {
	/** Addresses by peer id, who was heard of last at the end. */
	readonly #known = new Map<string, readonly string[]>()
	readonly #failed = new Map<string, { readonly times: number; readonly untilMs: number }>()
	readonly #self: string
	readonly #now: () => number

	constructor(self: string, now: () => number = Date.now) {
		this.#self = self
		this.#now = now
	}

	get size(): number {
		return this.#known.size
	}

	/** @param address - ends with the peer's id. @returns that id, or undefined when it is not taken in */
	add(address: string): string | undefined {
		const id = peerOf(address)
		if (id === undefined || id === this.#self) return undefined
		const before = this.#known.get(id) ?? []
		this.#known.delete(id)
		this.#known.set(id, [address, ...before.filter((each) => each !== address)].slice(0, MAX_ADDRESSES))
		const oldest = this.#known.keys().next()
		if (this.#known.size > MAX_KNOWN && oldest.done !== true) this.#known.delete(oldest.value)
		return id
	}

	addresses(id: string): readonly string[] {
		return this.#known.get(id) ?? []
	}

	failed(id: string): void {
		const times = (this.#failed.get(id)?.times ?? 0) + 1
		if (this.#failed.size >= MAX_FAILED) this.#failed.clear()
		const waitMs = Math.min(MAX_FAILED_MS, FAILED_MS * 2 ** (times - 1))
		this.#failed.set(id, { times, untilMs: this.#now() + waitMs })
	}

	/** It was reached. */
	reached(id: string): void {
		this.#failed.delete(id)
	}

	/** False for one that could not be reached lately. */
	isReachable(id: string): boolean {
		return this.#known.has(id) && (this.#failed.get(id)?.untilMs ?? 0) <= this.#now()
	}

	/** Who is nearest to a file, nearest first: all who play it ask the same ones, and so hear of each other. */
	nearest(file: CID, count: number): string[] {
		const end = file.multihash.digest.slice(-DISTANCE_BYTES)
		return [...this.#known.keys()]
			.filter((id) => this.isReachable(id))
			.map((id) => ({ id, far: distance(id, end) }))
			.sort((a, b) => (a.far < b.far ? -1 : Number(a.far > b.far)))
			.slice(0, count)
			.map(({ id }) => id)
	}

	/** Addresses of who was heard of last, for others. */
	newest(count: number): string[] {
		return [...this.#known.values()].slice(-count).flatMap(([first]) => first ?? [])
	}
}

/** Exclusive or of the ends of both, as a number. */
function distance(id: string, end: Uint8Array): bigint {
	let far = 0n
	const bytes = bytesOf(id).slice(-end.length)
	for (const [i, byte] of end.entries()) far = (far << 8n) | BigInt(byte ^ (bytes[i] ?? 0))
	return far
}

function bytesOf(id: string): Uint8Array {
	try {
		return base58btc.baseDecode(id)
	} catch {
		return new Uint8Array()
	}
}
