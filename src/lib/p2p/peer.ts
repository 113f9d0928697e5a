import type { CID } from 'multiformats/cid'
import type { BlockRequestOptions } from '../gateway/block-source'

export type Transport = 'webtransport' | 'webrtc' | 'webrtc-direct' | 'websocket' | 'relay' | 'other'

export interface PeerRow {
	readonly id: string
	readonly transport: Transport
	readonly address: string
	/** Round trip; absent until it was measured. */
	readonly pingMs?: number
	readonly bytesIn: number
	readonly bytesOut: number
	/** Part of the announce topic. */
	readonly listens: boolean
	readonly agent?: string
}

export interface HubRow {
	readonly address: string
	/** `configured` in Settings, found by a `router`, or named as a `hint` in an announcement. */
	readonly from: 'configured' | 'router' | 'hint'
	readonly state: 'connected' | 'dialing' | 'waiting' | 'failed'
	readonly pingMs?: number
	/** True while this hub holds a relay reservation for us. */
	readonly relays: boolean
	/** When it is dialled again, Unix ms. */
	readonly nextTryMs?: number
	/** Why the last dial failed, in words. */
	readonly reason?: string
}

/** What the Network screen shows; plain values, sent to other tabs. */
export interface NetworkStatus {
	readonly peerId: string
	readonly startedMs: number
	/** Addresses others can dial, `/webrtc` ones through a relay included. */
	readonly addresses: readonly string[]
	readonly peers: readonly PeerRow[]
	readonly hubs: readonly HubRow[]
	readonly topics: readonly { readonly topic: string; readonly peers: number }[]
	readonly announcementsHeard: number
	readonly announcementsRefused: number
	readonly queriesAsked: number
	readonly queriesAnswered: number
	readonly blocksIn: number
	readonly bytesIn: number
	readonly blocksOut: number
	readonly bytesOut: number
	/** Bytes a second that go out to peers at the most; 0 when nothing is given. */
	readonly uploadLimit?: number
	/** What plays here or played lately, newest first, and who holds something of it. */
	readonly swarms?: readonly SwarmRow[]
}

/** The peers of one file. */
export interface SwarmRow {
	/** Root CID. */
	readonly file: string
	/** Connected peers that say that they hold something of it. */
	readonly holders: readonly string[]
	/** True while more are looked for. */
	readonly searching: boolean
}

/** The verdict on one message of the announce topic (protocol section 3). */
export type Verdict = 'accept' | 'ignore' | 'reject'

/** An announcement that was accepted. */
export interface Announcement {
	/** IPNS name of the publisher. */
	readonly name: string
	/** The IPNS record, protobuf. */
	readonly record: Uint8Array
	/** What the record points at, as text (`/ipfs/…`). */
	readonly value: string
	readonly sequence: bigint
	readonly validUntilMs: number
	readonly hints: readonly string[]
	/** The whole message as it was heard, for relaying and sync. */
	readonly bytes: Uint8Array
}

export interface PeerEvents {
	/** A new record was accepted, by gossip, sync or this tab's own publishing. */
	onannouncement(announcement: Announcement): void
	/** At most once a second, and at each change of connections. */
	onstatus(status: NetworkStatus): void
}

/**
 * The libp2p/Helia peer of this profile. One tab holds it (see storage/tab-lock.ts).
 * Made by `createPeer` in peer-node.ts, which is loaded after the first paint.
 */
export interface Peer {
	status(): NetworkStatus
	/**
	 * One block by bitswap from connected peers, dialling `hints` first; checked against its CID, and kept in the background.
	 * Peers that hold something of `file` are asked first, and looked for. `watch` hears who sent it, or `local` when it lay
	 * in the store. @throws AppError `content-unavailable`
	 */
	get(cid: CID, options: BlockRequestOptions): Promise<Uint8Array>
	/** Says a signed announcement to the topic, and again every 30 minutes ± 20 % and when asked. Own addresses are added as hints. */
	publish(name: string, record: Uint8Array): Promise<{ readonly peers: number }>
	/** Judges and takes in an announcement from elsewhere (the starter collection, a file). */
	receive(bytes: Uint8Array): Promise<{ readonly verdict: Verdict; readonly reason: string }>
	/** Asks the topic for announcements again: all, or of these names (at most 64). */
	query(names?: readonly string[]): Promise<void>
	dial(address: string, signal: AbortSignal): Promise<void>
	addHub(address: string): void
	removeHub(address: string): void
	/** Bytes a second that go out to peers at the most, from now on; 0 gives nothing, `Infinity` knows no limit. */
	setUploadLimit(bytesPerSecond: number): void
	stop(): Promise<void>
}
