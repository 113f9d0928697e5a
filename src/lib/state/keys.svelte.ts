import type { Identity, KeyFileFormat } from '$lib/p2p/identity'
import type { AntiphonDatabase } from '$lib/storage/database'

/** The code that knows keys comes with the first one that is needed. */
const identities = () => import('$lib/p2p/identity')

/** Where the tabs of one browser tell each other that a key came or went. */
const KEYS_CHANNEL = 'antiphon-keys'

/** The publisher keys of this browser. The secrets stay in the database; what is here can be shown. */
export class KeysState {
	#keys = $state.raw<readonly Identity[]>([])
	#opened = $state(false)
	#failure = $state.raw<unknown>()
	readonly #database: AntiphonDatabase
	#channel: BroadcastChannel | undefined

	constructor(database: AntiphonDatabase) {
		this.#database = database
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
		const made = await (await identities()).createIdentity(this.#database, label)
		await this.#changed()
		return made
	}

	async rename(name: string, label: string): Promise<void> {
		await (await identities()).labelIdentity(this.#database, name, label)
		await this.#changed()
	}

	/** A file that this app and Kubo's `key import` read. It is not encrypted. */
	async export(name: string, format?: KeyFileFormat): Promise<File> {
		const { bytes, fileName } = await (await identities()).exportIdentity(this.#database, name, format)
		return new File([new Uint8Array(bytes)], fileName, { type: 'application/octet-stream' })
	}

	/** @throws AppError `invalid-key`, `too-large` */
	async import(file: File): Promise<Identity> {
		const { importIdentity } = await identities()
		// A key is a few hundred bytes; one byte over the bound is enough to be refused for its size.
		const bytes = new Uint8Array(await file.slice(0, 16 * 1024 + 1).arrayBuffer())
		const label = file.name.replace(/(\.unencrypted)?\.[^.]*$/, '')
		const taken = await importIdentity(this.#database, bytes, label)
		await this.#changed()
		return taken
	}

	/** Forgets a key for good. */
	async remove(name: string): Promise<void> {
		await (await identities()).removeIdentity(this.#database, name)
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
			this.#keys = await (await identities()).listIdentities(this.#database)
			this.#failure = undefined
		} catch (error) {
			this.#failure = error
		}
		this.#opened = true
	}
}
