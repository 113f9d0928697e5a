import { CID } from 'multiformats/cid'
import { AppError } from '../errors'
import type { BlockSource } from '../gateway/block-source'
import type { ApplyOutcome, Catalog, PublicationInput } from './catalog'
import { toRow } from './entry'
import { checkPublisher, decodeHead } from './head'
import { readRoot } from './readers'

export interface Publication {
	/** IPNS name; empty for a root that no announcement led to. */
	readonly name: string
	readonly root: CID
	/** Path below the root; only for roots opened by a link. */
	readonly path?: string
	readonly sequence: number
	readonly validUntilMs: number
	readonly hints: readonly string[]
}

export interface ReadOptions {
	readonly signal: AbortSignal
	/** CIDs of pages whose bytes are not needed again. */
	readonly heldPages: ReadonlySet<string>
	readonly onprogress?: (pages: { readonly done: number; readonly total: number }) => void
}

/** Pages asked for at the same time. */
const PAGES_AT_ONCE = 4
/** A page of 1 MiB takes 2 s on a phone line; a minute leaves room for finding someone who has it. */
const PAGE_TIMEOUT_MS = 60_000

/**
 * Reads what a root holds (protocol section 2): its head and the pages that are not held yet, or, for the other kinds
 * of root, its entries. Blocks come checked from `source`; entries are validated when the catalog applies them.
 * @throws AppError `publisher-mismatch` when the head names another publisher than the record did, `invalid-head`,
 * `content-unsupported`, `content-unavailable`
 */
export async function readPublication(
	publication: Publication,
	source: BlockSource,
	{ signal, heldPages, onprogress }: ReadOptions
): Promise<PublicationInput> {
	const { name, root, hints } = publication
	const blocks: BlockSource = { get: (cid, options) => source.get(cid, { hints, ...options }) }
	const reading = await readRoot(root, publication.path ?? '', blocks, { signal })
	const input = {
		publisher: name === '' ? root.toString() : name,
		root: root.toString(),
		sequence: publication.sequence,
		validUntilMs: publication.validUntilMs
	}
	if (reading.kind === 'listed') {
		const from = { id: 0, publisher: name, publisherName: reading.displayName, root: root.toString() }
		const rows = reading.entries.map((entry) => toRow(entry, from))
		return { ...input, pages: [], listed: { displayName: reading.displayName, rows, dropped: reading.dropped } }
	}
	const head = decodeHead(reading.head.bytes)
	if (name !== '') checkPublisher(head, name)
	const pages: { cid: string; bytes?: Uint8Array }[] = head.pages.map(({ c }) => ({ cid: c.toString() }))
	const missing = pages.filter(({ cid }) => !heldPages.has(cid))
	let done = 0
	onprogress?.({ done, total: missing.length })
	await atMost(PAGES_AT_ONCE, missing, async (page) => {
		const deadline = AbortSignal.any([signal, AbortSignal.timeout(PAGE_TIMEOUT_MS)])
		page.bytes = await blocks.get(CID.parse(page.cid), { signal: deadline })
		done++
		onprogress?.({ done, total: missing.length })
	})
	return { ...input, head: reading.head.bytes, pages }
}

/** Reads a publication and puts it into the catalog; only the pages that changed are fetched. */
export async function indexPublication(
	publication: Publication,
	source: BlockSource,
	catalog: Catalog,
	signal: AbortSignal
): Promise<ApplyOutcome> {
	const heldPages = new Set(await catalog.heldPages(publication.name))
	return await catalog.apply(await readPublication(publication, source, { signal, heldPages }))
}

async function atMost<T>(limit: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
	const queue = items.values()
	const lanes = Array.from({ length: Math.min(limit, items.length) }, async () => {
		for (const item of queue) await work(item)
	})
	await Promise.all(lanes)
}

/** The root that an IPNS record points at. @throws AppError `invalid-record` when it is not `/ipfs/<cid>` */
export function rootOfValue(value: string): CID {
	const text = /^\/ipfs\/([^/]+)\/?$/.exec(value)?.[1]
	try {
		if (text !== undefined) return CID.parse(text)
	} catch {
		// Falls through to the one error for every other form.
	}
	throw new AppError('invalid-record', 'the record does not point at /ipfs/<cid>')
}
