import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { gossipsub, type GossipSub } from '@libp2p/gossipsub'
import { identify, type Identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping, type Ping } from '@libp2p/ping'
import { webRTC, webRTCDirect } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { webTransport } from '@libp2p/webtransport'
import { yamux } from '@libp2p/yamux'
import type { Libp2pOptions } from 'libp2p'
import { connectionGater } from './connection-gater'
import { ANNOUNCE_TOPIC, QUERY_TOPIC } from './topics'

export interface Services extends Record<string, unknown> {
	identify: Identify
	ping: Ping
	pubsub: GossipSub
}

export interface Libp2pConfig {
	readonly allowLocal: boolean
	/** See {@link prefersWebSockets}. */
	readonly webTransport: boolean
	/** Found out by the browser itself where there are none: two tabs on one network need no server. */
	readonly iceServers?: readonly RTCIceServer[]
}

const MAX_CONNECTIONS = 60
const MAX_PARALLEL_DIALS = 8
/** Relay slots taken at most: one in use and one to fall back on. */
const RELAYS = 2
/** Announcements and queries are at most 8 KiB; a frame carries several and what gossipsub adds. */
const MAX_GOSSIP_FRAME_BYTES = 256 * 1024

/**
 * Firefox 153 dials WebTransport and pings, but a transfer over it fails or takes the browser down, so it is left out
 * there and secure WebSockets used.
 */
export function prefersWebSockets(userAgent: string): boolean {
	return /\bFirefox\//.test(userAgent)
}

/**
 * What a tab's peer is made of: no DHT, no bootstrap list, no mplex.
 *
 * The peer's key is made anew at each start and kept nowhere (peer-node.ts), and what is noted about other peers is
 * forgotten at the next start (storage/datastore.ts). A peer id that stays would let
 * every hub and every peer follow one listener from visit to visit, for little gain: the only addresses of a tab go
 * through a relay and end with it, and what a publisher is known by is its own key, not its peer's.
 */
export function libp2pConfig(config: Libp2pConfig): Libp2pOptions<Services> {
	const rtcConfiguration: RTCConfiguration = config.iceServers ? { iceServers: [...config.iceServers] } : {}
	return {
		// the default tells every peer the browser's whole User-Agent
		nodeInfo: { userAgent: 'antiphon/1' },
		addresses: {
			// each of the first kind takes a slot at a connected peer that relays; the last lets others reach us through it
			listen: [...Array<string>(RELAYS).fill('/p2p-circuit'), '/webrtc']
		},
		transports: [
			...(config.webTransport ? [webTransport()] : []),
			webSockets(),
			webRTC(config.iceServers ? { rtcConfiguration } : {}),
			webRTCDirect(),
			circuitRelayTransport({ maxInboundStopStreams: 16, maxOutboundStopStreams: 16 })
		],
		connectionEncrypters: [noise()],
		streamMuxers: [yamux()],
		connectionGater: connectionGater(config.allowLocal),
		connectionManager: {
			maxConnections: MAX_CONNECTIONS,
			maxParallelDials: MAX_PARALLEL_DIALS,
			maxPeerAddrsToDial: 8,
			maxDialQueueLength: 64,
			dialTimeout: 15_000,
			addressDialTimeout: 5_000,
			// all that come through one relay seem to come from one host
			inboundConnectionThreshold: 10,
			// hubs.ts dials again by its own plan
			reconnectRetries: 0
		},
		services: {
			identify: identify(),
			ping: ping(),
			pubsub: gossipsub({
				allowedTopics: [ANNOUNCE_TOPIC, QUERY_TOPIC],
				// a lone tab may announce: whoever comes later asks
				allowPublishToZeroTopicPeers: true,
				ignoreDuplicatePublishError: true,
				floodPublish: true,
				fallbackToFloodsub: false,
				emitSelf: false,
				doPX: false,
				maxInboundDataLength: MAX_GOSSIP_FRAME_BYTES,
				maxOutboundBufferSize: 1024 * 1024,
				maxInboundStreams: 4,
				maxOutboundStreams: 4,
				scoreParams: {
					// relayed and loopback peers share an address without being one peer
					IPColocationFactorWeight: 0
					// No penalty for invalid messages either: a Kubo hub relays what it cannot judge, and would be punished
					// for the words of others.
				}
			})
		}
	}
}
