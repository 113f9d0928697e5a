import type { CID } from 'multiformats/cid'
import type { BuiltPublication, Draft, PublishProgress } from '../publishing'
import type { ReadBlock } from './car'

/** An own node, as far as publishing needs it. `KuboRpc` is one. */
export interface PublishNode {
	readonly origin: string
	/**
	 * Imports one CAR; with `pin` also pins the roots in its header for good.
	 * @throws AppError `wrong-root` when the node names another root than `root`
	 */
	importCar(
		car: Blob,
		options: {
			readonly signal: AbortSignal
			readonly pin: boolean
			readonly root?: CID
			readonly timeoutMs?: number
			readonly onprogress?: (bytesSent: number, bytes: number) => void
		}
	): Promise<{ readonly blocks: number }>
	/** Has the node publish a record that was signed here. */
	namePut(name: string, record: Uint8Array, options: { readonly signal: AbortSignal }): Promise<void>
}

/** Where a publication goes. With neither, it lives in this browser alone. */
export interface PublishPlaces {
	readonly node?: PublishNode
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
	/** 1 + the highest sequence seen anywhere for the name: own store and network. */
	nextSequence(name: string, signal: AbortSignal): Promise<bigint>
	/** Signs `/ipfs/<root>` with the key of the name; gives the record, protobuf. */
	sign(name: string, root: string, sequence: bigint, signal: AbortSignal): Promise<Uint8Array>
	/** Puts the record to one of `routers`. */
	putRecord(origin: string, name: string, record: Uint8Array, signal: AbortSignal): Promise<void>
	/** Says the record to the announce topic. */
	announce(name: string, record: Uint8Array, signal: AbortSignal): Promise<{ readonly peers: number }>
}
