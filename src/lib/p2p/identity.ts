import {
	generateKeyPair,
	generateKeyPairFromSeed,
	privateKeyFromProtobuf,
	privateKeyToProtobuf
} from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey, PrivateKey } from '@libp2p/interface'
import { AppError } from '../errors'
import type { StoredKey } from '../storage/database'
import type { Vault } from '../storage/vault'
import { nameOfKey } from './ipns-name'

/** A publisher's key pair of this browser, without its secret. */
export interface Identity {
	/** IPNS name. */
	readonly name: string
	/** What the user calls it. */
	readonly label: string
	readonly createdMs: number
}

/** How a key file is written. Both hold the bare secret: whoever has the file is the publisher. */
export type KeyFileFormat = 'libp2p-protobuf-cleartext' | 'pem-pkcs8-cleartext'

const MAX_KEY_FILE_BYTES = 16 * 1024
const MAX_LABEL_CHARS = 200
/** DER before the 32 bytes of an Ed25519 seed. @see https://www.rfc-editor.org/rfc/rfc8410#section-7 */
const PKCS8_PREFIX = Uint8Array.from([
	0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20
])
const SEED_BYTES = 32

const invalid = (what: string, cause?: unknown) => new AppError('invalid-key', what, { cause })
const visible = ({ name, label, createdMs }: StoredKey): Identity => ({ name, label, createdMs })

/** Makes a key pair and keeps it. */
export async function createIdentity(vault: Vault, label: string): Promise<Identity> {
	return await keep(vault, await generateKeyPair('Ed25519'), label)
}

/** All key pairs, oldest first. */
export async function listIdentities(vault: Vault): Promise<Identity[]> {
	const keys = await vault.database.getAll('keys')
	for (const key of keys) if (key.privateKey && vault.state === 'open') await sealOld(vault, key)
	return keys.map(visible).sort((a, b) => a.createdMs - b.createdMs)
}

/** @throws AppError `invalid-key` when there is none of that name */
export async function labelIdentity(vault: Vault, name: string, label: string): Promise<Identity> {
	const key = { ...(await stored(vault, name)), label: label.trim().slice(0, MAX_LABEL_CHARS) }
	await vault.database.put('keys', key)
	return visible(key)
}

/** Forgets a key pair. What it published stays until it ends; without a key file it can never be changed again. */
export async function removeIdentity(vault: Vault, name: string): Promise<void> {
	await vault.database.delete('keys', name)
}

/** The secret, to sign with. @throws AppError `invalid-key` */
export async function privateKeyOf(vault: Vault, name: string): Promise<Ed25519PrivateKey> {
	const { sealed, privateKey } = await stored(vault, name)
	if (sealed) return decodeProtobuf(await vault.unseal(secretName(name), sealed))
	if (privateKey) return decodeProtobuf(privateKey)
	throw invalid('the key has no secret')
}

/**
 * The secret as a file that Kubo's `key import` reads, in the format of that name. It is not encrypted.
 * @throws AppError `invalid-key`
 */
export async function exportIdentity(
	vault: Vault,
	name: string,
	format: KeyFileFormat = 'libp2p-protobuf-cleartext'
): Promise<{ readonly bytes: Uint8Array; readonly fileName: string }> {
	const key = await privateKeyOf(vault, name)
	const stem = `antiphon-${name.slice(0, 12)}`
	if (format === 'libp2p-protobuf-cleartext') {
		return { bytes: privateKeyToProtobuf(key), fileName: `${stem}.unencrypted.key` }
	}
	// raw is the seed and the public key after it
	const der = new Uint8Array([...PKCS8_PREFIX, ...key.raw.subarray(0, SEED_BYTES)])
	const text = `-----BEGIN PRIVATE KEY-----\n${btoa(String.fromCharCode(...der))}\n-----END PRIVATE KEY-----\n`
	return { bytes: new TextEncoder().encode(text), fileName: `${stem}.unencrypted.pem` }
}

/**
 * Takes in a key file that this app or Kubo's `key export` wrote, of either format.
 * @throws AppError `invalid-key` when it cannot be read or is not Ed25519, `too-large`
 */
export async function importIdentity(vault: Vault, file: Uint8Array, label: string): Promise<Identity> {
	if (file.byteLength > MAX_KEY_FILE_BYTES) throw new AppError('too-large', 'a key file is at most 16 KiB')
	const key = await readKeyFile(file)
	const name = nameOfKey(key.publicKey)
	const held = await vault.database.get('keys', name)
	return held ? visible(held) : await keep(vault, key, label)
}

/** The 32 bytes from which the key pair is made. @throws AppError `invalid-key`, `locked` */
export async function seedOf(vault: Vault, name: string): Promise<Uint8Array> {
	return (await privateKeyOf(vault, name)).raw.slice(0, SEED_BYTES)
}

/** Takes in a key pair by its seed; one that is here already keeps its label. @throws AppError `invalid-key`, `locked` */
export async function importSeed(
	vault: Vault,
	seed: Uint8Array,
	{ label, createdMs }: { readonly label: string; readonly createdMs?: number }
): Promise<Identity> {
	if (seed.length !== SEED_BYTES) throw invalid('a seed has 32 bytes')
	const key = await generateKeyPairFromSeed('Ed25519', seed)
	const held = await vault.database.get('keys', nameOfKey(key.publicKey))
	return held ? visible(held) : await keep(vault, key, label, createdMs)
}

async function readKeyFile(file: Uint8Array): Promise<Ed25519PrivateKey> {
	const text = new TextDecoder('latin1').decode(file)
	if (text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----')) throw invalid('the key file is encrypted')
	const pem = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/.exec(text)
	if (!pem) return decodeProtobuf(file)
	let der
	try {
		der = Uint8Array.from(atob((pem[1] ?? '').replace(/\s/g, '')), (char) => char.charCodeAt(0))
	} catch (cause) {
		throw invalid('the key file does not decode', cause)
	}
	const isEd25519 = PKCS8_PREFIX.every((byte, index) => der[index] === byte)
	const seed = der.subarray(PKCS8_PREFIX.length, PKCS8_PREFIX.length + SEED_BYTES)
	if (!isEd25519 || seed.length !== SEED_BYTES) throw invalid('only Ed25519 keys can be publishers')
	return await generateKeyPairFromSeed('Ed25519', seed)
}

function decodeProtobuf(bytes: Uint8Array): Ed25519PrivateKey {
	let key: PrivateKey
	try {
		key = privateKeyFromProtobuf(bytes)
	} catch (cause) {
		throw invalid('the key file does not decode', cause)
	}
	if (key.type !== 'Ed25519') throw invalid('only Ed25519 keys can be publishers')
	return key
}

const secretName = (name: string) => `key ${name}`

/** Seals a key that the first version of the app stored in the clear. */
async function sealOld(vault: Vault, { privateKey = new Uint8Array(), ...rest }: StoredKey): Promise<void> {
	await vault.database.put('keys', { ...rest, sealed: await vault.seal(secretName(rest.name), privateKey) })
}

async function stored(vault: Vault, name: string): Promise<StoredKey> {
	const key = await vault.database.get('keys', name)
	if (!key) throw invalid('there is no key of that name here')
	return key
}

async function keep(
	vault: Vault,
	key: Ed25519PrivateKey,
	label: string,
	createdMs = Date.now()
): Promise<Identity> {
	const name = nameOfKey(key.publicKey)
	const entry: StoredKey = {
		name,
		label: label.trim().slice(0, MAX_LABEL_CHARS),
		sealed: await vault.seal(secretName(name), privateKeyToProtobuf(key)),
		createdMs
	}
	await vault.database.put('keys', entry)
	return visible(entry)
}
