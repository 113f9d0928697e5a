import type { Catalog } from '$lib/catalog/catalog'
import type { EntryRow } from '$lib/catalog/row'
import { parseShareLink } from '$lib/catalog/share-link'
import type { BlockSource } from '$lib/gateway/block-source'
import { entryOf, type Voucher } from './link/voucher'
import { readBareEntry } from './link/read-entry'
import { readSharedPlaylist } from './read-playlist'
import { readRootFrom } from './read-root'

/** What a share link shows. */
export interface LinkContent {
	/** Empty where a single row says it. */
	readonly title: string
	readonly rows: readonly EntryRow[]
	/** Part of the one row that is meant. */
	readonly clip?: { readonly start: number; readonly end?: number }
	/** Who is said to have published it, and the publication where it is one; absent where no one is. */
	readonly by?: { readonly name: string; readonly displayName: string; readonly root?: string }
}

export interface LinkDoors {
	readonly catalog: Catalog
	readonly blocks: BlockSource
	readonly vouch: (name: string, signal: AbortSignal) => Promise<Voucher>
	/** Address of the app. */
	readonly base: string
}

const MAX_ROWS = 1000

/**
 * Reads what any share link opens (protocol section 5).
 * @param link - from `#/` on
 * @param signal - must carry a deadline
 * @throws AppError `invalid-link`, `invalid-playlist`, `content-unavailable`, and what reading a root throws
 */
export async function readLink(link: string, doors: LinkDoors, signal: AbortSignal): Promise<LinkContent> {
	const { catalog, blocks } = doors
	const parsed = parseShareLink(link)
	switch (parsed.kind) {
		case 'entry': {
			const row = await entryRow(parsed.file.toV1().toString(), parsed.by, doors, signal)
			const by = row.publisher || parsed.by
			return {
				title: '',
				rows: [row],
				...(parsed.clip && { clip: parsed.clip }),
				...(by !== undefined && by !== '' && { by: { name: by, displayName: row.publisherName } })
			}
		}
		case 'publisher': {
			const { name } = parsed
			const publisher = await catalog.publisher(name)
			if (publisher !== undefined) {
				const rows = await catalog.entriesOf(name, 0, MAX_ROWS)
				return { title: publisher.displayName, rows, by: { name, displayName: publisher.displayName } }
			}
			const voucher = await doors.vouch(name, signal)
			const by = { name, displayName: '' }
			if (voucher.kind !== 'signed') return { title: '', rows: [], by }
			const { displayName, rows } = await readRootFrom(blocks, voucher.root, '', signal)
			return { title: displayName, rows: rows.slice(0, MAX_ROWS), by: { ...by, displayName } }
		}
		case 'root': {
			const root = parsed.cid.toString()
			const { displayName, publisher, rows } = await readRootFrom(blocks, root, parsed.path, signal)
			return {
				title: displayName,
				rows: rows.slice(0, MAX_ROWS),
				...(publisher !== undefined && { by: { name: publisher, displayName, root } })
			}
		}
		default: {
			const { title, rows } = await readSharedPlaylist(blocks, link.replace(/^.*#?\/p\//, ''), signal)
			return { title, rows }
		}
	}
}

/** From a catalog that is here, else from what the named publisher has signed, else from the file itself. */
async function entryRow(
	file: string,
	by: string | undefined,
	{ catalog, blocks, vouch, base }: LinkDoors,
	signal: AbortSignal
): Promise<EntryRow> {
	const [row] = await catalog.entriesByFile(file)
	if (row) return row
	const voucher = by === undefined ? undefined : await vouch(by, signal).catch(() => undefined)
	const signed =
		voucher?.kind === 'signed' ? await entryOf(voucher, file, blocks, signal).catch(() => undefined) : undefined
	return signed ?? (await readBareEntry(file, base, signal))
}
