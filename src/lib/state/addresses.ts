import { multiaddr, type Component } from '@multiformats/multiaddr'

/** What is wrong with an address that was typed; `src/lib/i18n` holds the words. */
export type AddressProblem =
	| 'empty'
	| 'not-a-url' // does not parse as an URL
	| 'needs-https' // http where the page may not ask it
	| 'not-an-origin' // more than scheme, name and port
	| 'twice' // already in the list
	| 'not-a-multiaddr' // does not start with `/`, or has an unknown or broken part
	| 'no-transport' // ends after the name or the IP address
	| 'not-for-browsers' // TCP or QUIC alone
	| 'needs-tls' // ws, which a page on https may not dial
	| 'no-certhash' // WebTransport and WebRTC-direct are dialled by the hash of the certificate
	| 'no-peer-id'
	| 'local-not-allowed' // loopback or private, while local addresses are not allowed

export type CheckedAddress =
	{ readonly ok: true; readonly address: string } | { readonly ok: false; readonly problem: AddressProblem }

const problem = (what: AddressProblem): CheckedAddress => ({ ok: false, problem: what })

/** True for names and IP addresses of this machine and of private networks (RFC 1918, 4193, 3927, 4291). */
export function isLocalHost(host: string): boolean {
	const name = host.toLowerCase().replace(/^\[|\]$/g, '')
	if (name === 'localhost' || name.endsWith('.localhost') || name.endsWith('.local') || name === '::1') return true
	if (/^(fc|fd|fe[89ab])[0-9a-f]*:/.test(name)) return true
	return /^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\.[\d.]+$/.test(name)
}

/**
 * The origin of a gateway, router or node, as typed. A missing scheme is read as https, or as http with `localHttp`.
 * @param taken - origins that are in the list already
 * @param localHttp - accepts http for hosts of this machine and of private networks
 */
export function checkOrigin(
	typed: string,
	{ taken = [], localHttp = false }: { taken?: readonly string[]; localHttp?: boolean } = {}
): CheckedAddress {
	const text = typed.trim()
	if (text === '') return problem('empty')
	const bare = !/^[a-z][a-z0-9+.-]*:\/\//i.test(text)
	let url = URL.parse(bare ? `https://${text}` : text)
	if (url !== null && bare && localHttp && isLocalHost(url.hostname)) url = URL.parse(`http://${text}`)
	if (url === null || url.hostname === '') return problem('not-a-url')
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && localHttp && isLocalHost(url.hostname))) {
		return problem(url.protocol === 'http:' && isLocalHost(url.hostname) ? 'local-not-allowed' : 'needs-https')
	}
	if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '')
		return problem('not-an-origin')
	return taken.includes(url.origin) ? problem('twice') : { ok: true, address: url.origin }
}

const has = (parts: readonly Component[], ...names: readonly string[]) =>
	parts.some((part) => names.includes(part.name))

/**
 * The multiaddr of a hub, as typed: one that a browser can dial.
 * @param taken - addresses that are in the list already
 * @param allowLocal - accepts loopback and private addresses, and with them plain WebSocket
 */
export function checkHub(
	typed: string,
	{ taken = [], allowLocal = false }: { taken?: readonly string[]; allowLocal?: boolean } = {}
): CheckedAddress {
	const text = typed.trim()
	if (text === '') return problem('empty')
	let parts: readonly Component[]
	let address: string
	try {
		const parsed = multiaddr(text)
		parts = parsed.getComponents()
		address = parsed.toString()
	} catch {
		return problem('not-a-multiaddr')
	}
	const first = parts[0]
	if (first === undefined || !has([first], 'ip4', 'ip6', 'dns', 'dns4', 'dns6', 'dnsaddr')) {
		return problem('not-a-multiaddr')
	}
	const local = isLocalHost(first.value ?? '')
	if (local && !allowLocal) return problem('local-not-allowed')
	if (first.name !== 'dnsaddr') {
		if (!has(parts, 'tcp', 'udp')) return problem('no-transport')
		const secure = has(parts, 'wss') || (has(parts, 'ws') && has(parts, 'tls'))
		const hashed = has(parts, 'webtransport', 'webrtc-direct')
		if (!secure && !hashed) {
			if (!has(parts, 'ws')) return problem('not-for-browsers')
			if (!local) return problem('needs-tls')
		}
		if (hashed && !has(parts, 'certhash')) return problem('no-certhash')
		// A relay reservation is asked of a peer, and the connection is bound to its key.
	}
	if (!has(parts, 'p2p')) return problem('no-peer-id')
	return taken.includes(address) ? problem('twice') : { ok: true, address }
}

/** The part of a multiaddr that a person knows: the name or the IP address. */
export function hostOf(address: string): string {
	const [, , host] = address.split('/')
	return host ?? address
}
