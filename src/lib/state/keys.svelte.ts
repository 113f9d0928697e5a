import type { Identity, KeyFileFormat } from '$lib/p2p/identity'
import type { Vault, VaultState } from '$lib/storage/vault'

/** The code that knows keys comes with the first one that is needed. */
const identities = () => import('$lib/p2p/identity')
const backups = () => import('$lib/p2p/key-backup')

/** Where the tabs of one browser tell each other that a key came or went. */
const KEYS_CHANNEL = 'antiphon-keys'

/** The publisher keys of this browser. The secrets stay in the database; what is here can be shown. */
export class KeysState {
	#keys = $state.raw<readonly Identity[]>([])
	#opened = $state(false)
	#failure = $state.raw<unknown>()
	#vaultState = $state.raw<VaultState>('locked')
	#protected = $state(false)
	readonly #vault: Vault
	#channel: BroadcastChannel | undefined

	constructor(vault: Vault) {
		this.#vault = vault
	}

	/** Whether secrets can be used, wait for the passphrase, or are refused on this page. */
	get vaultState(): VaultState {
		return this.#vaultState
	}

	/** A passphrase is set. */
	get protected(): boolean {
		return this.#protected
	}

	/** @throws AppError `wrong-passphrase` */
	async unlock(passphrase: string): Promise<void> {
		await this.#vault.unlock(passphrase)
		await this.#changed()
	}

	lock(): void {
		this.#vault.lock()
		this.followVault()
	}

	/**
	 * @param next - empty for none
	 * @param now - the present one, where there is one
	 * @throws AppError `wrong-passphrase`, `shared-origin`
	 */
	async setPassphrase(next: string, now: string): Promise<void> {
		await this.#vault.setPassphrase(next, now)
		this.followVault()
	}

	/** Takes over how the vault stands now; called when it changed in another tab. */
	followVault(): void {
		this.#vaultState = this.#vault.state
		this.#protected = this.#vault.protected
	}

	/** Reads the keys and follows the other tabs. Calling it again does nothing more. */
	async open(): Promise<void> {
		if (this.#channel === undefined) {
			this.#channel = new BroadcastChannel(KEYS_CHANNEL)
			this.#channel.onmessage = () => {
				void this.#read()
			}
		}
		await this.#read()
	}

	/** Oldest first. */
	get keys(): readonly Identity[] {
		return this.#keys
	}

	/** False until the keys were read once. */
	get opened(): boolean {
		return this.#opened
	}

	/** Why they could not be read. */
	get failure(): unknown {
		return this.#failure
	}

	async create(label: string): Promise<Identity> {
		const made = await (await identities()).createIdentity(this.#vault, label)
		await this.#changed()
		return made
	}

	async rename(name: string, label: string): Promise<void> {
		await (await identities()).labelIdentity(this.#vault, name, label)
		await this.#changed()
	}

	/** A file that this app and Kubo's `key import` read. It is not encrypted. */
	async export(name: string, format?: KeyFileFormat): Promise<File> {
		const { bytes, fileName } = await (await identities()).exportIdentity(this.#vault, name, format)
		return new File([new Uint8Array(bytes)], fileName, { type: 'application/octet-stream' })
	}

	/** All keys in one file that opens by the passphrase alone. @throws AppError `invalid-key`, `locked` */
	async backUp(passphrase: string): Promise<File> {
		const text = await (await backups()).backUp(this.#vault, passphrase)
		const day = new Date().toISOString().slice(0, 10)
		return new File([text], `antiphon-keys-${day}.json`, { type: 'application/json' })
	}

	/** The key as 24 words to write down. @throws AppError `locked` */
	async phrase(name: string): Promise<readonly string[]> {
		return await (await backups()).phraseOf(this.#vault, name)
	}

	/** @throws AppError `invalid-key` */
	async importPhrase(phrase: string): Promise<Identity> {
		const taken = await (await backups()).importPhrase(this.#vault, phrase, '')
		await this.#changed()
		return taken
	}

	/** True for a file that {@link restore} reads. */
	async isBackup(file: File): Promise<boolean> {
		return file.size < 1024 * 1024 && (await backups()).isBackup(await file.text())
	}

	/** @throws AppError `wrong-passphrase`, `invalid-key` */
	async restore(file: File, passphrase: string): Promise<readonly Identity[]> {
		const taken = await (await backups()).restore(this.#vault, await file.text(), passphrase)
		await this.#changed()
		return taken
	}

	/** @throws AppError `invalid-key`, `too-large` */
	async import(file: File): Promise<Identity> {
		const { importIdentity } = await identities()
		// A key is a few hundred bytes; one byte over the bound is enough to be refused for its size.
		const bytes = new Uint8Array(await file.slice(0, 16 * 1024 + 1).arrayBuffer())
		const label = file.name.replace(/(\.unencrypted)?\.[^.]*$/, '')
		const taken = await importIdentity(this.#vault, bytes, label)
		await this.#changed()
		return taken
	}

	/** Forgets a key for good. */
	async remove(name: string): Promise<void> {
		await (await identities()).removeIdentity(this.#vault, name)
		await this.#changed()
	}

	dispose(): void {
		this.#channel?.close()
		this.#channel = undefined
	}

	async #changed(): Promise<void> {
		await this.#read()
		this.#channel?.postMessage('changed')
	}

	async #read(): Promise<void> {
		try {
			await this.#vault.open()
			this.followVault()
			this.#keys = await (await identities()).listIdentities(this.#vault)
			this.#failure = undefined
		} catch (error) {
			this.#failure = error
		}
		this.#opened = true
	}
}
