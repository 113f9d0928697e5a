import { AppError } from '../errors'
import { readBounded } from './bounded-fetch'

/** A peer that a router says provides a CID. */
export interface FoundProvider {
	readonly peerId: string
	readonly addresses: readonly string[]
}

const MAX_BYTES = 1024 * 1024
const MAX_PROVIDERS = 100
const MAX_ADDRESSES = 32
const MAX_ADDRESS_CHARS = 512
/** What a tab can dial. */
const FILTER_ADDRESSES = 'webtransport,webrtc-direct,wss,tls,ws,webrtc,unknown'

/**
 * Providers of a CID, by the Delegated Routing V1 HTTP API.
 * @param router - https origin
 * @see https://specs.ipfs.tech/routing/http-routing-v1/
 * @throws AppError `unreachable`, `refused`, `too-large`, or the reason of `signal`
 */
export async function findProviders(
	router: string,
	cid: string,
	{
		signal,
		limit = MAX_PROVIDERS,
		fetch = globalThis.fetch
	}: { signal: AbortSignal; limit?: number; fetch?: typeof globalThis.fetch }
): Promise<FoundProvider[]> {
	const url = new URL(`/routing/v1/providers/${cid}`, router)
	url.searchParams.set('filter-addrs', FILTER_ADDRESSES)
	const response = await request(
		url,
		{ signal, headers: { accept: 'application/x-ndjson, application/json' } },
		fetch
	)
	// how routers say that they found none
	if (response.status === 404) return []
	if (!response.ok) throw new AppError('refused', `${url.host} answered ${String(response.status)}`)
	const text = new TextDecoder().decode(await readBounded(response, MAX_BYTES, signal))
	const ndjson = response.headers.get('content-type')?.includes('ndjson') === true
	return parseProviders(text, ndjson).slice(0, limit)
}

/** Reads an answer leniently: what is not a peer with addresses is left out. */
export function parseProviders(text: string, ndjson: boolean): FoundProvider[] {
	const records: unknown[] = []
	if (ndjson) {
		for (const line of text.split('\n')) if (line.trim() !== '') records.push(parseJson(line))
	} else {
		const { Providers } = Object(parseJson(text)) as { Providers?: unknown }
		if (Array.isArray(Providers)) records.push(...(Providers as unknown[]))
	}
	const found = new Map<string, Set<string>>()
	for (const record of records.slice(0, 4 * MAX_PROVIDERS)) {
		const { ID, Addrs } = Object(record) as { ID?: unknown; Addrs?: unknown }
		if (typeof ID !== 'string' || ID.length > 128 || !Array.isArray(Addrs)) continue
		const addresses = found.get(ID) ?? new Set<string>()
		for (const address of Addrs as unknown[]) {
			if (addresses.size >= MAX_ADDRESSES) break
			if (typeof address === 'string' && address.startsWith('/') && address.length <= MAX_ADDRESS_CHARS) {
				addresses.add(address)
			}
		}
		if (addresses.size > 0 && found.size < MAX_PROVIDERS) found.set(ID, addresses)
	}
	return [...found].map(([peerId, addresses]) => ({ peerId, addresses: [...addresses] }))
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown
	} catch {
		return undefined
	}
}

async function request(url: URL, init: RequestInit, fetch: typeof globalThis.fetch): Promise<Response> {
	try {
		return await fetch(url, { ...init, redirect: 'follow', credentials: 'omit', referrerPolicy: 'no-referrer' })
	} catch (cause) {
		init.signal?.throwIfAborted()
		throw new AppError('unreachable', `${url.host} did not answer`, { cause, detail: url.host })
	}
}
