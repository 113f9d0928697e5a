import type { Asked } from '../relevance/expectation'
import type { BenchQuery } from '../queries'

export interface Found {
	readonly total: number
	/** The first ten. */
	readonly hits: readonly { readonly title: string; readonly artists: readonly string[] }[]
}

/** What is measured: our catalog, or one that others made. */
export interface Engine {
	/** Resolves once it answers. */
	open(): Promise<void>
	/** @param bytes - a stored publication */
	add(bytes: Uint8Array): Promise<void>
	search(query: BenchQuery): Promise<Found>
	/** @param publisher - IPNS name */
	remove(publisher: string): Promise<void>
	/** Asks as a person types. */
	ask?(text: string): Promise<Asked>
	/** The more of what is listed of a publisher and what a search in it finds. */
	entriesHeld?(publisher: string): Promise<number>
	/** The port of our worker that answers pings. */
	pingPort?(): MessagePort
}
