import { publicKeyFromMultihash } from '@libp2p/crypto/keys'
import type { Ed25519PublicKey, PublicKey } from '@libp2p/interface'
import { base36 } from 'multiformats/bases/base36'
import { CID } from 'multiformats/cid'
import { AppError } from '../errors'

const LIBP2P_KEY = 0x72
const IDENTITY = 0

/** A publisher's name: its public key as CIDv1 libp2p-key in base36, `k51…` (protocol section 1). */
export function nameOfKey(key: PublicKey): string {
	return key.toCID().toString(base36)
}

/**
 * The Ed25519 key that is inlined in an IPNS name. Only the canonical spelling is taken, so that one publisher never
 * has two names.
 * @throws AppError `invalid-record`
 */
export function keyOfName(name: string): Ed25519PublicKey {
	try {
		// 62 characters is what an inlined Ed25519 key takes; a longer text is never one, and need not be decoded
		if (name.startsWith('k51') && name.length <= 64) {
			const { code, multihash, version } = CID.parse(name, base36)
			if (version === 1 && code === LIBP2P_KEY && multihash.code === IDENTITY) {
				const key = publicKeyFromMultihash({ ...multihash, code: IDENTITY })
				if (key.type === 'Ed25519' && nameOfKey(key) === name) return key
			}
		}
	} catch (cause) {
		throw new AppError('invalid-record', 'the name is not a key', { cause })
	}
	throw new AppError('invalid-record', 'the name is not an inlined Ed25519 key')
}
