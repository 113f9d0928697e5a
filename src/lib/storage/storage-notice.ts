/** Worker to all tabs: whether what is played can be kept. */
export interface StorageNotice {
	readonly type: 'storage'
	/** `full`: disk or quota; `failed`: the store does not open or does not take it. Playing goes on from memory in both. */
	readonly state: 'ok' | 'full' | 'failed'
}

export const STORAGE_CHANNEL = 'antiphon-storage'
