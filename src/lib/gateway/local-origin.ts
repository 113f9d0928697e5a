/** True for this machine and for private networks, by the host alone; names are not looked up. */
export function isLocalHost(host: string): boolean {
	const name = host.toLowerCase().replace(/^\[|\]$/g, '')
	if (name === 'localhost' || name.endsWith('.localhost') || name.endsWith('.local')) return true
	if (name.includes(':')) return name === '::1' || name === '::' || /^(f[cd]|fe[89ab]|::ffff:)/.test(name)
	const [a = -1, b = -1] = /^\d+\.\d+\.\d+\.\d+$/.test(name) ? name.split('.').map(Number) : []
	return (
		a === 0 ||
		a === 10 ||
		a === 127 ||
		(a === 169 && b === 254) ||
		(a === 172 && b >= 16 && b < 32) ||
		(a === 192 && b === 168)
	)
}

/**
 * The origin of a gateway that may be asked, or `undefined`. Plain http and private addresses are for own nodes only.
 * @param online - when false, only this machine and private networks are asked
 */
export function usableGateway(text: string, allowLocal: boolean, online: boolean): string | undefined {
	if (!URL.canParse(text)) return undefined
	const { protocol, hostname, origin } = new URL(text)
	const local = isLocalHost(hostname)
	if (local ? !allowLocal : !online) return undefined
	return protocol === 'https:' || (protocol === 'http:' && local) ? origin : undefined
}
