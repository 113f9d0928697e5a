import type { EntryRow } from '../row'
import type { RowTexts } from './row-codec'

/**
 * Rows whose long texts are kept together: some 30 KB of text. The browsers' databases compress values of that size themselves, by more than
 * half of what deflating would save, and in a fraction of the time.
 */
export const TEXTS_PER_BLOCK = 128

/** By place in the block. */
export type TextBlock = ReadonlyMap<number, RowTexts>

const utf8 = new TextEncoder()
const decoder = new TextDecoder()

/** Undefined when none of the rows has such texts. */
export function encodeTexts(rows: readonly EntryRow[]): Uint8Array<ArrayBuffer> | undefined {
	const texts = rows.flatMap(({ comment, chapters }, at) =>
		comment === undefined && chapters === undefined ? [] : [[at, comment ?? null, chapters ?? null]]
	)
	return texts.length === 0 ? undefined : utf8.encode(JSON.stringify(texts))
}

/** Only for bytes of {@link encodeTexts}. */
export function decodeTexts(bytes: Uint8Array): TextBlock {
	const texts = JSON.parse(decoder.decode(bytes)) as [number, string | null, RowTexts['chapters'] | null][]
	return new Map(
		texts.map(([at, comment, chapters]) => [
			at,
			{ ...(comment === null ? {} : { comment }), ...(chapters ? { chapters } : {}) }
		])
	)
}
