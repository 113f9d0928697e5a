import type { BlockSource } from '../gateway/block-source'
import type { NetworkStatus } from './peer'

/** This tab's part: it holds the peer, another tab does, or none does yet. */
export type LeaderRole = 'leader' | 'follower' | 'starting'

/**
 * The peer as any tab sees it: this tab's own where it leads, else the leading tab's, asked over a channel. Calls made
 * while the lead changes hands wait for the next leader, up to their deadline, then reject with `no-leader`.
 */
export interface Leader extends BlockSource {
	readonly role: LeaderRole
	/** The last status heard from the leading tab. */
	readonly status: NetworkStatus | undefined
	/** Called at each change of role or status. Returns a function that stops it. */
	onchange(listener: () => void): () => void
	/** Announces a signed record of one of this browser's keys; resolves to the number of peers it was sent to. */
	publish(name: string, record: Uint8Array, signal: AbortSignal): Promise<{ readonly peers: number }>
	query(names: readonly string[] | undefined, signal: AbortSignal): Promise<void>
	/** Dials a multiaddr once and waits for the outcome. */
	dial(address: string, signal: AbortSignal): Promise<void>
	addHub(address: string, signal: AbortSignal): Promise<void>
	removeHub(address: string, signal: AbortSignal): Promise<void>
	dispose(): void
}
