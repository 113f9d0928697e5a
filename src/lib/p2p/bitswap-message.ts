import { CID } from 'multiformats/cid'
import { AppError } from '../errors'
import { joinBytes } from '../gateway/join-bytes'

/**
 * The messages of Bitswap 1.2.0, written out because the two directions need eight fields in all.
 * @see https://specs.ipfs.tech/bitswap-protocol/#bitswap-1-2-0-wire-format
 */
export interface BitswapMessage {
	/** True when `wants` replaces all that was asked before. */
	readonly full: boolean
	readonly wants: readonly BitswapWant[]
	readonly blocks: readonly BitswapBlock[]
	readonly presences: readonly { readonly cid: CID; readonly has: boolean }[]
}

export interface BitswapWant {
	readonly cid: CID
	readonly cancel: boolean
	/** `block` for the bytes, `have` for word on whether they are there. */
	readonly type: 'block' | 'have'
	readonly sendDontHave: boolean
}

export interface BitswapBlock {
	/** CID without its digest: version, codec, hash, digest length. */
	readonly prefix: Uint8Array
	readonly data: Uint8Array
}

/** What one message may hold; more is a fault of the sender. */
const MAX_ITEMS = 4096

export function encodeMessage(message: Partial<BitswapMessage>): Uint8Array {
	const out = new Writer()
	const wantlist = new Writer()
	for (const { cid, cancel, type, sendDontHave } of message.wants ?? []) {
		const entry = new Writer()
		entry.bytes(1, cid.bytes)
		entry.number(2, 1)
		if (cancel) entry.number(3, 1)
		if (type === 'have') entry.number(4, 1)
		if (sendDontHave) entry.number(5, 1)
		wantlist.bytes(1, entry.finish())
	}
	if (message.full === true) wantlist.number(2, 1)
	// go-bitswap reads a message without a wantlist too, but all senders write one
	out.bytes(1, wantlist.finish())
	for (const { prefix, data } of message.blocks ?? []) {
		const block = new Writer()
		block.bytes(1, prefix)
		block.bytes(2, data)
		out.bytes(3, block.finish())
	}
	for (const { cid, has } of message.presences ?? []) {
		const presence = new Writer()
		presence.bytes(1, cid.bytes)
		if (!has) presence.number(2, 1)
		out.bytes(4, presence.finish())
	}
	return out.finish()
}

/** @throws AppError `too-many`, `content-unsupported` */
export function decodeMessage(bytes: Uint8Array): BitswapMessage {
	const wants: BitswapWant[] = []
	const blocks: BitswapBlock[] = []
	const presences: { cid: CID; has: boolean }[] = []
	let full = false
	let items = 0
	const count = () => {
		if (++items > MAX_ITEMS) throw new AppError('too-many', 'a bitswap message with too many items')
	}
	try {
		for (const field of readFields(bytes)) {
			if (field.tag === 1 && field.bytes) {
				for (const part of readFields(field.bytes)) {
					if (part.tag === 2) full = part.number !== 0
					if (part.tag !== 1 || !part.bytes) continue
					count()
					const want = readWant(part.bytes)
					if (want) wants.push(want)
				}
			} else if (field.tag === 3 && field.bytes) {
				count()
				let prefix: Uint8Array | undefined
				let data: Uint8Array | undefined
				for (const part of readFields(field.bytes)) {
					if (part.tag === 1) prefix = part.bytes
					if (part.tag === 2) data = part.bytes
				}
				if (prefix) blocks.push({ prefix, data: data ?? new Uint8Array() })
			} else if (field.tag === 4 && field.bytes) {
				count()
				let cid: CID | undefined
				let has = true
				for (const part of readFields(field.bytes)) {
					if (part.tag === 1 && part.bytes) cid = readCid(part.bytes)
					if (part.tag === 2) has = part.number === 0
				}
				if (cid) presences.push({ cid, has })
			}
		}
	} catch (cause) {
		if (cause instanceof AppError) throw cause
		throw new AppError('content-unsupported', 'a bitswap message that does not decode', { cause })
	}
	return { full, wants, blocks, presences }
}

function readWant(bytes: Uint8Array): BitswapWant | undefined {
	let cid: CID | undefined
	let cancel = false
	let type: BitswapWant['type'] = 'block'
	let sendDontHave = false
	for (const part of readFields(bytes)) {
		if (part.tag === 1 && part.bytes) cid = readCid(part.bytes)
		else if (part.tag === 3) cancel = part.number !== 0
		else if (part.tag === 4) type = part.number === 1 ? 'have' : 'block'
		else if (part.tag === 5) sendDontHave = part.number !== 0
	}
	return cid && { cid, cancel, type, sendDontHave }
}

/** Undefined for a CID of a form that is not known here: one odd entry does not spoil the message. */
function readCid(bytes: Uint8Array): CID | undefined {
	try {
		// a copy, so that a few bytes do not keep the whole message alive
		return CID.decode(bytes.slice())
	} catch {
		return undefined
	}
}

interface Field {
	readonly tag: number
	/** Set for length-delimited fields. */
	readonly bytes?: Uint8Array
	/** Set for varint fields. */
	readonly number?: number
}

function* readFields(bytes: Uint8Array): Generator<Field> {
	let at = 0
	const varint = () => {
		let value = 0
		let scale = 1
		for (let i = 0; i < 10; i++) {
			const byte = bytes[at++]
			if (byte === undefined) throw new RangeError('ends early')
			value += (byte & 0x7f) * scale
			if (byte < 0x80) return value
			scale *= 128
		}
		throw new RangeError('a number that is too long')
	}
	const take = (length: number) => {
		if (at + length > bytes.length) throw new RangeError('ends early')
		at += length
		return bytes.subarray(at - length, at)
	}
	while (at < bytes.length) {
		const key = varint()
		const tag = Math.floor(key / 8)
		switch (key % 8) {
			case 0:
				yield { tag, number: varint() }
				break
			case 1:
				take(8)
				break
			case 2:
				yield { tag, bytes: take(varint()) }
				break
			case 5:
				take(4)
				break
			default:
				throw new RangeError('an unknown wire type')
		}
	}
}

class Writer {
	readonly #parts: Uint8Array[] = []
	#length = 0

	number(tag: number, value: number): void {
		this.#push(varintBytes(tag * 8))
		this.#push(varintBytes(value))
	}

	bytes(tag: number, value: Uint8Array): void {
		this.#push(varintBytes(tag * 8 + 2))
		this.#push(varintBytes(value.length))
		this.#push(value)
	}

	finish(): Uint8Array {
		return joinBytes(this.#parts, this.#length)
	}

	#push(part: Uint8Array): void {
		this.#parts.push(part)
		this.#length += part.length
	}
}

function varintBytes(value: number): Uint8Array {
	const bytes: number[] = []
	while (value >= 0x80) {
		bytes.push((value % 128) + 128)
		value = Math.floor(value / 128)
	}
	bytes.push(value)
	return Uint8Array.from(bytes)
}
