import { decode, encode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { AppError } from '../errors'
import { peerOf } from './hubs'

/** Bounds of protocol section 8. */
export const MAX_HAVES_BYTES = 16 * 1024
export const MAX_FILES = 8
/** The bytes of a file in so many equal parts, one bit each. */
export const PARTS = 128
const MAX_PEERS = 16
const MAX_TABS = 8
const MAX_OWN_ADDRESSES = 2
const MAX_ADDRESS_CHARS = 512
const MAX_CID_BYTES = 128
const VERSION = 1

/** What one peer tells another of the files that it plays, and of where others are (protocol section 8). */
export interface Haves {
	readonly version: number
	/** In a request: what the sender plays. In an answer: those of them that the sender holds something of, or plays. */
	readonly files: readonly FileHaves[]
	/** Others that said that they play one of these files. */
	readonly peers: readonly FilePeer[]
	/** Other peers that speak this, whatever they play. */
	readonly tabs: readonly string[]
	/** Where the sender can be dialled. */
	readonly at: readonly string[]
}

export interface FileHaves {
	readonly file: CID
	/**
	 * {@link PARTS} bits, most significant first: bit i is set when all bytes from ⌊i · size / 128⌋ up to
	 * ⌊(i + 1) · size / 128⌋ are held. Empty when the sender has nothing of it.
	 */
	readonly has: Uint8Array
}

export interface FilePeer {
	readonly file: CID
	readonly at: string
}

export function encodeHaves({ files, peers, tabs, at }: Omit<Haves, 'version'>): Uint8Array {
	return encode({
		v: VERSION,
		files: files.slice(0, MAX_FILES).map(({ file, has }) => ({ file, has })),
		...(peers.length > 0
			? { peers: peers.slice(0, MAX_PEERS).map(({ file, at: address }) => ({ file, at: address })) }
			: {}),
		...(tabs.length > 0 ? { tabs: tabs.slice(0, MAX_TABS) } : {}),
		...(at.length > 0 ? { at: at.slice(0, MAX_OWN_ADDRESSES) } : {})
	})
}

/**
 * Reads what a stranger sent. Unknown keys are ignored; of a higher version only the version is read.
 * @throws AppError `invalid-announcement`, `too-large`
 */
export function decodeHaves(bytes: Uint8Array): Haves {
	if (bytes.byteLength > MAX_HAVES_BYTES) throw new AppError('too-large', 'over 16 KiB')
	let message: unknown
	try {
		message = decode(bytes)
	} catch (cause) {
		throw new AppError('invalid-announcement', 'not DAG-CBOR', { cause })
	}
	const { v, files, peers, tabs, at } = Object(message) as Record<string, unknown>
	if (typeof v !== 'number' || !Number.isSafeInteger(v) || v < 1) throw invalid('no version')
	if (v > VERSION) return { version: v, files: [], peers: [], tabs: [], at: [] }
	return {
		version: v,
		files: list(files, MAX_FILES, 'files').map(readFile),
		peers: list(peers ?? [], MAX_PEERS, 'peers').map(readPeer),
		tabs: list(tabs ?? [], MAX_TABS, 'tabs').map(readAddress),
		at: list(at ?? [], MAX_OWN_ADDRESSES, 'at').map(readAddress)
	}
}

function list(value: unknown, max: number, name: string): unknown[] {
	if (!Array.isArray(value) || value.length > max) throw invalid(name)
	return value as unknown[]
}

function readFile(item: unknown): FileHaves {
	const { file, has } = Object(item) as Record<string, unknown>
	if (!(has instanceof Uint8Array) || (has.byteLength !== 0 && has.byteLength !== PARTS / 8)) throw invalid('has')
	return { file: readCid(file), has: has.slice() }
}

function readPeer(item: unknown): FilePeer {
	const { file, at } = Object(item) as Record<string, unknown>
	return { file: readCid(file), at: readAddress(at) }
}

function readCid(value: unknown): CID {
	const cid = CID.asCID(value)
	if (!cid || cid.bytes.byteLength > MAX_CID_BYTES) throw invalid('a file is no CID')
	return cid
}

/** A multiaddr that names the peer at its end: whoever is dialled there must be that one. */
function readAddress(value: unknown): string {
	if (typeof value !== 'string' || value.length > MAX_ADDRESS_CHARS) throw invalid('an address')
	if (!value.startsWith('/') || peerOf(value) === undefined) throw invalid('an address that names no peer')
	return value
}

const invalid = (what: string) => new AppError('invalid-announcement', what)
