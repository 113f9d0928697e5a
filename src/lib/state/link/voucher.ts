import { cidText, toRow } from '$lib/catalog/entry'
import { checkPublisher, decodeHead, type Head } from '$lib/catalog/head'
import { decodePage } from '$lib/catalog/page'
import { rootOfValue } from '$lib/catalog/publication-reader'
import { readRoot } from '$lib/catalog/readers'
import type { EntryRow } from '$lib/catalog/row'
import type { BlockSource } from '$lib/gateway/block-source'
import type { IpnsRecord } from '$lib/p2p/ipns-record'

/** Who signed, and what: read from the network itself, with nothing in the index. Times are Unix ms. */
export type Voucher =
	| {
			readonly kind: 'signed'
			/** IPNS name. */
			readonly name: string
			readonly displayName: string
			/** Root of the newest publication. */
			readonly root: string
			/** When the publication says it was made. */
			readonly madeMs: number
			readonly validUntilMs: number
			readonly head: Head
	  }
	/** The record is rightly signed and past its end. */
	| { readonly kind: 'ended'; readonly name: string; readonly validUntilMs: number }
	/** No one has a record of this name. */
	| { readonly kind: 'unknown'; readonly name: string }
	/** The record is rightly signed; what it leads to could not be read. */
	| { readonly kind: 'unread'; readonly name: string; readonly error: unknown }

export interface VoucherDoors {
	/** The newest record of a name, its signature checked. */
	readonly record: (name: string, signal: AbortSignal) => Promise<IpnsRecord | undefined>
	readonly blocks: BlockSource
	readonly nowMs?: () => number
}

/** Pages of one publication that are looked through for a file. */
const MAX_PAGES = 400
const PAGES_AT_ONCE = 4

/** @param signal - must carry a deadline */
export async function readVoucher(
	name: string,
	{ record: find, blocks, nowMs = Date.now }: VoucherDoors,
	signal: AbortSignal
): Promise<Voucher> {
	const record = await find(name, signal)
	if (record === undefined) return { kind: 'unknown', name }
	const { value, validUntilMs } = record
	if (validUntilMs <= nowMs()) return { kind: 'ended', name, validUntilMs }
	try {
		const root = rootOfValue(value)
		const reading = await readRoot(root, '', blocks, { signal })
		if (reading.kind === 'listed') return { kind: 'unread', name, error: undefined }
		const head = decodeHead(reading.head.bytes)
		checkPublisher(head, name)
		const madeMs = head.created * 1000
		return { kind: 'signed', name, displayName: head.name, root: root.toString(), madeMs, validUntilMs, head }
	} catch (error) {
		signal.throwIfAborted()
		return { kind: 'unread', name, error }
	}
}

/**
 * The entry of a file in what its publisher signed last; undefined when it is not among them.
 * @param signal - must carry a deadline
 * @throws AppError `content-unavailable`, `invalid-page`
 */
export async function entryOf(
	{ name, displayName, root, head }: Extract<Voucher, { readonly kind: 'signed' }>,
	file: string,
	blocks: BlockSource,
	signal: AbortSignal
): Promise<EntryRow | undefined> {
	let found: EntryRow | undefined
	const pages = head.pages.slice(0, MAX_PAGES).values()
	const lanes = Array.from({ length: PAGES_AT_ONCE }, async () => {
		for (const { c } of pages) {
			const { entries } = decodePage(await blocks.get(c, { signal }))
			const entry = entries.find((each) => cidText(each.file) === file)
			if (entry) found ??= toRow(entry, { id: 0, publisher: name, publisherName: displayName, root })
			if (found) return
		}
	})
	await Promise.all(lanes)
	return found
}
