import { openAntiphonDatabase } from './database'
import { readQuota, type Quota } from './quota'
import { readSettings } from './settings'

/** Of what the browser allows, for blocks that can be had again, unless the user chose. */
const SHARE = 0.25
const CAP_BYTES = 8 * 1024 ** 3
const UNKNOWN_QUOTA_BYTES = 1024 ** 3
/** The browser's quota also has to hold rows, index and the app: no budget is above this share of it. */
const MOST_SHARE = 0.8

/** Bytes that blocks which nothing pins may take. @param chosenBytes - 0: by itself */
export function budgetOf(chosenBytes: number, quotaBytes: number): number {
	if (chosenBytes > 0) return quotaBytes > 0 ? Math.min(chosenBytes, quotaBytes * MOST_SHARE) : chosenBytes
	return quotaBytes > 0 ? Math.min(quotaBytes * SHARE, CAP_BYTES) : UNKNOWN_QUOTA_BYTES
}

/** Of what the browser allows, for what is kept offline, unless the user chose. */
const KEEP_SHARE = 0.5
const UNKNOWN_KEEP_BYTES = 2 * 1024 ** 3

/** Bytes that may be kept offline. @param chosenBytes - 0: by itself */
export function keepBudgetOf(chosenBytes: number, quotaBytes: number): number {
	if (chosenBytes > 0) return quotaBytes > 0 ? Math.min(chosenBytes, quotaBytes * MOST_SHARE) : chosenBytes
	return quotaBytes > 0 ? quotaBytes * KEEP_SHARE : UNKNOWN_KEEP_BYTES
}

export interface Room {
	/** Of blocks that nothing pins. */
	readonly budgetBytes: number
	readonly quota: Quota
}

/** What the user chose and the browser allows, as of now. */
export async function readRoom(): Promise<Room> {
	const database = await openAntiphonDatabase()
	try {
		const [{ cacheBytes }, quota] = await Promise.all([readSettings(database), readQuota()])
		return { budgetBytes: budgetOf(cacheBytes, quota.quotaBytes), quota }
	} finally {
		database.close()
	}
}
