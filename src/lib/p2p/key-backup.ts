import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { AppError } from '../errors'
import { keyFromPassphrase, newKdf, openWith, sealWith } from '../storage/passphrase'
import type { Vault } from '../storage/vault'
import { importSeed, listIdentities, seedOf, type Identity } from './identity'

const FORMAT = 'antiphon-key-backup'
const MAX_FILE_CHARS = 1024 * 1024
const MAX_KEYS = 1000

interface Backup {
	readonly format: typeof FORMAT
	readonly version: 1
	readonly kdf: {
		readonly name: 'scrypt'
		readonly salt: string
		readonly N: number
		readonly r: number
		readonly p: number
	}
	readonly cipher: { readonly name: 'AES-GCM'; readonly iv: string }
	readonly sealed: string
}

interface BackedUp {
	readonly seed: string
	readonly label: string
	readonly createdMs: number
}

const invalid = (what: string, cause?: unknown) => new AppError('invalid-key', what, { cause })
const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))

/**
 * All keys, or those named, in a file that opens by the passphrase alone: JSON with scrypt and AES-GCM.
 * @throws AppError `invalid-key`, `locked`
 */
export async function backUp(
	vault: Vault,
	passphrase: string,
	{ names, cost }: { readonly names?: readonly string[]; readonly cost?: number } = {}
): Promise<string> {
	const keys: BackedUp[] = []
	for (const { name, label, createdMs } of await listIdentities(vault)) {
		if (names && !names.includes(name)) continue
		keys.push({ seed: base64(await seedOf(vault, name)), label, createdMs })
	}
	if (keys.length === 0) throw invalid('there is no key to save')
	const kdf = newKdf(cost)
	const secret = new TextEncoder().encode(JSON.stringify(keys))
	const { iv, bytes } = await sealWith(await keyFromPassphrase(passphrase, kdf), FORMAT, secret)
	const { salt, N, r, p } = kdf
	const backup: Backup = {
		format: FORMAT,
		version: 1,
		kdf: { name: 'scrypt', salt: base64(salt), N, r, p },
		cipher: { name: 'AES-GCM', iv: base64(iv) },
		sealed: base64(bytes)
	}
	return JSON.stringify(backup, null, '\t')
}

/** True for text that {@link backUp} wrote; whether it opens is another matter. */
export function isBackup(text: string): boolean {
	return text.length <= MAX_FILE_CHARS && text.includes(`"${FORMAT}"`)
}

/**
 * Takes in the keys of a backup.
 * @throws AppError `wrong-passphrase`, `invalid-key`
 */
export async function restore(vault: Vault, text: string, passphrase: string): Promise<Identity[]> {
	if (!isBackup(text)) throw invalid('not a backup of keys')
	let seeds: unknown
	try {
		const { version, kdf, cipher, sealed } = JSON.parse(text) as Backup
		if (version !== 1) throw invalid('a backup of a later version')
		const { N, r, p } = kdf
		const key = await keyFromPassphrase(passphrase, { salt: bytesOf(kdf.salt), N, r, p })
		const secret = await openWith(key, FORMAT, { iv: bytesOf(cipher.iv), bytes: bytesOf(sealed) })
		seeds = JSON.parse(new TextDecoder().decode(secret))
	} catch (error) {
		if (error instanceof AppError) throw error
		throw invalid('the backup cannot be read', error)
	}
	if (!Array.isArray(seeds) || seeds.length > MAX_KEYS) throw invalid('the backup cannot be read')
	const taken: Identity[] = []
	for (const { seed, label, createdMs } of seeds as readonly BackedUp[]) {
		const made = Number.isFinite(createdMs) ? { createdMs } : {}
		taken.push(await importSeed(vault, bytesOf(seed), { label: typeof label === 'string' ? label : '', ...made }))
	}
	return taken
}

/** The key as 24 words to write down (BIP 39): they are the key itself. @throws AppError `invalid-key`, `locked` */
export async function phraseOf(vault: Vault, name: string): Promise<readonly string[]> {
	return entropyToMnemonic(await seedOf(vault, name), wordlist).split(' ')
}

/** Takes in a key by its 24 words, in any case and with any space between. @throws AppError `invalid-key` */
export async function importPhrase(vault: Vault, phrase: string, label: string): Promise<Identity> {
	let seed: Uint8Array
	try {
		const words =
			phrase
				.normalize('NFKD')
				.toLowerCase()
				.match(/\p{L}+/gu) ?? []
		seed = mnemonicToEntropy(words.join(' '), wordlist)
	} catch (cause) {
		// Without the cause's words: it may repeat some of the phrase.
		throw invalid('these are not the words of a key', cause instanceof Error ? cause.name : undefined)
	}
	return await importSeed(vault, seed, { label })
}

function bytesOf(text: unknown): Uint8Array {
	if (typeof text !== 'string') throw invalid('the backup cannot be read')
	return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
}
