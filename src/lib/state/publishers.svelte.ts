import type { Catalog, PublisherRow } from '$lib/catalog/catalog'
import { STARTER_NAME } from '$lib/catalog/starter'
import type { AntiphonDatabase } from '$lib/storage/database'
import type { LibraryState } from './library.svelte'

export interface PublishersPorts {
	readonly database: Pick<AntiphonDatabase, 'get' | 'put' | 'delete'>
	readonly catalog: Pick<Catalog, 'remove'>
	readonly library: Pick<LibraryState, 'block' | 'unblock'>
	/** Adds the starter collection, unless it was removed. */
	addStarter(): Promise<void>
}

/** Set when the user removed the starter collection: it stays away, also from a new version of the app. */
export const STARTER_REMOVED = 'starter-removed'

/** Whom this browser does not want to hear, and whether it keeps the collection that came with the app. */
export class PublishersState {
	#starterRemoved = $state(false)
	readonly #ports: PublishersPorts

	constructor(ports: PublishersPorts) {
		this.#ports = ports
	}

	async open(): Promise<void> {
		this.#starterRemoved = (await this.#ports.database.get('values', STARTER_REMOVED)) === true
	}

	get starterRemoved(): boolean {
		return this.#starterRemoved
	}

	/** What they published leaves the index, and what they announce is not heard any more. The starter collection is removed. */
	async remove({ name, displayName }: Pick<PublisherRow, 'name' | 'displayName'>): Promise<void> {
		if (name === STARTER_NAME) {
			this.#starterRemoved = true
			await this.#ports.database.put('values', true, STARTER_REMOVED)
		} else this.#ports.library.block({ name, displayName })
		await this.#ports.catalog.remove(name)
	}

	/** Takes {@link remove} back: the leading tab reads again what it heard of them last. */
	async restore(name: string): Promise<void> {
		if (name !== STARTER_NAME) {
			this.#ports.library.unblock(name)
			return
		}
		await this.#ports.database.delete('values', STARTER_REMOVED)
		this.#starterRemoved = false
		await this.#ports.addStarter()
	}
}
