import { toRow, type RowOrigin } from '../entry'
import { decodePage } from '../page'
import type { EntryRow } from '../row'
import { compareBytes } from '../text'
import { fieldWords, rememberingFold, type Fold } from './entry-words'
import { encodeBlocks, type EncodedBlocks } from './page-codec'
import type { FieldWords } from './search-index'
import { decodeTexts } from './text-codec'
import type { TimeSlices } from './time-slices'

export interface PageRows {
	readonly rows: readonly EntryRow[]
	readonly dropped: number
	readonly reasons: readonly string[]
}

/** A page read elsewhere, with what else can be made of it there. */
export interface PreparedPage extends PageRows {
	/** Without their long texts, which are in the blocks. */
	readonly rows: readonly EntryRow[]
	/** Keys counted from the first row. */
	readonly blocks: EncodedBlocks
	/** Of all rows: one text, see {@link splitWords}. */
	readonly words: string
}

/**
 * Decodes and validates a page; its rows in key order.
 * @throws AppError `invalid-page`, `too-large`
 */
export async function readPage(bytes: Uint8Array, origin: RowOrigin, slices: TimeSlices): Promise<PageRows> {
	const { entries, dropped, reasons } = decodePage(bytes)
	await slices.rest()
	const rows: EntryRow[] = []
	for (const entry of entries.toSorted((a, b) => compareBytes(a.k, b.k))) {
		rows.push(toRow(entry, origin))
		if (slices.over) await slices.rest()
	}
	return { rows, dropped, reasons }
}

/** {@link readPage}, and all else that needs nothing of the catalog. */
export async function preparePage(
	bytes: Uint8Array,
	origin: RowOrigin,
	slices: TimeSlices,
	fold: Fold = rememberingFold()
): Promise<PreparedPage> {
	const { rows, dropped, reasons } = await readPage(bytes, origin, slices)
	const blocks = await encodeBlocks(rows, slices)
	const words = rows.map((row) => joinWords(fieldWords(row, fold))).join(BETWEEN_ROWS)
	return {
		rows: rows.map(({ comment: _comment, chapters: _chapters, ...row }) => row),
		dropped,
		reasons,
		blocks,
		words
	}
}

/** The rows of a page that was read elsewhere, with their long texts. */
export function wholeRows({ rows, blocks }: PreparedPage): EntryRow[] {
	const whole = [...rows]
	for (const [first, bytes] of blocks.texts) {
		for (const [at, texts] of decodeTexts(bytes)) {
			const row = whole[first + at]
			if (row !== undefined) whole[first + at] = { ...row, ...texts }
		}
	}
	return whole
}

const BETWEEN_ROWS = '\n'
const BETWEEN_FIELDS = '\t'

/** Words have no white space in them: one text crosses between workers many times faster than as many lists. */
const joinWords = (fields: FieldWords) => fields.map((words) => words.join(' ')).join(BETWEEN_FIELDS)

export function splitWords(words: string): FieldWords[] {
	return words
		.split(BETWEEN_ROWS)
		.map((row) => row.split(BETWEEN_FIELDS).map((field) => (field === '' ? [] : field.split(' '))))
}
