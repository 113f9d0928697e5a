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
	/** libp2p protobuf of the Ed25519 private key. */
	readonly privateKey: Uint8Array
	readonly createdMs: number
}

interface Schema extends DBSchema {
	/** Settings and other single values. */
	values: { key: string; value: unknown }
	announcements: { key: string; value: StoredAnnouncement }
	intakes: { key: string; value: StoredIntake }
	keys: { key: string; value: StoredKey }
	/** What the user keeps: favourites, history, queue, drafts; by name. */
	library: { key: string; value: unknown }
}

export type AntiphonDatabase = IDBPDatabase<Schema>

/** Opens the database of the tab and the service worker. The catalog worker has one of its own. */
export function openAntiphonDatabase(name = 'antiphon'): Promise<AntiphonDatabase> {
	return openDB<Schema>(name, 1, {
		upgrade(database) {
			for (const store of ['values', 'library'] as const) database.createObjectStore(store)
			for (const store of ['announcements', 'intakes', 'keys'] as const) {
				database.createObjectStore(store, { keyPath: 'name' })
			}
		}
	})
}
