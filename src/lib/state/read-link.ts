import type { Catalog } from '$lib/catalog/catalog'
import type { EntryRow } from '$lib/catalog/row'
import { parseShareLink } from '$lib/catalog/share-link'
import type { BlockSource } from '$lib/gateway/block-source'
import { readSharedPlaylist } from './read-playlist'
import { readRootFrom } from './read-root'

/** What a share link shows. */
export interface LinkContent {
	/** Empty where a single row says it. */
	readonly title: string
	readonly rows: readonly EntryRow[]
	/** Part of the one row that is meant. */
	readonly clip?: { readonly start: number; readonly end?: number }
}

const MAX_ROWS = 1000

/**
 * Reads what any share link opens (protocol section 5).
 * @param link - from `#/` on
 * @param signal - must carry a deadline
 * @throws AppError `invalid-link`, `invalid-playlist`, `content-unavailable`, and what reading a root throws
 */
export async function readLink(
	link: string,
	{ catalog, blocks }: { readonly catalog: Catalog; readonly blocks: BlockSource },
	signal: AbortSignal
): Promise<LinkContent> {
	const parsed = parseShareLink(link)
	switch (parsed.kind) {
		case 'entry': {
			const file = parsed.file.toV1().toString()
			const [row] = await catalog.entriesByFile(file)
			return { title: '', rows: [row ?? unknownRow(file)], ...(parsed.clip && { clip: parsed.clip }) }
		}
		case 'publisher': {
			const publisher = await catalog.publisher(parsed.name)
			const rows = await catalog.entriesOf(parsed.name, 0, MAX_ROWS)
			return { title: publisher?.displayName ?? '', rows }
		}
		case 'root': {
			const { displayName, rows } = await readRootFrom(blocks, parsed.cid.toString(), parsed.path, signal)
			return { title: displayName, rows: rows.slice(0, MAX_ROWS) }
		}
		default:
			return await readSharedPlaylist(blocks, link.replace(/^.*#?\/p\//, ''), signal)
	}
}

/** For a file that no catalog here names: the player looks at its bytes. */
function unknownRow(file: string): EntryRow {
	return {
		id: 0,
		publisher: '',
		publisherName: '',
		root: '',
		k: '',
		kind: 'audio',
		file,
		sizeBytes: 0,
		mime: 'application/octet-stream',
		title: `${file.slice(0, 8)}…${file.slice(-4)}`,
		artists: [],
		albumArtists: [],
		genres: []
	}
}
