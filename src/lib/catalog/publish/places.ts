import type { BuiltPublication, Draft, PublishProgress, PublishResults } from '../publishing'
import type { ReadBlock } from './car'
import type { Place } from './places/place'

/** Where a publication goes. With no place, it lives in this browser alone. */
export interface PublishPlaces {
	readonly places: readonly Place[]
	/** Origins that take IPNS records by `PUT /routing/v1/ipns/<name>`: delegated routers, gateways of own nodes. */
	readonly routers: readonly string[]
}

/** The parts of the app that publishing asks; all given, so that it knows neither worker nor network. */
export interface PublishDeps {
	/** Builds the publication into the block store: `buildInWorker`, or {@link buildPublication} itself. */
	build(
		draft: Draft,
		name: string,
		options: { readonly signal: AbortSignal; readonly onprogress: (progress: PublishProgress) => void }
	): Promise<BuiltPublication>
	/** Bytes of a block that was built. */
	readonly readBlock: ReadBlock
	/** Blocks that a place holds by the earlier publications of this name; they are not sent again. */
	holds?(place: string, name: string, root: string, signal: AbortSignal): Promise<ReadonlySet<string>>
	/** Stores how far a publication has come, for a later visit. */
	readonly save?: (results: PublishResults) => Promise<void>
	/** 1 + the highest sequence seen anywhere for the name: own store and network. */
	nextSequence(name: string, signal: AbortSignal): Promise<bigint>
	/** Signs `/ipfs/<root>` with the key of the name; gives the record, protobuf. */
	sign(name: string, root: string, sequence: bigint, signal: AbortSignal): Promise<Uint8Array>
	/** Puts the record to one of `routers`. */
	putRecord(origin: string, name: string, record: Uint8Array, signal: AbortSignal): Promise<void>
	/** Says the record to the announce topic. */
	announce(name: string, record: Uint8Array, signal: AbortSignal): Promise<{ readonly peers: number }>
}
