import type { PrivateKey } from '@libp2p/interface'
import { createIPNSRecordWithExpiration, marshalIPNSRecord, unmarshalIPNSRecord } from 'ipns'
import { AppError } from '../errors'
import { compareBytes } from './bytes'
import { keyOfName } from './ipns-name'

/** An IPNS record whose signature was checked. Whether it is past its end is for the reader to ask. */
export interface IpnsRecord {
	readonly name: string
	/** What it points at, as text: `/ipfs/…` for a publication. */
	readonly value: string
	readonly sequence: bigint
	/** End of life in Unix ns, as records state it, and in Unix ms, rounded down. */
	readonly validUntilNs: bigint
	readonly validUntilMs: number
	readonly ttlMs: number
	/** The record as it came, protobuf. */
	readonly bytes: Uint8Array
}

/** The most that the IPNS specification allows. @see https://specs.ipfs.tech/ipns/ipns-record/#record-size-limit */
export const MAX_RECORD_BYTES = 10 * 1024
export const RECORD_LIFETIME_MS = 90 * 24 * 60 * 60 * 1000
export const RECORD_TTL_MS = 5 * 60 * 1000

const MAX_VALUE_CHARS = 2048
const MAX_SEQUENCE = 2n ** 64n - 1n
const SIGNATURE_PREFIX = new TextEncoder().encode('ipns-signature:')

const invalid = (what: string, cause?: unknown) => new AppError('invalid-record', `record: ${what}`, { cause })

function decodeRecord(
	name: string,
	bytes: Uint8Array
): { record: IpnsRecord; signed: Uint8Array; signature: Uint8Array } {
	if (bytes.byteLength > MAX_RECORD_BYTES) throw new AppError('too-large', 'the record is over 10 KiB')
	let decoded
	try {
		decoded = unmarshalIPNSRecord(bytes)
	} catch (cause) {
		throw invalid('does not decode', cause)
	}
	// these came from the signed CBOR map, whose types nothing has checked yet
	const { value, sequence, validity, ttl, data, signatureV2 } = decoded as unknown as Record<string, unknown>
	if (!(data instanceof Uint8Array) || !(signatureV2 instanceof Uint8Array)) throw invalid('is not signed')
	if (typeof value !== 'string' || value.length > MAX_VALUE_CHARS) throw invalid('the value is not a path')
	if (typeof sequence !== 'bigint' || sequence < 0n || sequence > MAX_SEQUENCE) throw invalid('no sequence')
	const validUntilNs = typeof validity === 'string' ? parseNanoseconds(validity) : undefined
	if (validUntilNs === undefined) throw invalid('the validity is not a time')
	const record = {
		name,
		value,
		sequence,
		validUntilNs,
		validUntilMs: Number(validUntilNs / 1_000_000n),
		ttlMs: typeof ttl === 'bigint' && ttl > 0n ? Number(ttl / 1_000_000n) : 0,
		bytes
	}
	return { record, signed: data, signature: signatureV2 }
}

/**
 * Reads a record that was verified before, as from the own database. Never for anything from the network.
 * @throws AppError `invalid-record`, `too-large`
 */
export function readRecord(name: string, bytes: Uint8Array): IpnsRecord {
	return decodeRecord(name, bytes).record
}

/**
 * Reads a record and checks its signature (V2) against the key in the name.
 * @throws AppError `invalid-record` when it is malformed or badly signed, `too-large`
 */
export async function parseRecord(name: string, bytes: Uint8Array): Promise<IpnsRecord> {
	const key = keyOfName(name)
	const { record, signed, signature } = decodeRecord(name, bytes)
	const payload = new Uint8Array(SIGNATURE_PREFIX.length + signed.length)
	payload.set(SIGNATURE_PREFIX)
	payload.set(signed, SIGNATURE_PREFIX.length)
	let verified
	try {
		verified = await key.verify(payload, signature)
	} catch (cause) {
		throw invalid('cannot be verified', cause)
	}
	if (!verified) throw invalid('the signature is wrong')
	return record
}

/** Unix ns of an RFC 3339 time in UTC with up to nine decimals. */
function parseNanoseconds(text: string): bigint | undefined {
	const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text)
	if (!match) return undefined
	const ms = Date.parse(`${String(match[1])}Z`)
	if (Number.isNaN(ms)) return undefined
	return BigInt(ms) * 1_000_000n + BigInt((match[2] ?? '').padEnd(9, '0'))
}

/**
 * Signs that a name points at a value.
 * @param value - `/ipfs/<root of the publication>`
 * @param sequence - see {@link nextSequence}
 * @returns the record, protobuf
 */
export async function signRecord(
	key: PrivateKey,
	value: string,
	sequence: bigint,
	options: { readonly nowMs?: number; readonly lifetimeMs?: number; readonly ttlMs?: number } = {}
): Promise<Uint8Array> {
	const { nowMs = Date.now(), lifetimeMs = RECORD_LIFETIME_MS, ttlMs = RECORD_TTL_MS } = options
	const end = new Date(nowMs + lifetimeMs).toISOString()
	// V1 as well, because Kubo publishes both and some readers still want it
	const record = await createIPNSRecordWithExpiration(key, value, sequence, end, {
		ttlNs: BigInt(ttlMs) * 1_000_000n,
		v1Compatible: true
	})
	return marshalIPNSRecord(record)
}

/**
 * Which of two valid records of one name wins (protocol section 1): the higher sequence, then the later end, then the
 * greater bytes. Positive when `a` wins, 0 when they are the same.
 */
export function compareRecords(
	a: Pick<IpnsRecord, 'sequence' | 'validUntilNs' | 'bytes'>,
	b: Pick<IpnsRecord, 'sequence' | 'validUntilNs' | 'bytes'>
): number {
	if (a.sequence !== b.sequence) return a.sequence > b.sequence ? 1 : -1
	if (a.validUntilNs !== b.validUntilNs) return a.validUntilNs > b.validUntilNs ? 1 : -1
	return compareBytes(a.bytes, b.bytes)
}

/** The record that wins, of those that there are. */
export function newestRecord(records: Iterable<IpnsRecord | undefined>): IpnsRecord | undefined {
	let newest: IpnsRecord | undefined
	for (const record of records) {
		if (record && (!newest || compareRecords(record, newest) > 0)) newest = record
	}
	return newest
}

/** 1 + the highest sequence that was seen anywhere, so that a second device does not clash; 1 where none was. */
export function nextSequence(seen: Iterable<{ readonly sequence: bigint } | undefined>): bigint {
	let highest = 0n
	for (const record of seen) if (record && record.sequence > highest) highest = record.sequence
	return highest + 1n
}
