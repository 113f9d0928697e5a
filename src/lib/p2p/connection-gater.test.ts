import { multiaddr } from '@multiformats/multiaddr'
import { expect, test } from 'vitest'
import { connectionGater, isLocalText } from './connection-gater'

const PEER = '12D3KooWGtYkBAaqJMJEmywMxaCiNP7LCEFUAFiLEBASe232c2VH'
const LOCAL = [
	'/ip4/127.0.0.1/tcp/4001/tls/ws',
	'/ip4/10.1.2.3/udp/4001/quic-v1/webtransport',
	'/ip4/192.168.1.1/udp/4001/webrtc-direct',
	'/ip6/::1/tcp/4001/tls/ws',
	'/dns4/localhost/tcp/443/tls/ws',
	'/dns4/nas.local/tcp/443/tls/ws',
	'/dns4/hub.example/tcp/80/ws',
	'not a multiaddr'
]
const PUBLIC = [
	'/dns4/hub.example/tcp/443/tls/ws',
	'/dns4/hub.example/tcp/443/wss',
	'/ip4/8.8.8.8/udp/4001/quic-v1/webtransport',
	`/dns4/hub.example/tcp/443/tls/ws/p2p/${PEER}/p2p-circuit/webrtc/p2p/${PEER}`
]

test.each(LOCAL)('%s is local', (address) => {
	expect(isLocalText(address)).toBe(true)
})
test.each(PUBLIC)('%s is not', (address) => {
	expect(isLocalText(address)).toBe(false)
})

test('local addresses are denied unless they are allowed', async () => {
	const address = multiaddr('/ip4/127.0.0.1/tcp/4001/ws')
	expect(await connectionGater(false).denyDialMultiaddr?.(address)).toBe(true)
	expect(await connectionGater(true).denyDialMultiaddr?.(address)).toBe(false)
})
