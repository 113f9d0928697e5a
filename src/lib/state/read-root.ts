import type { PublicationInput } from '$lib/catalog/catalog'
import { toRow } from '$lib/catalog/entry'
import { decodeHead } from '$lib/catalog/head'
import { decodePage } from '$lib/catalog/page'
import { readPublication } from '$lib/catalog/publication-reader'
import type { BlockSource } from '$lib/gateway/block-source'
import { AppError } from '$lib/errors'
import { CID } from 'multiformats/cid'
import type { OpenedRoot } from './opened-root.svelte'

/** Reads any root of protocol section 2 through this tab's block source, for showing it only. */
export async function readRootFrom(
	source: BlockSource,
	cid: string,
	path: string,
	signal: AbortSignal
): Promise<OpenedRoot> {
	let root: CID
	try {
		root = CID.parse(cid)
	} catch (cause) {
		throw new AppError('invalid-link', 'not a CID', { cause })
	}
	const publication = await readPublication(
		{ name: '', root, path, sequence: 0, validUntilMs: Infinity, hints: [] },
		source,
		{ signal, heldPages: new Set() }
	)
	return rowsOf(publication)
}

function rowsOf({ head, pages, listed, root }: PublicationInput): OpenedRoot {
	if (listed !== undefined) return listed
	const { name, publisher } = head === undefined ? { name: '' } : decodeHead(head)
	const readings = pages.flatMap((page) => (page.bytes === undefined ? [] : [decodePage(page.bytes)]))
	return {
		displayName: name,
		...(publisher !== undefined && { publisher }),
		rows: readings.flatMap(({ entries }) =>
			entries.map((entry) => toRow(entry, { id: 0, publisher: '', publisherName: name, root }))
		),
		dropped: readings.reduce((total, { dropped }) => total + dropped, 0)
	}
}
