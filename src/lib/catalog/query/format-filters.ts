import { FIELD_NAMES, FILTER_NAMES, type FilterName } from './names'
import type { QueryFilters, Span } from './query'

/** Writes filters in the language of the search box: for addresses of pages and saved searches. `readQuery` reads them back. */
export function formatFilters(filters: QueryFilters): string {
	const parts: string[] = []
	const say = (filter: FilterName, value: string) => parts.push(`${firstName(FILTER_NAMES, filter)}:${value}`)
	const { kinds, genres, years, bitrate, durationMs, lossless, formats, licences, publishers, available, kept } =
		filters
	if (kinds?.length) say('kinds', kinds.join(','))
	for (const genre of genres ?? []) parts.push(`${firstName(FIELD_NAMES, 'genres')}:=${marked(genre)}`)
	if (years)
		say(
			'years',
			span(years, (year) => String(year).padStart(4, '0'))
		)
	if (bitrate)
		say(
			'bitrate',
			span(bitrate, (value) => `${value}bps`)
		)
	if (durationMs)
		say(
			'durationMs',
			span(durationMs, (value) => `${value}ms`)
		)
	if (lossless !== undefined) say('lossless', lossless ? 'yes' : 'no')
	if (formats?.length) say('formats', formats.join(','))
	if (licences?.length) say('licences', licences.join(','))
	for (const publisher of publishers ?? []) say('publishers', publisher)
	if (available) say('available', 'yes')
	if (kept) say('kept', 'yes')
	if (filters.mbids?.length) say('mbids', filters.mbids.join(','))
	if (filters.cids?.length) say('cids', filters.cids.join(','))
	return parts.join(' ')
}

const marked = (text: string) => (/\s/u.test(text) ? `"${text}"` : text)

function span({ from, to }: Span, one: (value: number) => string): string {
	if (from !== undefined && from === to) return one(from)
	return `${from === undefined ? '' : one(from)}..${to === undefined ? '' : one(to)}`
}

function firstName(names: ReadonlyMap<string, string>, wanted: string): string {
	for (const [name, meant] of names) if (meant === wanted) return name
	return wanted
}
