import { extensionOf, extensionOfMime } from '../../gateway/media-types'
import { foldWords } from '../index/text-folding'
import type { EntryRow } from '../row'
import type { LicenceClass } from './query'

/** The year of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; 0 where there is none. */
export function yearOf(date: string | undefined): number {
	return date === undefined ? 0 : Number.parseInt(date.slice(0, 4), 10) || 0
}

/** 1990 for all years from 1990 to 1999. */
export function decadeOf(year: number): number {
	return year - (year % 10)
}

/** What a file is in, as people say it: `flac`, `mp3`, `opus`, `mp4`; empty where nothing says so. */
export function formatOf({ mime, codec, k }: Pick<EntryRow, 'mime' | 'codec' | 'k'>): string {
	const lower = codec?.toLowerCase() ?? ''
	if (lower === 'opus' || lower === 'alac') return lower
	const extension = extensionOf(k)
	const ofMime = extensionOfMime(mime)
	// One media type covers Ogg with Vorbis and with Opus: the name of the file tells more.
	if (ofMime === 'ogg' && extension === 'opus') return 'opus'
	return ofMime ?? extension
}

const CREATIVE_COMMONS = /^(?:cc[ -]|cc0)|creativecommons\.org|creative commons/i
const FREE =
	/public.?domain|^pd\b|unlicense|^(?:gfdl|gpl|lgpl|agpl|lal|mit|apache|bsd|isc|zlib|wtfpl|mpl|ofl|dsl|epl|eupl|odbl)\b|gnu\.org|artlibre\.org|free.?art/i

/** `cc` also for CC0; `free` for the public domain and other licences that let everyone share. */
export function licenceClass(licence: string | undefined): LicenceClass {
	if (licence === undefined || licence.trim() === '') return 'none'
	if (CREATIVE_COMMONS.test(licence)) return 'cc'
	return FREE.test(licence) ? 'free' : 'other'
}

/** The name by which a genre is filtered and counted: its folded words. */
export function genreName(genre: string): string {
	return foldWords(genre).join(' ')
}
