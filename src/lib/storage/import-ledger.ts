import { openDB, type DBSchema } from 'idb'

/** What is known of a file that was hashed here, or begun to be. */
interface HashedFile {
	/** See `fileKey` of the catalog. */
	readonly key: string
	/** sha2-256 digests of its first leaves, one behind the other. */
	readonly digests: Uint8Array
	readonly usedMs: number
}

interface Schema extends DBSchema {
	files: { key: string; value: HashedFile; indexes: { usedMs: number } }
}

/** Remembers hashed files across reloads and crashes. */
export interface ImportLedger {
	/**
	 * False where no key begins so that was here when this was first asked; true where there are too many to say.
	 * @param mark - what a key begins with, up to and with the last `|`
	 */
	mayHave(mark: string): Promise<boolean>
	get(key: string): Promise<Uint8Array | undefined>
	/** Kept at once, but written with what comes soon after. */
	set(key: string, digests: Uint8Array): void
	/** Resolves once all that was set is written. */
	settled(): Promise<void>
}

/** What was not asked for in this time is forgotten. */
const KEPT_MS = 90 * 24 * 60 * 60 * 1000

/** What comes in this time is written together: a transaction for each song takes the processor from hashing, ms. */
const GATHER_MS = 250
/** Of more files marks are not held in memory: some 100 bytes each. */
const MAX_MARKS = 200_000

/** Opens the ledger of this origin; it takes 128 bytes a megabyte of files. */
export async function openImportLedger(name = 'antiphon-imports'): Promise<ImportLedger> {
	const database = await openDB<Schema>(name, 1, {
		upgrade(fresh) {
			fresh.createObjectStore('files', { keyPath: 'key' }).createIndex('usedMs', 'usedMs')
		}
	})
	const unwritten = new Map<string, Uint8Array>()
	let writing: Promise<void> | undefined

	let hurry = Promise.withResolvers<void>()

	async function write(): Promise<void> {
		while (unwritten.size > 0) {
			await Promise.race([hurry.promise, new Promise((resolve) => setTimeout(resolve, GATHER_MS))])
			const some = [...unwritten]
			const transaction = database.transaction('files', 'readwrite', { durability: 'relaxed' })
			for (const [key, digests] of some) void transaction.store.put({ key, digests, usedMs: Date.now() })
			await transaction.done
			for (const [key, digests] of some) if (unwritten.get(key) === digests) unwritten.delete(key)
		}
	}

	async function forgetOld(): Promise<void> {
		const transaction = database.transaction('files', 'readwrite')
		const old = IDBKeyRange.upperBound(Date.now() - KEPT_MS)
		for await (const cursor of transaction.store.index('usedMs').iterate(old)) await cursor.delete()
	}
	async function readMarks(): Promise<ReadonlySet<string> | undefined> {
		if ((await database.count('files')) > MAX_MARKS) return undefined
		const keys = await database.getAllKeys('files')
		return new Set(keys.map((key) => key.slice(0, key.lastIndexOf('|') + 1)))
	}
	let marks: Promise<ReadonlySet<string> | undefined> | undefined

	// A ledger that cannot be tidied still remembers.
	await forgetOld().catch(() => undefined)

	return {
		async mayHave(mark) {
			marks ??= readMarks()
			return (await marks)?.has(mark) ?? true
		},
		get: async (key) => unwritten.get(key) ?? (await database.get('files', key))?.digests,
		set(key, digests) {
			unwritten.set(key, digests)
			// What cannot be remembered costs time later, and nothing now.
			writing ??= write()
				.catch(() => undefined)
				.finally(() => (writing = undefined))
		},
		async settled() {
			hurry.resolve()
			await writing
			hurry = Promise.withResolvers()
		}
	}
}
