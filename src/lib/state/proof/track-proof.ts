import type { EntryRow } from '$lib/catalog/row'
import type { FileSources } from '../bytes.svelte'
import type { Signature } from './signature'

/** All that is known of where one file came from, and who vouches for it. */
export interface TrackProof {
	readonly row: EntryRow
	/** Undefined while it is being checked. */
	readonly signature: Signature | undefined
	/** When the publication says it was made, Unix ms. */
	readonly madeMs: number | undefined
	/** Undefined when no byte was read in this tab. */
	readonly sources: FileSources | undefined
}
