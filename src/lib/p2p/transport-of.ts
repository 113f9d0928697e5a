import type { Transport } from './peer'

/** How a connection travels, by the multiaddr of its other end. */
export function transportOf(address: string): Transport {
	// before this part stands how the relay is reached, after it what the two ends speak
	const [first = '', ...relayed] = address.split('/p2p-circuit')
	const parts = (relayed.at(-1) ?? first).split('/')
	if (parts.includes('webrtc')) return 'webrtc'
	if (relayed.length > 0) return 'relay'
	if (parts.includes('webtransport')) return 'webtransport'
	if (parts.includes('webrtc-direct')) return 'webrtc-direct'
	if (parts.includes('ws') || parts.includes('wss')) return 'websocket'
	return 'other'
}
