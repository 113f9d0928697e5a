import type { DraftEntry } from '$lib/catalog/publishing'

/** What can be edited in the table, as text. */
export const DRAFT_FIELDS = [
	'track',
	'title',
	'artists',
	'album',
	'date',
	'genres',
	'albumArtists',
	'disc',
	'composers',
	'licence',
	'lang',
	'comment'
] as const
export type DraftField = (typeof DRAFT_FIELDS)[number]

/** What is wrong in a cell; `src/lib/i18n` holds the words. */
export type FieldProblem =
	'needs-title' | 'too-long' | 'not-a-date' | 'not-a-number' | 'not-a-licence' | 'not-a-language'

/** Between several artists or genres; a comma is part of too many names. */
const SEPARATOR = '; '
/** Longest title (protocol section 2), used for the other texts too. */
const LONGEST_TEXT = 500
const LARGEST_NUMBER = 9999

/** A field as the text that a person edits. */
export function fieldText(entry: DraftEntry, field: DraftField): string {
	const value = entry[field]
	if (Array.isArray(value)) return value.join(SEPARATOR)
	return value === undefined ? '' : String(value)
}

/** A date is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, and in the calendar (protocol section 2). */
export function isDate(text: string): boolean {
	const [, year, month, day] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text) ?? []
	if (year === undefined) return false
	const iso = `${year}-${month ?? '01'}-${day ?? '01'}`
	const date = new Date(`${iso}T00:00:00Z`)
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso)
}

/** An SPDX id or expression, or the address of a licence text (protocol section 2); empty is none. */
export function isLicence(text: string): boolean {
	if (text === '' || /^https?:\/\/\S+$/.test(text)) return text.length <= LONGEST_TEXT
	const id = /^[A-Za-z0-9.-]+\+?$/
	return text.length <= LONGEST_TEXT && text.split(/ (?:AND|OR|WITH) /).every((part) => id.test(part))
}

/** A BCP 47 tag in its usual spelling; undefined for what is none. */
function languageTag(text: string): string | undefined {
	try {
		return Intl.getCanonicalLocales(text)[0]
	} catch {
		return undefined
	}
}

/** The entry with one field as it was typed, or what is wrong with it. */
export function withField(
	entry: DraftEntry,
	field: DraftField,
	typed: string
): { readonly entry: DraftEntry } | { readonly problem: FieldProblem } {
	const text = typed.trim().normalize('NFC')
	switch (field) {
		case 'track':
		case 'disc': {
			const { [field]: _, ...rest } = entry
			if (text === '') return { entry: rest }
			const number = Number(text)
			const whole = /^\d+$/.test(text) && number >= 1 && number <= LARGEST_NUMBER
			return whole ? { entry: { ...entry, [field]: number } } : { problem: 'not-a-number' }
		}
		case 'date':
			return text === '' || isDate(text) ? { entry: { ...entry, date: text } } : { problem: 'not-a-date' }
		case 'licence':
			return isLicence(text) ? { entry: { ...entry, licence: text } } : { problem: 'not-a-licence' }
		case 'lang': {
			const { lang: _, ...rest } = entry
			if (text === '') return { entry: rest }
			const lang = languageTag(text)
			return lang === undefined ? { problem: 'not-a-language' } : { entry: { ...entry, lang } }
		}
		case 'title':
		case 'album':
		case 'comment':
			return text.length > LONGEST_TEXT ? { problem: 'too-long' } : { entry: { ...entry, [field]: text } }
		case 'artists':
		case 'albumArtists':
		case 'composers':
		case 'genres': {
			const list = text
				.split(SEPARATOR.trim())
				.map((part) => part.trim())
				.filter((part) => part !== '')
			return list.some((part) => part.length > LONGEST_TEXT)
				? { problem: 'too-long' }
				: { entry: { ...entry, [field]: list } }
		}
	}
}
