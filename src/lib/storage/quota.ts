/** What this origin keeps on the device. Browsers round these numbers, or give none. */
export interface Quota {
	readonly usedBytes: number
	/** 0 when the browser does not say. */
	readonly quotaBytes: number
	/** True when the browser promised not to clear it by itself. */
	readonly persisted: boolean
}

/** Share of the quota from which on nothing is kept that can be had again. */
const NEARLY_FULL = 0.9

export async function readQuota(storage: StorageManager = navigator.storage): Promise<Quota> {
	const [{ usage = 0, quota = 0 }, persisted] = await Promise.all([storage.estimate(), storage.persisted()])
	return { usedBytes: usage, quotaBytes: quota, persisted }
}

/** Windows have `persist`, workers do not. */
type Persistable = Pick<StorageManager, 'persisted'> & { persist(): Promise<boolean> }

/** Asks the browser to keep what is stored; from a window, at the first thing worth keeping. Resolves to its answer. */
export async function askToPersist(storage = navigator.storage as StorageManager & Persistable): Promise<boolean> {
	return (await storage.persisted()) || storage.persist()
}

/** True while there is room for blocks that were only played and can be fetched again. */
export function hasRoom({ usedBytes, quotaBytes }: Quota): boolean {
	return quotaBytes === 0 || usedBytes < quotaBytes * NEARLY_FULL
}
