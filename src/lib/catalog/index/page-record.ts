import type { DocumentRange } from './search-index'

/** What is kept of one page of a publication beside its rows; never changed once written. */
export interface PageRecord extends DocumentRange {
	/** CID; empty for rows that did not come from a page, or not from all of it. */
	readonly cid: string
	/** Number of the publisher. */
	readonly publisher: number
	readonly dropped: number
	/** Of the first dropped entries. */
	readonly reasons: readonly string[]
	readonly sizeBytes: number
	readonly firstKey: string
	readonly lastKey: string
	/** Its albums and artists, as numbers of the index of names. */
	readonly names: DocumentRange
	/** Of rows, texts and names as they are stored. */
	readonly storedBytes: number
	/** Unix seconds, as `PageFacts` has them; what is indexed again comes out the same. */
	readonly createdS: number
	readonly nowS: number
}
