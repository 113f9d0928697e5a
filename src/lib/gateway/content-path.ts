import { CID } from 'multiformats/cid'
import { AppError } from '../errors'

/** Where a URL below the app's scope points: `<scope>ipfs/<cid>/a/b` or `<scope>ipns/<name>/a/b`. */
export type ContentPath =
	| { readonly namespace: 'ipfs'; readonly root: CID; readonly segments: readonly string[] }
	| { readonly namespace: 'ipns'; readonly name: string; readonly segments: readonly string[] }

const MAX_SEGMENTS = 64
const MAX_SEGMENT_CHARACTERS = 1024

/**
 * The content that a URL names, or `undefined` when it is one of the app's own URLs. Only what follows the scope counts:
 * an app deployed at `/ipfs/<app>/` finds content at `/ipfs/<app>/ipfs/<cid>`, and its own files stay its own.
 * @param scope - URL of the service worker's scope, or `document.baseURI`
 * @throws AppError `bad-path`
 */
export function parseContentPath(url: URL, scope: URL): ContentPath | undefined {
	const base = scope.pathname.slice(0, scope.pathname.lastIndexOf('/') + 1)
	if (url.origin !== scope.origin || !url.pathname.startsWith(base)) return undefined
	const [namespace, root, ...rest] = url.pathname.slice(base.length).split('/')
	if ((namespace !== 'ipfs' && namespace !== 'ipns') || root === undefined) return undefined
	if (root === '') throw new AppError('bad-path', `nothing is named after ${namespace}/`)
	const segments = rest.filter((segment) => segment !== '').map(decodeSegment)
	if (segments.length > MAX_SEGMENTS) throw new AppError('bad-path', 'the path is too deep')
	if (namespace === 'ipns') return { namespace, name: decodeSegment(root), segments }
	return { namespace, root: parseCid(root), segments }
}

/** @throws AppError `bad-path` */
export function parseCid(text: string): CID {
	try {
		return CID.parse(text)
	} catch (cause) {
		throw new AppError('bad-path', 'this is not a CID', { cause, detail: text.slice(0, 100) })
	}
}

/**
 * URL of a file for `src`, `href` and `fetch`, answered by the service worker.
 * @param base - `document.baseURI`
 * @param filename - advice for the media type and for saving; its extension counts
 */
export function contentUrl(base: string, cid: CID | string, options: { readonly filename?: string } = {}): string {
	const url = new URL(`ipfs/${cid.toString()}`, base)
	url.hash = ''
	url.search = ''
	if (options.filename !== undefined && options.filename !== '') url.searchParams.set('filename', options.filename)
	return url.href
}

/** `/ipfs/<cid>/a/b` with escapes, as it may stand in a header. */
export function contentPathText(path: ContentPath): string {
	const root = path.namespace === 'ipfs' ? path.root.toString() : path.name
	return ['', path.namespace, root, ...path.segments].map(encodeURIComponent).join('/')
}

function decodeSegment(segment: string): string {
	let text: string
	try {
		text = decodeURIComponent(segment)
	} catch (cause) {
		throw new AppError('bad-path', 'the path has a malformed escape', { cause })
	}
	// The exporter splits paths at `/` and takes a backslash before it as an escape.
	if (/[/\0]|\\$/.test(text) || text.length > MAX_SEGMENT_CHARACTERS) {
		throw new AppError('bad-path', 'the path has a name that cannot be')
	}
	return text
}
