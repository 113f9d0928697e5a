import { scryptAsync } from '@noble/hashes/scrypt.js'
import { AppError } from '../errors'
import type { Sealed } from './database'

/** How a key was made from a passphrase: scrypt with these costs. @see https://www.rfc-editor.org/rfc/rfc7914 */
export interface Kdf {
	readonly salt: Uint8Array
	readonly N: number
	readonly r: number
	readonly p: number
}

/** 128 MiB and about a second on a phone. @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const COST = 2 ** 17
/** The most that a file from elsewhere may ask of this device: 512 MiB. */
const MAX_COST = 2 ** 19

const IV_BYTES = 12
const KEY_BYTES = 32

export function newKdf(cost = COST): Kdf {
	return { salt: crypto.getRandomValues(new Uint8Array(16)), N: cost, r: 8, p: 1 }
}

/** @throws AppError `invalid-key` when the costs are none that this app would choose */
export async function keyFromPassphrase(passphrase: string, { salt, N, r, p }: Kdf): Promise<CryptoKey> {
	const powerOfTwo = Number.isInteger(N) && N >= 2 && N <= MAX_COST && (N & (N - 1)) === 0
	if (!powerOfTwo || r !== 8 || p !== 1 || salt.length < 8 || salt.length > 64) {
		throw new AppError('invalid-key', 'a passphrase with unknown costs')
	}
	// NFKC, so that the same letters typed on another keyboard give the same key.
	const bytes = await scryptAsync(passphrase.normalize('NFKC'), salt, { N, r, p, dkLen: KEY_BYTES })
	return await importKey(bytes)
}

export function importKey(bytes: Uint8Array): Promise<CryptoKey> {
	return crypto.subtle.importKey('raw', new Uint8Array(bytes), 'AES-GCM', false, ['encrypt', 'decrypt'])
}

/** @param name - bound to what is sealed: under another name it does not open */
export async function sealWith(key: CryptoKey, name: string, secret: Uint8Array): Promise<Sealed> {
	const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
	const additionalData = new TextEncoder().encode(name)
	const bytes = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, new Uint8Array(secret))
	return { iv, bytes: new Uint8Array(bytes) }
}

/** @throws AppError `wrong-passphrase` when the key is another one, or the bytes were changed */
export async function openWith(key: CryptoKey, name: string, { iv, bytes }: Sealed): Promise<Uint8Array> {
	const additionalData = new TextEncoder().encode(name)
	try {
		const algorithm = { name: 'AES-GCM', iv: new Uint8Array(iv), additionalData }
		return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, new Uint8Array(bytes)))
	} catch (cause) {
		throw new AppError('wrong-passphrase', 'a secret does not open', { cause })
	}
}
