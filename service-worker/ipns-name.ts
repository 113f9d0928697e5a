import { multihashToIPNSRoutingKey, unmarshalIPNSRecord } from 'ipns'
import { ipnsValidator } from 'ipns/validator'
import { base36 } from 'multiformats/bases/base36'
import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { AppError } from '../src/lib/errors'
import { parseCid } from '../src/lib/gateway/content-path'
import { askGateway, GatewayFault } from '../src/lib/gateway/gateway-client'
import { usableGateway } from '../src/lib/gateway/local-origin'
import type { VisitEndpoints } from '../src/lib/gateway/block-port'

/** Multicodec `libp2p-key`. */
const LIBP2P_KEY = 0x72
/** IPNS record spec: a record is at most 10 KiB. */
const MAX_RECORD_BYTES = 10 * 1024
const TIMEOUT_MS = 10_000
const FRESH_MS = 60_000
const MAX_NAMES = 256
const MAX_GATEWAYS = 4

export interface NamesOptions {
	/** The newest announcement held for a name (base36), with the value of its record. */
	readonly announced: (
		name: string
	) => Promise<{ readonly value: string; readonly validUntilMs: number } | undefined>
	readonly online: () => boolean
	readonly fetch: typeof fetch
}

export interface NamedPath {
	readonly root: CID
	readonly segments: readonly string[]
}

export interface NameRecord {
	readonly bytes: Uint8Array<ArrayBuffer>
	readonly value: string
	readonly sequence: bigint
}

/** What IPNS names point at: the newest announcement held, else a record from a gateway, its signature checked here. */
export class Names {
	readonly #options: NamesOptions
	readonly #fresh = new Map<string, { readonly value: string; readonly atMs: number }>()

	constructor(options: NamesOptions) {
		this.#options = options
	}

	/** @throws AppError `bad-path`, `content-unavailable`, `content-unsupported` */
	async resolve(name: string, endpoints: VisitEndpoints, signal: AbortSignal): Promise<NamedPath> {
		const key = parseName(name)
		const id = key.toString(base36)
		const announced = await this.#options.announced(id)
		if (announced !== undefined && announced.validUntilMs > Date.now()) return parseValue(announced.value)
		const fresh = this.#fresh.get(id)
		if (fresh !== undefined && Date.now() - fresh.atMs < FRESH_MS) return parseValue(fresh.value)
		const { value } = await this.#ask(key, id, endpoints, signal)
		this.#fresh.delete(id)
		this.#fresh.set(id, { value, atMs: Date.now() })
		const [oldest] = this.#fresh.keys()
		if (this.#fresh.size > MAX_NAMES && oldest !== undefined) this.#fresh.delete(oldest)
		return parseValue(value)
	}

	/**
	 * The signed record itself, which is not kept: always that of a gateway, its signature checked here.
	 * @throws AppError `bad-path`, `content-unavailable`
	 */
	async record(name: string, endpoints: VisitEndpoints, signal: AbortSignal): Promise<NameRecord> {
		const key = parseName(name)
		return this.#ask(key, key.toString(base36), endpoints, signal)
	}

	/** The first good record that a gateway gives. */
	async #ask(
		key: CID,
		id: string,
		{ gateways, allowLocal }: VisitEndpoints,
		givenUp: AbortSignal
	): Promise<NameRecord> {
		const signal = AbortSignal.any([givenUp, AbortSignal.timeout(TIMEOUT_MS)])
		const usable = gateways
			.map((gateway) => usableGateway(gateway, allowLocal, this.#options.online()))
			.filter((gateway) => gateway !== undefined)
			.slice(0, MAX_GATEWAYS)
		const stop = new AbortController()
		const routingKey = multihashToIPNSRoutingKey(key.multihash as Parameters<typeof multihashToIPNSRoutingKey>[0])
		try {
			return await Promise.any(
				usable.map(async (gateway) => {
					const bytes = await askGateway(
						`${gateway}/ipns/${id}?format=ipns-record`,
						'application/vnd.ipfs.ipns-record',
						MAX_RECORD_BYTES,
						{ fetch: this.#options.fetch, signal: AbortSignal.any([signal, stop.signal]) },
						async (record) => {
							await ipnsValidator(routingKey, record).catch((cause: unknown) => {
								throw new GatewayFault('wrong-bytes', 'the record was wrong', { cause })
							})
						}
					)
					const { value, sequence } = unmarshalIPNSRecord(bytes)
					return { bytes: new Uint8Array(bytes), value, sequence }
				})
			)
		} catch (error) {
			const reasons: unknown[] = error instanceof AggregateError ? error.errors : [error]
			const tried = reasons.map(
				(reason, index) => `${usable[index] ?? ''}: ${reason instanceof Error ? reason.message : ''}`
			)
			throw new AppError('content-unavailable', 'no one knows where this name points', {
				cause: error,
				detail: tried.join('\n')
			})
		} finally {
			stop.abort()
		}
	}
}

/** A name as a CID with codec libp2p-key, from any of its spellings. @throws AppError `bad-path` */
export function parseName(name: string): CID {
	if (/^(Qm|1)/.test(name)) {
		try {
			return CID.createV1(LIBP2P_KEY, Digest.decode(base58btc.baseDecode(name)))
		} catch (cause) {
			throw new AppError('bad-path', 'this is not an IPNS name', { cause })
		}
	}
	const cid = parseCid(name)
	if (cid.code !== LIBP2P_KEY) throw new AppError('bad-path', 'this is not an IPNS name')
	return cid
}

/** The `/ipfs/<cid>[/path]` of a record. @throws AppError `content-unsupported` for any other value */
export function parseValue(value: string): NamedPath {
	const [, namespace, root = '', ...rest] = value.split('/')
	if (namespace !== 'ipfs')
		throw new AppError('content-unsupported', 'the name points at something other than /ipfs/')
	return { root: parseCid(root), segments: rest.filter((segment) => segment !== '') }
}
