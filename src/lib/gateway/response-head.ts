import type { CID } from 'multiformats/cid'
import type { ServedType } from './content-type'

export interface ResponseHeadOptions {
	readonly served: ServedType
	readonly etag: string
	/**
	 * How long the answer holds: what a CID names for ever, a page made of it for a while, and what a name leads to may be
	 * something else a minute later.
	 */
	readonly lasts: 'ever' | 'week' | 'minute'
	/** For saving. Text from the network: it is cleaned here. */
	readonly filename?: string | undefined
	/** The URL asked for saving. */
	readonly download?: boolean
	/** The content path that was asked for, and the CIDs along it. */
	readonly path?: { readonly text: string; readonly roots: readonly CID[] } | undefined
}

/** Path gateway specification, section 3.2.1. */
const CACHE_CONTROL: Readonly<Record<ResponseHeadOptions['lasts'], string>> = {
	ever: 'public, max-age=29030400, immutable',
	week: 'public, max-age=604800, stale-while-revalidate=2678400',
	minute: 'public, max-age=60'
}

/** Headers of every answer with content, whatever its status. */
export function responseHead({
	served,
	etag,
	lasts,
	filename,
	download = false,
	path
}: ResponseHeadOptions): Headers {
	const headers = new Headers({
		'Content-Type': served.type,
		ETag: etag,
		'Cache-Control': CACHE_CONTROL[lasts],
		'X-Content-Type-Options': 'nosniff',
		'Content-Security-Policy': contentPolicy(served),
		'Cross-Origin-Resource-Policy': 'same-origin',
		'Referrer-Policy': 'no-referrer'
	})
	const disposition = download || !served.inline ? 'attachment' : 'inline'
	headers.set('Content-Disposition', disposition + filenameParameters(filename))
	if (path !== undefined) {
		headers.set('X-Ipfs-Path', path.text)
		headers.set('X-Ipfs-Roots', path.roots.join(','))
	}
	return headers
}

/**
 * A document made of content runs nothing and reaches nothing. A media document must load itself once more, and through
 * this worker, so it keeps its origin; without scripts it can do nothing with it.
 */
function contentPolicy({ type }: ServedType): string {
	if (/^(audio|video|image)\//.test(type)) {
		return "default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'; sandbox allow-same-origin"
	}
	return "default-src 'none'; style-src 'unsafe-inline'; sandbox"
}

/** `filename` parameters of Content-Disposition, for old readers and for all others (RFC 6266, appendix D). */
function filenameParameters(filename: string | undefined): string {
	const clean = (filename ?? '')
		.replace(/[\p{Cc}/\\\u202a-\u202e\u2066-\u2069]/gu, '_')
		.slice(0, 200)
		.toWellFormed()
		.trim()
	if (clean === '') return ''
	const ascii = clean.replace(/[^\x20-\x7e]|["%]/g, '_')
	const encoded = encodeURIComponent(clean).replace(
		/['()*]/g,
		(c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`
	)
	return `; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
