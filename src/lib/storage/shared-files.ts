import { openDB } from 'idb'

/** Files that another app handed over, kept until the Publish screen takes them. */
const STORE = 'shared'
/** What nobody came for is forgotten. */
const KEPT_MS = 24 * 60 * 60 * 1000

interface Shared {
	readonly files: readonly File[]
	readonly sharedMs: number
}

const open = (name: string) =>
	openDB(name, 1, {
		upgrade(fresh) {
			fresh.createObjectStore(STORE, { autoIncrement: true })
		}
	})

/** Keeps files of the system's share sheet. @throws DOMException `QuotaExceededError` */
export async function keepShared(files: readonly File[], name = 'antiphon-shared'): Promise<void> {
	const database = await open(name)
	try {
		await database.add(STORE, { files, sharedMs: Date.now() } satisfies Shared)
	} finally {
		database.close()
	}
}

/** Takes all that was shared: what is taken once is not given again. */
export async function takeShared(name = 'antiphon-shared'): Promise<readonly File[]> {
	const database = await open(name)
	try {
		const transaction = database.transaction(STORE, 'readwrite')
		const all = (await transaction.store.getAll()) as readonly Shared[]
		await transaction.store.clear()
		await transaction.done
		return all.filter(({ sharedMs }) => Date.now() - sharedMs < KEPT_MS).flatMap(({ files }) => files)
	} finally {
		database.close()
	}
}
