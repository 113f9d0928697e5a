import { base36 } from 'multiformats/bases/base36'
import { base64url } from 'multiformats/bases/base64'
import { CID } from 'multiformats/cid'
import { AppError } from '../errors'
import { cidText, type Clip } from './entry'
import { MAX_LINK_LENGTH, MAX_PLAYLIST_BYTES } from './limits'
import { decodePlaylist, encodePlaylist, type Playlist, type PlaylistReading } from './playlist'
import { fileCid, isCheckable, leafCid } from './rule'

/** What a link after the app's URL opens (protocol section 5). */
export type ShareLink =
	| { readonly kind: 'playlist'; readonly cid: CID }
	/** A playlist inside the link: `data` is for {@link readInlinePlaylist}. */
	| { readonly kind: 'inline-playlist'; readonly data: string }
	/** `by`: IPNS name of who published it. It is advice: who opens the link checks what they signed. */
	| { readonly kind: 'entry'; readonly file: CID; readonly clip?: Clip; readonly by?: string }
	/** IPNS name. */
	| { readonly kind: 'publisher'; readonly name: string }
	/** `path` is without escapes, `/` between names, empty for the root itself. */
	| { readonly kind: 'root'; readonly cid: CID; readonly path: string }

const MAX_SEGMENTS = 64

/**
 * Reads a share link.
 * @param link - the part from `#` on, or a whole URL of any deployment of the app
 * @throws AppError `invalid-link`; `detail` says what is wrong with it
 */
export function parseShareLink(link: string): ShareLink {
	const hash = link.indexOf('#')
	const fragment = (hash === -1 ? link : link.slice(hash + 1)).trim()
	if (fragment.length > MAX_LINK_LENGTH) throw invalid(`longer than ${MAX_LINK_LENGTH} characters`)
	const [route, query] = split(fragment, '?')
	const [, kind = '', first = '', rest = ''] = /^\/(p|e|u|r)\/([^/]+)(?:\/(.*))?$/s.exec(route) ?? []
	if (kind === '') throw invalid('it names nothing to open')
	if (kind !== 'r' && rest !== '') throw invalid('there is more behind it than it can have')
	switch (kind) {
		case 'p':
			if (first.startsWith('~')) return { kind: 'inline-playlist', data: first.slice(1) }
			return { kind: 'playlist', cid: cidOf(first, (cid) => leafCid.read(cid) !== undefined) }
		case 'e': {
			const file = cidOf(first, (cid) => fileCid.read(cid) !== undefined)
			const asked = new URLSearchParams(query)
			const time = asked.get('t')
			const by = asked.get('by')
			return {
				kind: 'entry',
				file,
				...(time !== null && { clip: clipOf(time) }),
				...(by !== null && isPublisherName(by) && { by })
			}
		}
		case 'u':
			if (!isPublisherName(first)) throw invalid('not the name of a publisher')
			return { kind: 'publisher', name: first }
		default:
			return { kind: 'root', cid: cidOf(first, isCheckable), path: pathOf(rest) }
	}
}

/**
 * The link that {@link parseShareLink} reads, from `#` on.
 * @throws AppError `invalid-link` when it would be longer than 8,000 characters
 */
export function makeShareLink(link: ShareLink): string {
	const made = `#${routeOf(link)}`
	if (made.length - 1 > MAX_LINK_LENGTH) throw invalid(`longer than ${MAX_LINK_LENGTH} characters`)
	return made
}

function queryOf({ clip, by }: Extract<ShareLink, { readonly kind: 'entry' }>): string {
	const parts = [clip && `t=${secondsOf(clip)}`, by && `by=${by}`].filter(Boolean)
	return parts.length === 0 ? '' : `?${parts.join('&')}`
}

function routeOf(link: ShareLink): string {
	switch (link.kind) {
		case 'playlist':
			return `/p/${cidText(link.cid)}`
		case 'inline-playlist':
			return `/p/~${link.data}`
		case 'entry':
			return `/e/${cidText(link.file)}${queryOf(link)}`
		case 'publisher':
			return `/u/${link.name}`
		case 'root': {
			const names = link.path.split('/').filter((name) => name !== '')
			return ['/r', cidText(link.cid), ...names.map(encodeURIComponent)].join('/')
		}
	}
}

/**
 * The playlist inside a link.
 * @throws AppError `invalid-link` for data that is not deflated, or too much of it; `invalid-playlist`
 */
export async function readInlinePlaylist(data: string): Promise<PlaylistReading> {
	if (data.length > MAX_LINK_LENGTH) throw invalid(`longer than ${MAX_LINK_LENGTH} characters`)
	let deflated: Uint8Array
	try {
		deflated = base64url.decode(`u${data}`)
	} catch (cause) {
		throw invalid('the playlist in it is not base64url', cause)
	}
	return decodePlaylist(await inflate(deflated))
}

/**
 * Puts a playlist into a link, with nothing to pin.
 * @throws AppError `invalid-link` when it does not fit into 8,000 characters: share it by CID then; `invalid-playlist`
 */
export async function makeInlineLink(playlist: Playlist): Promise<string> {
	const stream = streamOf(encodePlaylist(playlist)).pipeThrough(new CompressionStream('deflate-raw'))
	const deflated = new Uint8Array(await new Response(stream).arrayBuffer())
	return makeShareLink({ kind: 'inline-playlist', data: base64url.encode(deflated).slice(1) })
}

/** Stops at the bound: 6,000 bytes can be made to inflate to 6 MB. */
async function inflate(deflated: Uint8Array): Promise<Uint8Array> {
	const reader = streamOf(deflated).pipeThrough(new DecompressionStream('deflate-raw')).getReader()
	const chunks: Uint8Array<ArrayBuffer>[] = []
	let length = 0
	try {
		for (let next = await reader.read(); !next.done; next = await reader.read()) {
			length += next.value.byteLength
			if (length > MAX_PLAYLIST_BYTES) break
			chunks.push(next.value)
		}
	} catch (cause) {
		throw invalid('the playlist in it is cut off or damaged', cause)
	}
	if (length > MAX_PLAYLIST_BYTES) {
		reader.cancel().catch(() => undefined)
		throw invalid('the playlist in it is too large')
	}
	return new Uint8Array(await new Blob(chunks).arrayBuffer())
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
	return new ReadableStream({
		start(controller) {
			controller.enqueue(new Uint8Array(bytes))
			controller.close()
		}
	})
}

function split(text: string, sign: string): [string, string] {
	const at = text.indexOf(sign)
	return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function cidOf(text: string, suits: (cid: CID) => boolean): CID {
	let cid: CID
	try {
		cid = CID.parse(text)
	} catch (cause) {
		throw invalid('not a CID', cause)
	}
	if (!suits(cid)) throw invalid('a CID of a kind that cannot be opened like this')
	return cid
}

const LIBP2P_KEY = 0x72
/** An Ed25519 public key as libp2p writes it in protobuf: type 1, 32 bytes. */
const ED25519_PREFIX = [0x08, 0x01, 0x12, 0x20]

/** The shape of a name, without the cost of loading what checks keys. */
function isPublisherName(text: string): boolean {
	try {
		const { version, code, multihash } = CID.parse(text, base36)
		const { digest } = multihash
		return (
			version === 1 &&
			code === LIBP2P_KEY &&
			multihash.code === 0 &&
			digest.byteLength === 36 &&
			ED25519_PREFIX.every((byte, at) => digest[at] === byte)
		)
	} catch {
		return false
	}
}

function clipOf(text: string): Clip {
	const [, from, to] = /^(\d{1,7}(?:\.\d{1,9})?)(?:,(\d{1,7}(?:\.\d{1,9})?))?$/.exec(text) ?? []
	if (from === undefined) throw invalid('the time in it is not in seconds')
	const start = Math.round(Number(from) * 1000)
	if (to === undefined) return { start }
	const end = Math.round(Number(to) * 1000)
	if (end <= start) throw invalid('the clip in it ends before it starts')
	return { start, end }
}

const secondsOf = ({ start, end }: Clip): string => `${start / 1000}${end === undefined ? '' : `,${end / 1000}`}`

function pathOf(escaped: string): string {
	const names = escaped.split('/').filter((name) => name !== '')
	if (names.length > MAX_SEGMENTS) throw invalid('the path in it is too deep')
	return names
		.map((name) => {
			let decoded: string
			try {
				decoded = decodeURIComponent(name)
			} catch (cause) {
				throw invalid('the path in it has a malformed escape', cause)
			}
			if (/[/\0]/.test(decoded)) throw invalid('the path in it has a name that cannot be')
			return decoded
		})
		.join('/')
}

function invalid(detail: string, cause?: unknown): AppError {
	return new AppError('invalid-link', `share link: ${detail}`, { detail, cause })
}
