import { IDBDatastore } from 'datastore-idb'

type Key = Parameters<IDBDatastore['put']>[0]
type Options = Parameters<IDBDatastore['put']>[2]

/** Where libp2p keeps the peers that it has met. */
const PEERS = '/peers'

/**
 * Answers from memory and writes behind. What libp2p notes while it dials and identifies a peer is waited for by whoever
 * waits for a block; and on a full disk a new connection would stay unused, for what could not be noted.
 */
class BackedDatastore extends IDBDatastore {
	/** All that was put or deleted since it was opened. */
	readonly #latest = new Map<string, Uint8Array | undefined>()
	#written: Promise<void> = Promise.resolve()

	override put(key: Key, value: Uint8Array): Promise<Key> {
		this.#latest.set(key.toString(), value)
		this.#write(() => super.put(key, value))
		return Promise.resolve(key)
	}

	override delete(key: Key): Promise<void> {
		this.#latest.set(key.toString(), undefined)
		this.#write(() => super.delete(key))
		return Promise.resolve()
	}

	override async get(key: Key, options?: Options): Promise<Uint8Array> {
		return this.#latest.get(key.toString()) ?? (await super.get(key, options))
	}

	override async has(key: Key, options?: Options): Promise<boolean> {
		const text = key.toString()
		return this.#latest.has(text) ? this.#latest.get(text) !== undefined : await super.has(key, options)
	}

	override async *query(...args: Parameters<IDBDatastore['query']>) {
		await this.#written
		yield* super.query(...args)
	}

	override async *queryKeys(...args: Parameters<IDBDatastore['queryKeys']>) {
		await this.#written
		yield* super.queryKeys(...args)
	}

	override async close(): Promise<void> {
		await this.#written
		await super.close()
	}

	#write(write: () => Promise<unknown>): void {
		// what the disk does not take is held in memory while the peer runs, and lost with it
		this.#written = Promise.allSettled([this.#written, write()]).then(() => undefined)
	}
}

/**
 * The peer's own store, of Helia and libp2p. One peer at a time may have it open.
 *
 * What libp2p noted about peers in an earlier session is forgotten here. At its start libp2p dials every relay that it
 * finds noted, so a hub that was removed in Settings, or is left out for this visit, would be dialled all the same; and
 * our own old entry, of a key that is gone, would stay as a stranger's.
 */
export async function openDatastore(name = 'antiphon-datastore'): Promise<IDBDatastore> {
	const store = new BackedDatastore(name)
	await store.open()
	const forget = store.batch()
	for await (const key of store.queryKeys({ prefix: `${PEERS}/` })) forget.delete(key)
	await forget.commit()
	return store
}
