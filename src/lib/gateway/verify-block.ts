import type { CID } from 'multiformats/cid'
import { AppError } from '../errors'

/** Largest block that bitswap carries and that this app takes from anyone. */
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024

const IDENTITY = 0x00
/** Multicodec code → name in WebCrypto and length of the digest in bytes. */
const HASHES = new Map([
	[0x12, { name: 'SHA-256', bytes: 32 }],
	[0x13, { name: 'SHA-512', bytes: 64 }]
])
const MAX_IDENTITY_BYTES = 128

/** True for an identity CID, which carries its block in itself. */
export const isInline = (cid: CID): boolean => cid.multihash.code === IDENTITY

/** The block that an identity CID carries in itself; `undefined` for every other CID. @throws AppError `too-large` */
export function identityBlock(cid: CID): Uint8Array | undefined {
	if (!isInline(cid)) return undefined
	if (cid.multihash.digest.byteLength > MAX_IDENTITY_BYTES)
		throw new AppError('too-large', 'an identity CID over its bound')
	return cid.multihash.digest
}

/** @throws AppError `content-unsupported` for a CID whose hash function is not checked here, or was cut short */
export function assertVerifiable(cid: CID): void {
	const { code, digest } = cid.multihash
	if (code === IDENTITY || HASHES.get(code)?.bytes === digest.byteLength) return
	throw new AppError(
		'content-unsupported',
		`blocks with hash function 0x${code.toString(16)} cannot be checked here`
	)
}

/** True when the bytes hash to the CID. @throws AppError `content-unsupported` as {@link assertVerifiable} */
export async function verifyBlock(cid: CID, bytes: Uint8Array): Promise<boolean> {
	assertVerifiable(cid)
	const hash = HASHES.get(cid.multihash.code)
	const digest =
		hash === undefined
			? bytes
			: new Uint8Array(await crypto.subtle.digest(hash.name, bytes as Uint8Array<ArrayBuffer>))
	const wanted = cid.multihash.digest
	return digest.byteLength === wanted.byteLength && digest.every((byte, index) => byte === wanted[index])
}
