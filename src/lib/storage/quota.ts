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

/** True while there is room for blocks that were only played and can be fetched again. */
export function hasRoom({ usedBytes, quotaBytes }: Quota): boolean {
	return quotaBytes === 0 || usedBytes < quotaBytes * NEARLY_FULL
}
