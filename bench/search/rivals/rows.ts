import { toRow } from '../../../src/lib/catalog/entry'
import { decodeHead } from '../../../src/lib/catalog/head'
import { decodePage } from '../../../src/lib/catalog/page'
import type { EntryRow } from '../../../src/lib/catalog/row'
import { unpack } from '../page/publication'

/** The rows of a stored publication, validated as ours are. */
export function rowsOf(bytes: Uint8Array): EntryRow[] {
	const { publisher, root, head, pages } = unpack(bytes)
	const publisherName = decodeHead(head ?? new Uint8Array()).name
	const origin = { id: 0, publisher, publisherName, root }
	return pages.flatMap(({ bytes: page = new Uint8Array() }) =>
		decodePage(page).entries.map((entry) => toRow(entry, origin))
	)
}
