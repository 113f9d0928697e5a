import type { EntryRow } from '$lib/catalog/row'
import { STARTER_ANNOUNCEMENT, STARTER_NAME } from '$lib/catalog/starter'
import { decodeAnnouncement } from '$lib/p2p/announce'
import { parseRecord } from '$lib/p2p/ipns-record'
import type { AntiphonDatabase } from '$lib/storage/database'

/** The IPNS record by which a publisher vouches for a publication. Times are Unix ms. */
export interface SignedRecord {
	readonly kind: 'signed'
	/** IPNS name: the publisher's public key. */
	readonly name: string
	readonly sequence: bigint
	/** `/ipfs/<root>` */
	readonly value: string
	readonly validUntilMs: number
	/** When this browser accepted it; absent for what came with the app. */
	readonly heardMs?: number
	/** False when it is of another publication than the row: a newer one that was not read yet. */
	readonly leadsHere: boolean
	/** When the signature was checked. */
	readonly checkedMs: number
}

export type Signature =
	SignedRecord | { readonly kind: 'none' } | { readonly kind: 'wrong'; readonly error: unknown }

export interface SignatureInit {
	readonly database: Pick<AntiphonDatabase, 'get'>
	/** Base URL of the app. */
	readonly base: string
	readonly fetch?: typeof fetch
	readonly nowMs?: () => number
}

const FETCH_TIMEOUT_MS = 20_000

/** Finds the record that vouches for a row's publication, and checks its signature anew. Never rejects. */
export async function readSignature(
	row: Pick<EntryRow, 'publisher' | 'root'>,
	{ database, base, fetch: ask = fetch, nowMs = Date.now }: SignatureInit
): Promise<Signature> {
	if (row.publisher === '') return { kind: 'none' }
	try {
		const heard = await database.get('announcements', row.publisher)
		const bytes =
			heard?.bytes ??
			(row.publisher === STARTER_NAME ? await download(new URL(STARTER_ANNOUNCEMENT, base), ask) : undefined)
		if (bytes === undefined) return { kind: 'none' }
		const { name, sequence, value, validUntilMs } = await parseRecord(
			row.publisher,
			decodeAnnouncement(bytes).record
		)
		return {
			kind: 'signed',
			name,
			sequence,
			value,
			validUntilMs,
			...(heard && { heardMs: heard.receivedMs }),
			leadsHere: value === `/ipfs/${row.root}`,
			checkedMs: nowMs()
		}
	} catch (error) {
		return { kind: 'wrong', error }
	}
}

async function download(url: URL, ask: typeof fetch): Promise<Uint8Array> {
	const response = await ask(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) })
	return new Uint8Array(await response.arrayBuffer())
}
