import type { CID } from 'multiformats/cid'
import { AppError, errorCode } from '../../errors'
import type { BlockSource } from '../../gateway/block-source'
import { typeOfName } from '../../gateway/media-types'
import type { Entry } from '../entry'
import { MAX_HEAD_BYTES, MAX_LIST_BYTES } from '../limits'
import { listText, looksLikeXml, parseJson, parseJspf, parseM3u, parseXspf } from '../playlist-files'
import { parseLocation } from '../content-location'
import { listFlat, parseNameMap, parseTsv } from './flat'
import { Follower } from './follow'
import { Listing, fieldsOfPath } from './listing'
import { isData, readNode } from './node'
import { listPlaylist } from './playlist'
import { listTracks, looksLikeTracks } from './tracks'
import { UnixFsReader } from './unixfs'
import { walkFolder, type WalkProgress } from './walk'

export { importPlaylistFile } from './playlist'
export type { WalkProgress } from './walk'

/** What a root was read as (protocol section 2). */
export type RootReading =
	| {
			readonly kind: 'publication'
			/** The folder that holds the catalog. */
			readonly root: CID
			/** Undecoded: {@link decodeHead} is for whoever knows the publisher's name. */
			readonly head: { readonly cid: CID; readonly bytes: Uint8Array }
	  }
	| {
			readonly kind: 'listed'
			/** The list's own title, else the last name of the path, else the CID. */
			readonly displayName: string
			readonly entries: readonly Entry[]
			readonly dropped: number
			/** Why, of the first 20. */
			readonly reasons: readonly string[]
	  }

export interface ReadRootOptions {
	/** Must carry a deadline: it is what bounds the time of a walk. */
	readonly signal: AbortSignal
	readonly onprogress?: (progress: WalkProgress) => void
}

/**
 * Finds out what a root is, and reads it: a publication's head, or the entries of any other kind of root.
 * @param path - below the root, names with `/` between them and without escapes; may be empty
 * @param blocks - gives blocks that were checked against their CIDs
 * @throws AppError `not-found`, `bad-path`, `content-unsupported`, `content-unavailable`, `too-large`, `too-many`,
 * `invalid-head`
 */
export async function readRoot(
	root: CID,
	path: string,
	blocks: BlockSource,
	{ signal, onprogress }: ReadRootOptions
): Promise<RootReading> {
	const reader = new UnixFsReader(blocks, signal)
	const follower = new Follower(reader)
	const segments = path.split('/').filter((name) => name !== '')
	const cid = await reader.resolve(root, segments)
	const name = segments.at(-1) ?? ''
	const fallback = name === '' ? cid.toString() : name
	if (isData(cid)) return await readData(await readNode(reader, cid), name, fallback, reader, follower)
	const node = await reader.node(cid)
	if (node.type === 'file') return await readFile(cid, node.sizeBytes, name, fallback, reader, follower)
	const head = await findHead(cid, reader)
	if (head !== undefined) return { kind: 'publication', root: cid, head }
	return listed(fallback, await walkFolder(reader, cid, onprogress))
}

async function findHead(folder: CID, reader: UnixFsReader): Promise<{ cid: CID; bytes: Uint8Array } | undefined> {
	let cid: CID
	try {
		cid = await reader.resolve(folder, ['.antiphon', 'catalog.cbor'])
	} catch (error) {
		if (errorCode(error) === 'not-found') return undefined
		throw error
	}
	if (cid.code !== 0x55) throw new AppError('invalid-head', 'the head is not one raw leaf')
	const bytes = await reader.block(cid)
	if (bytes.byteLength > MAX_HEAD_BYTES) throw new AppError('too-large', 'a head over 1 MiB')
	return { cid, bytes }
}

async function readFile(
	cid: CID,
	sizeBytes: number,
	name: string,
	fallback: string,
	reader: UnixFsReader,
	follower: Follower
): Promise<RootReading> {
	const kind = typeOfName(name)?.kind
	if (kind === 'audio' || kind === 'video' || kind === 'image') {
		const listing = new Listing()
		listing.add({ ...fieldsOfPath(name), k: name, file: cid, size: sizeBytes })
		return listed(name, listing)
	}
	if (sizeBytes > MAX_LIST_BYTES) throw unsupported('a file too large to be a list')
	const text = listText(await reader.file(cid, MAX_LIST_BYTES))
	if (/^[[{]/.test(text)) {
		const value = parseJson(text)
		if (value !== undefined) return await readData(value, name, fallback, reader, follower)
	}
	const tsv = parseTsv(text)
	if (tsv !== undefined) return listed(fallback, await listFlat(tsv, follower))
	const playlist = looksLikeXml(text) ? parseXspf(text) : parseM3u(text)
	const isPlaylist =
		playlist !== undefined &&
		(looksLikeXml(text) ||
			text.startsWith('#EXTM3U') ||
			playlist.items.every(({ location }) => !('unsupported' in parseLocation(location))))
	if (!isPlaylist) throw unsupported('a file that is no list of entries')
	return listed(playlist.title ?? fallback, await listPlaylist(playlist, follower))
}

async function readData(
	value: unknown,
	name: string,
	fallback: string,
	reader: UnixFsReader,
	follower: Follower
): Promise<RootReading> {
	const playlist = parseJspf(value)
	if (playlist !== undefined) return listed(playlist.title ?? fallback, await listPlaylist(playlist, follower))
	if (looksLikeTracks(value)) {
		const { title, listing } = await listTracks(value, name, reader, follower)
		return listed(title ?? fallback, listing)
	}
	const pairs = parseNameMap(value)
	if (pairs === undefined) throw unsupported('data that is no list of entries')
	return listed(fallback, await listFlat(pairs, follower))
}

function listed(displayName: string, { entries, dropped, reasons }: Listing): RootReading {
	return { kind: 'listed', displayName, entries, dropped, reasons }
}

const unsupported = (what: string): AppError => new AppError('content-unsupported', what, { detail: what })
