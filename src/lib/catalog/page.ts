import { sha256 } from 'multiformats/hashes/sha2'
import { AppError } from '../errors'
import { decodeStrict, encodeStrict } from './dag-cbor'
import { entryMap, parseEntry, type Entry } from './entry'
import { MAX_PAGE_BYTES, MAX_PAGE_ITEMS, MAX_REASONS, PAGE_BYTES, PAGE_END_BELOW, PAGE_ENTRIES } from './limits'
import { isMap } from './rule'
import { compareBytes, cut, displayText } from './text'

export interface PageReading {
	readonly entries: readonly Entry[]
	/** Entries that broke a rule. */
	readonly dropped: number
	/** Why, of the first 20. */
	readonly reasons: readonly string[]
}

/**
 * Reads a page. An entry that breaks a rule, or has the key of an earlier one, is dropped and counted; the rest is used.
 * @throws AppError `too-large`, `invalid-page` when nothing of it can be used
 */
export function decodePage(bytes: Uint8Array): PageReading {
	const list = decodeStrict(bytes, MAX_PAGE_BYTES, 'invalid-page')
	if (!Array.isArray(list)) throw new AppError('invalid-page', 'a page must be a list')
	if (list.length > MAX_PAGE_ITEMS) throw new AppError('invalid-page', `a page of ${list.length} entries`)
	const entries: Entry[] = []
	const reasons: string[] = []
	const keys = new Set<string>()
	let dropped = 0
	for (const item of list as readonly unknown[]) {
		try {
			const entry = parseEntry(item)
			if (keys.has(entry.k)) throw new AppError('invalid-entry', 'k is taken', { detail: 'k is taken by another' })
			keys.add(entry.k)
			entries.push(entry)
		} catch (error) {
			if (!(error instanceof AppError)) throw error
			dropped++
			if (reasons.length < MAX_REASONS) reasons.push(`${label(item)}: ${error.detail ?? error.message}`)
		}
	}
	return { entries, dropped, reasons }
}

/** The bytes of one page. @throws AppError `too-large` for more than a reader takes */
export function encodePage(entries: readonly Entry[]): Uint8Array {
	const bytes = encodeStrict(entries.map(entryMap))
	if (bytes.byteLength > MAX_PAGE_BYTES) throw new AppError('too-large', `a page of ${bytes.byteLength} bytes`)
	return bytes
}

/**
 * Sorts entries by the bytes of their keys and cuts them into pages at places that the keys themselves decide, so that
 * an edit changes the page it falls in and the others keep their CIDs (protocol section 2).
 * @throws AppError `invalid-entry` for a key that is there twice or an entry too large for a page
 */
export async function splitPages(entries: readonly Entry[]): Promise<Entry[][]> {
	const sorted = entries.toSorted((one, other) => compareBytes(one.k, other.k))
	const pages: Entry[][] = []
	let page: Entry[] = []
	let pageBytes = 0
	for (const [at, entry] of sorted.entries()) {
		if (sorted[at - 1]?.k === entry.k) throw new AppError('invalid-entry', `k is there twice: ${entry.k}`)
		const entryBytes = encodeStrict(entryMap(entry)).byteLength
		if (listHeadBytes(1) + entryBytes > PAGE_BYTES) {
			throw new AppError('invalid-entry', `${entryBytes} bytes, too large for a page: ${entry.k}`)
		}
		if (page.length > 0 && listHeadBytes(page.length + 1) + pageBytes + entryBytes > PAGE_BYTES) {
			pages.push(page)
			page = []
			pageBytes = 0
		}
		page.push(entry)
		pageBytes += entryBytes
		if (page.length === PAGE_ENTRIES || (await endsPage(entry.k))) {
			pages.push(page)
			page = []
			pageBytes = 0
		}
	}
	if (page.length > 0) pages.push(page)
	return pages
}

async function endsPage(k: string): Promise<boolean> {
	const hash = await sha256.encode(new TextEncoder().encode(k))
	return (hash[0] ?? 0) * 256 + (hash[1] ?? 0) < PAGE_END_BELOW
}

/** Bytes in front of a CBOR list of so many items. */
function listHeadBytes(count: number): number {
	if (count < 24) return 1
	return count < 256 ? 2 : 3
}

function label(item: unknown): string {
	const k = isMap(item) && Object.hasOwn(item, 'k') ? item.k : undefined
	return typeof k === 'string' ? displayText(cut(k, 100)) : 'an entry without a key'
}
