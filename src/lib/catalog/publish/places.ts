import type { CID } from 'multiformats/cid'
import type { Draft, PublishProgress } from '../publishing'

export interface StepOptions {
	readonly signal: AbortSignal
	readonly onprogress?: (bytesSent: number, bytes: number) => void
}

/** An own node, as far as publishing needs it. `KuboRpc` is one. */
export interface PublishNode {
	readonly origin: string
	/**
	 * Imports one CAR. With `pin` the roots in its header are pinned for good, which fails unless the node holds every
	 * block below them. @throws AppError `wrong-root` when the node names other roots than the CAR's
	 */
	importCar(
		car: Blob,
		options: StepOptions & { readonly pin: boolean; readonly root?: CID }
	): Promise<{ readonly blocks: number }>
	/** Has the node publish a record signed here. */
	namePut(name: string, record: Uint8Array, options: { readonly signal: AbortSignal }): Promise<void>
}

/** Where a publication goes. With neither, it lives in this browser alone. */
export interface PublishPlaces {
	readonly node?: PublishNode
	/** Origins that take IPNS records by `PUT /routing/v1/ipns/<name>`: delegated routers, gateways of own nodes. */
	readonly routers: readonly string[]
}

/** The parts of the app that publishing asks; all given, so that tests need no network. */
export interface PublishDeps {
	/** Builds the publication into the block store; {@link buildInWorker} or {@link buildHere}. */
	build(
		draft: Draft,
		name: string,
		options: { readonly signal: AbortSignal; readonly onprogress: (progress: PublishProgress) => void }
	): Promise<{
		readonly root: CID
		readonly sizeBytes: number
		readonly entries: number
		readonly pages: number
		readonly blocks: readonly CID[]
	}>
	/** Bytes of a block that was built. */
	readBlock(cid: CID, signal: AbortSignal): Promise<Uint8Array>
	/** Highest sequence known for the name: the own store's and the network's records. Undefined for a new name. */
	highestSequence(name: string, signal: AbortSignal): Promise<bigint | undefined>
	/** Signs `/ipfs/<root>` with the publisher's key. */
	sign(root: CID, sequence: bigint, signal: AbortSignal): Promise<Uint8Array>
	/** Puts the record to one origin of `routers`. */
	putRecord(origin: string, name: string, record: Uint8Array, signal: AbortSignal): Promise<void>
	/** Says the record to the announce topic and keeps it. */
	announce(name: string, record: Uint8Array, signal: AbortSignal): Promise<{ readonly peers: number }>
}
