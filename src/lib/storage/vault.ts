import { AppError } from '../errors'
import type { AntiphonDatabase, Sealed } from './database'
import { importKey, keyFromPassphrase, newKdf, openWith, sealWith, type Kdf } from './passphrase'
import { isSharedOrigin } from './shared-origin'

/**
 * `open`: secrets can be used. `locked`: they wait for the passphrase. `refused`: this page shares its storage with
 * other sites, so that no secret is kept in it.
 */
export type VaultState = 'open' | 'locked' | 'refused'

/** The master key, wrapped: by a key of this browser that cannot be read out of it, or by a passphrase. */
type StoredVault =
	| { readonly by: 'browser'; readonly key: CryptoKey; readonly wrapped: Sealed }
	| { readonly by: 'passphrase'; readonly kdf: Kdf; readonly wrapped: Sealed }

type Message =
	| { readonly type: 'ask' }
	| { readonly type: 'key'; readonly key: CryptoKey }
	| { readonly type: 'changed' | 'locked' }

const KEY = 'vault'
const MASTER = 'master key'
const CHANNEL = 'antiphon-vault'

export interface VaultOptions {
	/** Where the page is; its own by default. */
	readonly location?: { readonly pathname: string }
	/** Cost of new passphrases, for tests. */
	readonly cost?: number
	/** Called when another tab has locked, unlocked or changed it. */
	readonly onchange?: () => void
}

/**
 * Keeps the secrets of this browser encrypted in the database: publisher keys, and the keys of services. Without a
 * passphrase they are bound to the browser profile: a copy of the database's values alone does not give them away. With
 * one, nothing opens without it. Tabs of one browser pass the opened vault on to each other; it ends with the last one.
 */
export class Vault {
	readonly database: AntiphonDatabase
	readonly #refused: boolean
	readonly #cost: number | undefined
	readonly #onchange: (() => void) | undefined
	#channel: BroadcastChannel | undefined
	#master: CryptoKey | undefined
	#state: VaultState = 'locked'
	#protected = false
	#opening: Promise<VaultState> | undefined

	constructor(database: AntiphonDatabase, { location = globalThis.location, cost, onchange }: VaultOptions = {}) {
		this.database = database
		this.#refused = isSharedOrigin(location)
		this.#cost = cost
		this.#onchange = onchange
	}

	get state(): VaultState {
		return this.#state
	}

	/** True when a passphrase is set. */
	get protected(): boolean {
		return this.#protected
	}

	/** Reads how secrets are kept; makes a vault where there is none. Calling it again gives the present state. */
	open(): Promise<VaultState> {
		this.#opening ??= this.#open().catch((error: unknown) => {
			this.#opening = undefined
			throw error
		})
		return this.#opening.then(() => this.#state)
	}

	/** @throws AppError `shared-origin`, `locked` */
	async seal(name: string, secret: Uint8Array): Promise<Sealed> {
		return await sealWith(await this.#use(), name, secret)
	}

	/** @throws AppError `shared-origin`, `locked`, `wrong-passphrase` when it was sealed by another vault */
	async unseal(name: string, sealed: Sealed): Promise<Uint8Array> {
		return await openWith(await this.#use(), name, sealed)
	}

	/** @throws AppError `wrong-passphrase` */
	async unlock(passphrase: string): Promise<void> {
		const stored = await this.#stored()
		if (stored?.by !== 'passphrase') return
		const key = await keyFromPassphrase(passphrase, stored.kdf)
		this.#opened(await importKey(await openWith(key, MASTER, stored.wrapped)))
	}

	/**
	 * Sets, changes or takes away the passphrase.
	 * @param now - the present one, where there is one
	 * @param next - empty for none
	 * @throws AppError `wrong-passphrase`, `shared-origin`
	 */
	async setPassphrase(next: string, now = ''): Promise<void> {
		await this.#use(now)
		const stored = await this.#stored()
		if (stored === undefined) throw new AppError('locked', 'there is no vault')
		const key = stored.by === 'browser' ? stored.key : await keyFromPassphrase(now, stored.kdf)
		const master = await openWith(key, MASTER, stored.wrapped)
		await this.#store(master, next)
		this.#opened(await importKey(master))
		this.#channel?.postMessage({ type: 'changed' } satisfies Message)
	}

	/** Forgets the opened key, in the other tabs as well; does nothing where no passphrase is set. */
	lock(): void {
		if (!this.#protected) return
		this.#forget()
		this.#channel?.postMessage({ type: 'locked' } satisfies Message)
	}

	dispose(): void {
		this.#channel?.close()
		this.#channel = undefined
	}

	async #open(): Promise<VaultState> {
		if (this.#refused) return (this.#state = 'refused')
		this.#channel ??= this.#listen()
		let stored = await this.#stored()
		if (stored === undefined) {
			await this.#store(crypto.getRandomValues(new Uint8Array(32)), '', true)
			// Another tab may have been quicker: what lies there now holds.
			stored = await this.#stored()
		}
		this.#protected = stored?.by === 'passphrase'
		if (stored?.by === 'browser') {
			this.#opened(await importKey(await openWith(stored.key, MASTER, stored.wrapped)), false)
		} else {
			this.#channel.postMessage({ type: 'ask' } satisfies Message)
		}
		return this.#state
	}

	#listen(): BroadcastChannel {
		const channel = new BroadcastChannel(`${CHANNEL}:${this.database.name}`)
		channel.onmessage = ({ data }: MessageEvent<Message>) => {
			if (data.type === 'ask') {
				if (this.#master && this.#protected)
					channel.postMessage({ type: 'key', key: this.#master } satisfies Message)
			} else if (data.type === 'key') {
				if (this.#state === 'locked') this.#opened(data.key, false)
			} else if (data.type === 'locked') {
				this.#forget()
			} else {
				this.#forget()
				this.#opening = undefined
				void this.open().then(() => this.#onchange?.())
			}
		}
		return channel
	}

	/** The master key; the passphrase unlocks it first where one is given. */
	async #use(passphrase = ''): Promise<CryptoKey> {
		await this.open()
		if (this.#state === 'refused') throw new AppError('shared-origin', 'no secrets on a shared origin')
		if (this.#state === 'locked' && passphrase !== '') await this.unlock(passphrase)
		if (this.#master === undefined) throw new AppError('locked', 'the passphrase is needed')
		return this.#master
	}

	async #stored(): Promise<StoredVault | undefined> {
		return (await this.database.get('values', KEY)) as StoredVault | undefined
	}

	/** Wraps the master key; with no passphrase, by a key that cannot be read out of this browser. */
	async #store(master: Uint8Array, passphrase: string, first = false): Promise<void> {
		let vault: StoredVault
		if (passphrase === '') {
			const algorithm = { name: 'AES-GCM', length: 256 }
			const key = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt'])
			vault = { by: 'browser', key, wrapped: await sealWith(key, MASTER, master) }
			this.#protected = false
		} else {
			const kdf = newKdf(this.#cost)
			const key = await keyFromPassphrase(passphrase, kdf)
			vault = { by: 'passphrase', kdf, wrapped: await sealWith(key, MASTER, master) }
			this.#protected = true
		}
		const { store, done } = this.database.transaction('values', 'readwrite')
		if (!first || (await store.get(KEY)) === undefined) await store.put(vault, KEY)
		await done
	}

	#opened(master: CryptoKey, tell = true): void {
		this.#master = master
		this.#state = 'open'
		if (tell && this.#protected) this.#channel?.postMessage({ type: 'key', key: master } satisfies Message)
		this.#onchange?.()
	}

	#forget(): void {
		this.#master = undefined
		this.#state = 'locked'
		this.#onchange?.()
	}
}
