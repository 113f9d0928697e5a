import { expect, test } from 'vitest'
import { transportOf } from './transport-of'

test.each([
	['/ip4/192.0.2.1/udp/4001/quic-v1/webtransport/certhash/u/p2p/A', 'webtransport'],
	['/ip4/192.0.2.1/udp/4001/webrtc-direct/certhash/u/p2p/A', 'webrtc-direct'],
	['/dns4/a.example/tcp/443/tls/ws/p2p/A', 'websocket'],
	['/dns4/a.example/tcp/443/tls/ws/p2p/A/p2p-circuit/p2p/B', 'relay'],
	['/ip4/192.0.2.1/udp/4001/quic-v1/webtransport/p2p/A/p2p-circuit/webrtc/p2p/B', 'webrtc'],
	['/ip4/192.0.2.1/tcp/4001/p2p/A', 'other']
])('%s goes by %s', (address, transport) => {
	expect(transportOf(address)).toBe(transport)
})
