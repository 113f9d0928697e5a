import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

/** An announcement that was accepted; key: IPNS name. Times are Unix ms. */
export interface StoredAnnouncement {
	readonly name: string
	/** The message of the announce topic, as heard. */
	readonly bytes: Uint8Array
	readonly value: string
	readonly sequence: bigint
	readonly validUntilMs: number
	readonly receivedMs: number
	readonly hints: readonly string[]
}

/** How far a publisher's newest announcement has been read; key: IPNS name. */
export interface StoredIntake {
	readonly name: string
	readonly value: string
	readonly sequence: bigint
	readonly state: 'waiting' | 'indexed' | 'refused' | 'failed'
	/** Error code when refused or failed. */
	readonly reason?: string
	readonly tries: number
	readonly nextTryMs: number
}

/** A publisher's key pair made or imported here; key: IPNS name. */
export interface StoredKey {
	readonly name: string
	readonly label: string
	/** libp2p protobuf of the Ed25519 private key, sealed by the vault. */
	readonly sealed?: Sealed
	/** The same in the clear, as the first version stored it; sealed when the vault is first opened. */
	readonly privateKey?: Uint8Array
	readonly createdMs: number
}

/** A place to publish to that the user set up; key: `id`. */
export interface StoredPlace {
	readonly id: string
	readonly kind: 'pinata' | 'kubo' | 'pinning'
	/** What the user calls it. */
	readonly label: string
	/** Origin or URL that is asked; empty where the service has one of its own. */
	readonly endpoint: string
	/** Its key, sealed by the vault; absent where none is needed. */
	readonly token?: Sealed
	readonly createdMs: number
}

/** A secret as it lies in the database: AES-GCM, the name of the secret being its additional data. */
export interface Sealed {
	readonly iv: Uint8Array
	readonly bytes: Uint8Array
}

/** A publication that was made here, and how far it has come; key: `root`, its CID as text. */
export interface StoredPublication {
	readonly root: string
	/** IPNS name. */
	readonly name: string
	readonly displayName: string
	readonly createdMs: number
	/** `PublishResults` of the catalog, without the list of blocks. */
	readonly results: unknown
}

interface Schema extends DBSchema {
	/** Settings and other single values. */
	values: { key: string; value: unknown }
	announcements: { key: string; value: StoredAnnouncement }
	intakes: { key: string; value: StoredIntake }
	keys: { key: string; value: StoredKey }
	/** What the user keeps: favourites, history, queue, drafts; by name. */
	library: { key: string; value: unknown }
	places: { key: string; value: StoredPlace }
	publications: { key: string; value: StoredPublication }
}

export type AntiphonDatabase = IDBPDatabase<Schema>

/** Opens the database of the tab and the service worker. The catalog worker has one of its own. */
export function openAntiphonDatabase(name = 'antiphon'): Promise<AntiphonDatabase> {
	return openDB<Schema>(name, 2, {
		upgrade(database, oldVersion) {
			if (oldVersion < 1) {
				for (const store of ['values', 'library'] as const) database.createObjectStore(store)
				for (const store of ['announcements', 'intakes', 'keys'] as const) {
					database.createObjectStore(store, { keyPath: 'name' })
				}
			}
			if (oldVersion < 2) {
				database.createObjectStore('places', { keyPath: 'id' })
				database.createObjectStore('publications', { keyPath: 'root' })
			}
		}
	})
}
