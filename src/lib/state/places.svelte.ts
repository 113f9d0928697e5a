import type { Place } from '$lib/catalog/publish/places/place'
import { AppError } from '$lib/errors'
import type { StoredPlace } from '$lib/storage/database'
import type { Vault } from '$lib/storage/vault'
import type { Account } from './account-files.svelte'
import type { SettingsState } from './settings.svelte'

/** A place as it can be shown: without its key. */
export interface PlaceRow {
	readonly id: string
	readonly kind: StoredPlace['kind']
	readonly label: string
	readonly endpoint: string
	/** It has a key here. */
	readonly keyed: boolean
	/** The own node of Settings, which is changed there. */
	readonly fromSettings: boolean
}

/** A place that is being set up. */
export interface NewPlace {
	readonly kind: StoredPlace['kind']
	readonly label: string
	readonly endpoint: string
	/** Its key; empty where none is needed. */
	readonly token: string
}

const CHANNEL = 'antiphon-places'
const secretName = (id: string) => `place ${id}`
const nodeId = (origin: string) => `node ${origin}`

/** Where a person can publish to. The keys of the places stay sealed in the database; what is here can be shown. */
export class PlacesState {
	#stored = $state.raw<readonly PlaceRow[]>([])
	readonly #vault: Vault
	readonly #settings: SettingsState
	#channel: BroadcastChannel | undefined

	constructor(vault: Vault, settings: SettingsState) {
		this.#vault = vault
		this.#settings = settings
	}

	/** Reads the places and follows the other tabs. Calling it again does nothing more. */
	async open(): Promise<void> {
		if (this.#channel === undefined) {
			this.#channel = new BroadcastChannel(CHANNEL)
			this.#channel.onmessage = () => void this.#read()
		}
		await this.#read()
	}

	/** The own node first, then oldest first. */
	get places(): readonly PlaceRow[] {
		const { nodeRpc } = this.#settings.effective
		const node: PlaceRow = {
			id: nodeId(nodeRpc),
			kind: 'kubo',
			label: nodeRpc,
			endpoint: nodeRpc,
			keyed: false,
			fromSettings: true
		}
		return nodeRpc === '' ? this.#stored : [node, ...this.#stored]
	}

	/** @throws AppError `locked`, `shared-origin` */
	async add({ kind, label, endpoint, token }: NewPlace): Promise<string> {
		const id = crypto.randomUUID()
		const place: StoredPlace = {
			id,
			kind,
			label: label.trim().slice(0, 200),
			endpoint,
			createdMs: Date.now(),
			...(token !== '' && { token: await this.#vault.seal(secretName(id), new TextEncoder().encode(token)) })
		}
		await this.#vault.database.put('places', place)
		await this.#changed()
		return id
	}

	/** Forgets a place and its key. What is published there stays there. */
	async remove(id: string): Promise<void> {
		await this.#vault.database.delete('places', id)
		await this.#changed()
	}

	/**
	 * The places of these ids, ready to be asked. One that is no longer here is left out.
	 * @throws AppError `locked` while the passphrase is awaited
	 */
	async ready(ids: readonly string[]): Promise<readonly Place[]> {
		const { makePlace } = await import('./make-place')
		const made: Place[] = []
		for (const id of ids) {
			const row = this.places.find((place) => place.id === id)
			if (row !== undefined) made.push(makePlace({ ...row, token: await this.#token(row) }))
		}
		return made
	}

	/**
	 * The account at Pinata that a place stands for.
	 * @throws AppError `locked` while the passphrase is awaited, `invalid-setting` for another kind of place
	 */
	async account(id: string): Promise<Account> {
		const row = this.places.find((place) => place.id === id)
		if (row?.kind !== 'pinata') throw new AppError('invalid-setting', 'no account at Pinata')
		const { pinataAt } = await import('./make-place')
		return pinataAt(row.endpoint, await this.#token(row))
	}

	dispose(): void {
		this.#channel?.close()
		this.#channel = undefined
	}

	/** The key in the clear; empty where there is none. */
	async #token({ id, fromSettings }: PlaceRow): Promise<string> {
		const stored = fromSettings ? undefined : await this.#vault.database.get('places', id)
		return new TextDecoder().decode(stored?.token && (await this.#vault.unseal(secretName(id), stored.token)))
	}

	async #changed(): Promise<void> {
		await this.#read()
		this.#channel?.postMessage('changed')
	}

	async #read(): Promise<void> {
		const stored = await this.#vault.database.getAll('places')
		this.#stored = stored
			.toSorted((a, b) => a.createdMs - b.createdMs)
			.map(({ id, kind, label, endpoint, token }) => ({
				id,
				kind,
				label,
				endpoint,
				keyed: token !== undefined,
				fromSettings: false
			}))
	}
}
