/** What this origin keeps on the device. Browsers round these numbers, or give none. */
export interface Quota {
	readonly usedBytes: number
	/** 0 when the browser does not say. */
	readonly quotaBytes: number
	/** True when the browser promised not to clear it by itself. */
	readonly persisted: boolean
}

/** Above this share of the quota blocks are evicted, down to the lower one. */
const NEARLY_FULL = 0.9
const ROOMY = 0.85

export async function readQuota(storage: StorageManager = navigator.storage): Promise<Quota> {
	const [{ usage = 0, quota = 0 }, persisted] = await Promise.all([storage.estimate(), storage.persisted()])
	return { usedBytes: usage, quotaBytes: quota, persisted }
}

/** Bytes that must go because the browser's quota is nearly used up; 0 while there is room, or nothing is known. */
export function overQuota({ usedBytes, quotaBytes }: Quota): number {
	return quotaBytes > 0 && usedBytes > quotaBytes * NEARLY_FULL ? usedBytes - quotaBytes * ROOMY : 0
}

/** True for what a browser throws when the disk or the quota is full. */
export const isFull = (error: unknown): boolean => error instanceof Error && error.name === 'QuotaExceededError'
