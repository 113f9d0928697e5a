import { decode, encode } from '@ipld/dag-cbor'
import { AppError } from '../errors'

export const MAX_QUERY_BYTES = 8 * 1024
/** At most so many names in one query, and answers to one. */
export const MAX_QUERY_NAMES = 64
const MAX_NAME_CHARS = 128
const NONCE_BYTES = 16
const VERSION = 1

/** Asks for announcements again: of these names, or of all (protocol section 3). */
export interface Query {
	readonly version: number
	readonly names: readonly string[] | undefined
}

export function encodeQuery(names?: readonly string[]): Uint8Array {
	const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
	return encode({ v: VERSION, nonce, ...(names ? { names: names.slice(0, MAX_QUERY_NAMES) } : {}) })
}

/** @throws AppError `invalid-announcement`, `too-large` */
export function decodeQuery(bytes: Uint8Array): Query {
	if (bytes.byteLength > MAX_QUERY_BYTES) throw new AppError('too-large', 'over 8 KiB')
	let message: unknown
	try {
		message = decode(bytes)
	} catch (cause) {
		throw new AppError('invalid-announcement', 'not DAG-CBOR', { cause })
	}
	const invalid = (what: string) => new AppError('invalid-announcement', what)
	const { v, nonce, names } = Object(message) as Record<string, unknown>
	if (typeof v !== 'number' || !Number.isSafeInteger(v) || v < 1) throw invalid('no version')
	if (v > VERSION) return { version: v, names: [] }
	if (!(nonce instanceof Uint8Array) || nonce.byteLength !== NONCE_BYTES) throw invalid('no nonce')
	if (names === undefined) return { version: v, names: undefined }
	if (!Array.isArray(names) || names.length > MAX_QUERY_NAMES) throw invalid('too many names')
	for (const name of names as unknown[]) {
		if (typeof name !== 'string' || name.length > MAX_NAME_CHARS) throw invalid('a name is not a short text')
	}
	return { version: v, names: names as string[] }
}
