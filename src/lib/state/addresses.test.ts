import { describe, expect, test } from 'vitest'
import { checkHub, checkOrigin, hostOf, isLocalHost } from './addresses'

const PEER = '12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA'

describe('an origin', () => {
	test.each([
		['ipfs.io', 'https://ipfs.io'],
		[' https://ipfs.io/ ', 'https://ipfs.io'],
		['https://gateway.example:8443', 'https://gateway.example:8443']
	])('%s is read as %s', (typed, address) => {
		expect(checkOrigin(typed)).toEqual({ ok: true, address })
	})

	test.each([
		['', 'empty'],
		['https://', 'not-a-url'],
		['http://gateway.example', 'needs-https'],
		['ftp://gateway.example', 'needs-https'],
		['http://127.0.0.1:8080', 'local-not-allowed'],
		['https://gateway.example/ipfs/', 'not-an-origin'],
		['https://me:secret@gateway.example', 'not-an-origin'],
		['https://ipfs.io', 'twice']
	])('%s is refused: %s', (typed, why) => {
		expect(checkOrigin(typed, { taken: ['https://ipfs.io'] })).toEqual({ ok: false, problem: why })
	})

	test('http is accepted for an own node', () => {
		expect(checkOrigin('http://192.168.1.20:5001', { localHttp: true }).ok).toBe(true)
		expect(checkOrigin('127.0.0.1:5001', { localHttp: true })).toEqual({
			ok: true,
			address: 'http://127.0.0.1:5001'
		})
		expect(checkOrigin('http://node.example:5001', { localHttp: true }).ok).toBe(false)
	})
})

describe('a hub', () => {
	test.each([
		`/dns4/hub.example/tcp/443/wss/p2p/${PEER}`,
		`/dns4/hub.example/tcp/443/tls/ws/p2p/${PEER}`,
		`/dnsaddr/hub.example/p2p/${PEER}`,
		`/ip4/203.0.113.9/udp/4001/quic-v1/webtransport/certhash/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g/p2p/${PEER}`
	])('%s is accepted', (typed) => {
		expect(checkHub(typed)).toEqual({ ok: true, address: typed })
	})

	test.each([
		['', 'empty'],
		['hub.example', 'not-a-multiaddr'],
		['/dns4', 'not-a-multiaddr'],
		['/dns4/hub.example', 'no-transport'],
		[`/dns4/hub.example/tcp/4001/p2p/${PEER}`, 'not-for-browsers'],
		[`/dns4/hub.example/udp/4001/quic-v1/p2p/${PEER}`, 'not-for-browsers'],
		[`/dns4/hub.example/tcp/80/ws/p2p/${PEER}`, 'needs-tls'],
		[`/ip4/203.0.113.9/udp/4001/quic-v1/webtransport/p2p/${PEER}`, 'no-certhash'],
		['/dns4/hub.example/tcp/443/wss', 'no-peer-id'],
		[`/ip4/127.0.0.1/tcp/4002/ws/p2p/${PEER}`, 'local-not-allowed'],
		[`/dns4/taken.example/tcp/443/wss/p2p/${PEER}`, 'twice']
	])('%s is refused: %s', (typed, why) => {
		const taken = [`/dns4/taken.example/tcp/443/wss/p2p/${PEER}`]
		expect(checkHub(typed, { taken })).toEqual({ ok: false, problem: why })
	})

	test('plain WebSocket on the own network is accepted where local addresses are allowed', () => {
		expect(checkHub(`/ip4/192.168.1.20/tcp/4002/ws/p2p/${PEER}`, { allowLocal: true }).ok).toBe(true)
	})
})

test('local hosts are told from others', () => {
	for (const host of ['localhost', '127.0.0.1', '10.1.2.3', '172.31.0.1', '[::1]', 'fd12::1', 'nas.local']) {
		expect(isLocalHost(host), host).toBe(true)
	}
	for (const host of ['172.32.0.1', '11.0.0.1', 'ipfs.io', 'fdroid.example', '1921.68.1.1']) {
		expect(isLocalHost(host), host).toBe(false)
	}
})

test('a hub is named by its host', () => {
	expect(hostOf('/dns4/hub.example/tcp/443/wss')).toBe('hub.example')
})
