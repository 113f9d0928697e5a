import { formatOf, licenceClass, yearOf } from '../query/entry-facts'
import type { EntryRow } from '../row'
import { KINDS } from './document-kinds'
import type { Fold } from './entry-words'
import { fingerprint } from './fingerprint'
import type { DocumentFacts, FieldWords } from './search-index'

/** What holds of all rows of a page. */
export interface PageFacts {
	/** Number of the publisher. */
	readonly publisher: number
	/** Unix seconds: stands in for entries that do not say when they were added. */
	readonly createdS: number
	/** Unix seconds: nothing is newer than this. */
	readonly nowS: number
	/** Of the fingerprints. */
	readonly seed: number
}

/** What filters, facets, sorts and ranking know of a row. */
export function documentFacts(
	row: EntryRow,
	[title]: FieldWords,
	fold: Fold,
	{ publisher, createdS, nowS, seed }: PageFacts
): DocumentFacts {
	return {
		publisher,
		kind: Math.max(0, KINDS.indexOf(row.kind)),
		year: yearOf(row.date),
		bitrate: row.bitrate ?? 0,
		durationMs: row.durationMs ?? 0,
		format: rememberedFormat(row),
		licence: licenceClass(row.licence),
		lossless: row.lossless,
		genres: row.genres.map((genre) => fold(genre).words.join(' ')).filter((genre) => genre !== ''),
		addedS: Math.floor(Math.max(0, Math.min(row.added ?? createdS, nowS))),
		file: fingerprint(row.file, seed),
		clip: row.clip === undefined ? 0 : fingerprint(`${row.clip.start}-${row.clip.end ?? ''}`, seed),
		titleKey: title?.join(' ') ?? '',
		mbids: row.mbids ?? []
	}
}

const MAX_REMEMBERED = 1000
const formats = new Map<string, string>()

/** {@link formatOf}; there are few answers, and each takes longer than all else here. */
function rememberedFormat(row: EntryRow): string {
	const key = `${row.mime}\n${row.codec ?? ''}\n${row.k.slice(row.k.lastIndexOf('.'))}`
	let format = formats.get(key)
	if (format === undefined) {
		if (formats.size >= MAX_REMEMBERED) formats.clear()
		formats.set(key, (format = formatOf(row)))
	}
	return format
}
