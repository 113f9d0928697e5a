import type { EntryRow } from '../row'
import { encodeNames } from './names-codec'
import type { PageNames } from './page-names'
import { encodeRows, ROWS_PER_BLOCK } from './row-codec'
import { encodeTexts, TEXTS_PER_BLOCK } from './text-codec'
import type { TimeSlices } from './time-slices'

/** By number of the block's first row. */
type Blocks = readonly (readonly [first: number, bytes: Uint8Array<ArrayBuffer>])[]

export interface EncodedBlocks {
	readonly rows: Blocks
	/** Only blocks with rows that have long texts. */
	readonly texts: Blocks
}

/** A page as the store keeps it; blocks by number of the document. */
export interface EncodedPage extends EncodedBlocks {
	/** See `names-codec.ts`. */
	readonly names: Uint8Array<ArrayBuffer>
	readonly sizeBytes: number
}

/** The rows of a page, counted from its first. */
export async function encodeBlocks(rows: readonly EntryRow[], slices: TimeSlices): Promise<EncodedBlocks> {
	const rowBlocks: [number, Uint8Array<ArrayBuffer>][] = []
	const textBlocks: [number, Uint8Array<ArrayBuffer>][] = []
	for (let at = 0; at < rows.length; at += ROWS_PER_BLOCK) {
		rowBlocks.push([at, encodeRows(rows.slice(at, at + ROWS_PER_BLOCK))])
		if (slices.over) await slices.rest()
	}
	for (let at = 0; at < rows.length; at += TEXTS_PER_BLOCK) {
		const bytes = encodeTexts(rows.slice(at, at + TEXTS_PER_BLOCK))
		if (bytes !== undefined) textBlocks.push([at, bytes])
	}
	return { rows: rowBlocks, texts: textBlocks }
}

/** @param first - document of the first row */
export function encodedPage(first: number, { rows, texts }: EncodedBlocks, names: PageNames): EncodedPage {
	const nameBytes = encodeNames(names)
	const placed = (blocks: Blocks): Blocks => blocks.map(([at, bytes]) => [first + at, bytes])
	const sizeBytes = [...rows, ...texts].reduce((sum, [, bytes]) => sum + bytes.byteLength, nameBytes.byteLength)
	return { rows: placed(rows), texts: placed(texts), names: nameBytes, sizeBytes }
}
