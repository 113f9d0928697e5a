import { CID } from 'multiformats/cid'
import { isCheckable } from './rule'

/** Where a line of a list points, or why it points nowhere that can be read here. */
export type ContentLocation =
	| {
			readonly cid: CID
			/** Names below the CID, without escapes. */
			readonly segments: readonly string[]
			/** File name that the location tells; empty when it tells none. */
			readonly name: string
			/** A part of the file in ms, from a media fragment (`#t=61.5,75`). */
			readonly clip?: { readonly start: number; readonly end?: number }
	  }
	| { readonly unsupported: string }

const MAX_LOCATION_LENGTH = 8000
const MAX_SEGMENTS = 64

/**
 * Reads `<cid>`, `/ipfs/<cid>/path`, `ipfs://<cid>/path` and the https URLs of path gateways
 * (`https://host/ipfs/<cid>/path`) and subdomain gateways (`https://<cid>.ipfs.host/path`). Which gateway it was does
 * not matter: content is fetched and checked by its CID.
 */
export function parseLocation(text: string): ContentLocation {
	const location = text.trim()
	if (location.length > MAX_LOCATION_LENGTH) return { unsupported: 'a location over its bound' }
	if (!/^[a-z][a-z0-9+.-]*:/i.test(location)) return parsePath(location)
	const native = /^(?:dweb:|web\+)?\/?\/?(ipfs|ipns)(?::\/\/|\/)(.*)$/is.exec(location)
	if (native !== null) return parsePath(`/${native[1]?.toLowerCase()}/${native[2]}`)
	let url: URL
	try {
		url = new URL(location)
	} catch {
		return { unsupported: 'not an address' }
	}
	if (url.protocol !== 'https:' && url.protocol !== 'http:')
		return { unsupported: `an address of ${url.protocol}` }
	const [first = '', namespace] = url.hostname.split('.')
	const rest = url.search + url.hash
	if (namespace === 'ipfs' || namespace === 'ipns')
		return parsePath(`/${namespace}/${first}${url.pathname}${rest}`)
	// A deployment of this app on a gateway has one content path inside the other; the last one is meant.
	const inner = /^.*(\/ip[fn]s\/[^/]+.*)$/s.exec(url.pathname)?.[1]
	return inner === undefined ? { unsupported: 'an address outside IPFS' } : parsePath(inner + rest)
}

function parsePath(location: string): ContentLocation {
	const [, path = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(location) ?? []
	if (/^\/?ipns\//i.test(path)) return { unsupported: 'an /ipns/ name, which may point elsewhere tomorrow' }
	const parts = path.replace(/^\/?ipfs\//i, '').split('/')
	const cid = cidOf(parts.shift() ?? '')
	if (cid === undefined) return { unsupported: 'not on IPFS' }
	if (!isCheckable(cid)) return { unsupported: 'a CID whose hash is not checked here' }
	const segments: string[] = []
	for (const part of parts.filter((one) => one !== '')) {
		const name = decoded(part)
		if (/[/\0]|\\$/.test(name) || segments.length === MAX_SEGMENTS) return { unsupported: 'a path that cannot be' }
		segments.push(name)
	}
	const clip = clipOf(fragment)
	const name = new URLSearchParams(query).get('filename') ?? segments.at(-1) ?? ''
	return { cid, segments, name, ...(clip !== undefined && { clip }) }
}

function cidOf(text: string): CID | undefined {
	// Every CID is longer, and parsing words of a list for CIDs should cost nothing.
	if (text.length < 8 || text.length > 500) return undefined
	try {
		return CID.parse(text)
	} catch {
		return undefined
	}
}

/** A path that was written without escapes may hold a `%` of its own. */
function decoded(part: string): string {
	try {
		return decodeURIComponent(part)
	} catch {
		return part
	}
}

/** Media Fragments URI 1.0, 4.2.1, in seconds. */
function clipOf(fragment: string): { start: number; end?: number } | undefined {
	const time = new URLSearchParams(fragment.slice(1)).get('t') ?? ''
	const [, from, to] = /^(?:npt:)?(\d{1,7}(?:\.\d{1,9})?)?(?:,(\d{1,7}(?:\.\d{1,9})?))?$/.exec(time) ?? []
	if (from === undefined && to === undefined) return undefined
	const start = Math.round(Number(from ?? 0) * 1000)
	const end = to === undefined ? undefined : Math.round(Number(to) * 1000)
	if (end === undefined) return { start }
	return end > start ? { start, end } : undefined
}
