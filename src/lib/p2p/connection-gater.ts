import type { ConnectionGater } from '@libp2p/interface'
import { isPrivate } from '@libp2p/utils'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'

/** A name that only resolves on the own machine or network. */
const LOCAL_HOST = /(^|\.)(localhost|local|internal|home\.arpa)$/i

/**
 * True for an address that a page must not dial for strangers: loopback and private ones, which would let anybody's
 * announcement knock on doors of the user's own network, and plain WebSockets, which an https page cannot open.
 */
export function isLocalAddress(address: Multiaddr): boolean {
	const components = address.getComponents()
	const first = components[0]
	const host = first?.value ?? ''
	if (first?.name.startsWith('dns') === true && LOCAL_HOST.test(host)) return true
	const names = components.map(({ name }) => name)
	const relayed = names.indexOf('p2p-circuit')
	const direct = relayed < 0 ? names : names.slice(0, relayed)
	if (direct.includes('ws') && !direct.includes('tls')) return true
	return isPrivate(address)
}

/** {@link isLocalAddress} of a text; a text that is no multiaddr is not dialled either. */
export function isLocalText(address: string): boolean {
	try {
		return isLocalAddress(multiaddr(address))
	} catch {
		return true
	}
}

/** Denies local addresses unless the user allowed them. */
export function connectionGater(allowLocal: boolean): ConnectionGater {
	return { denyDialMultiaddr: (address) => !allowLocal && isLocalAddress(address) }
}
