/**
 * True for a page below `/ipfs/…` or `/ipns/…` of a gateway: every other site of that gateway shares its storage, and
 * could read what is kept there.
 * @see https://docs.ipfs.tech/how-to/gateway-best-practices/
 */
export function isSharedOrigin(location: { readonly pathname: string }): boolean {
	return /^\/ip[fn]s\/[^/]+/.test(location.pathname)
}
