import { varint } from 'multiformats'
import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import { sha256, sha512 } from 'multiformats/hashes/sha2'
import type { BitswapBlock } from './bitswap-message'

const HASHERS = [sha256, sha512]

/** Blocks are told apart by their multihash: the same bytes under two codecs are the same block. */
export const keyOf = (cid: CID): string => base58btc.baseEncode(cid.multihash.bytes)

/** What stands before a block on the wire: its CID without the digest. */
export function prefixOf(cid: CID): Uint8Array {
	const { version, code, multihash } = cid
	const numbers = [version, code, multihash.code, multihash.size]
	const prefix = new Uint8Array(numbers.reduce((length, number) => length + varint.encodingLength(number), 0))
	let at = 0
	for (const number of numbers) {
		varint.encodeTo(number, prefix, at)
		at += varint.encodingLength(number)
	}
	return prefix
}

/** The CID of a block that came, hashed here. Undefined for a hash that is not computed here. */
export async function cidOf({ prefix, data }: BitswapBlock): Promise<CID | undefined> {
	const numbers: number[] = []
	for (let at = 0; at < prefix.length && numbers.length < 4;) {
		const [number, length] = varint.decode(prefix, at)
		numbers.push(number)
		at += length
	}
	const [version = 1, codec = 0, hash = 0] = numbers
	const hasher = HASHERS.find(({ code }) => code === hash)
	if (!hasher) return undefined
	const digest = await hasher.digest(data)
	return CID.create(version === 0 ? 0 : 1, codec, digest)
}
