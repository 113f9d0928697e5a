import { foldWords } from '../index/text-folding'
import type { EntryKind } from '../entry'
import type { EntryRow } from '../row'

/** Fields compared as text, word by word: case, accents and order of words do not count. */
export const TEXT_FIELDS = ['title', 'artist', 'album', 'genre', 'publisher'] as const
/** Fields compared as numbers: bits a second, ms, four digits of the date. */
export const NUMBER_FIELDS = ['year', 'bitrate', 'durationMs'] as const
export const FACT_FIELDS = ['lossless', 'favourite', 'kept'] as const
/** Fields compared as so many days before now. */
export const TIME_FIELDS = ['added', 'played'] as const

export type SmartRule =
	| {
			readonly field: (typeof TEXT_FIELDS)[number]
			readonly op: 'has' | 'hasNot' | 'is' | 'isNot'
			readonly text: string
	  }
	| { readonly field: (typeof NUMBER_FIELDS)[number]; readonly op: 'atLeast' | 'atMost'; readonly number: number }
	| { readonly field: 'kind'; readonly op: 'is' | 'isNot'; readonly kind: EntryKind }
	| { readonly field: (typeof FACT_FIELDS)[number]; readonly op: 'is'; readonly yes: boolean }
	| { readonly field: (typeof TIME_FIELDS)[number]; readonly op: 'within' | 'notWithin'; readonly days: number }

export const SMART_ORDERS = ['newest', 'title', 'artist', 'longest', 'random'] as const

/** A playlist that is worked out anew each time it is opened. */
export interface SmartRules {
	readonly match: 'all' | 'any'
	readonly rules: readonly SmartRule[]
	readonly order: (typeof SMART_ORDERS)[number]
	/** Most rows, 1 to {@link MAX_SMART_ROWS}. */
	readonly limit: number
}

export const MAX_SMART_RULES = 20
export const MAX_SMART_ROWS = 1000

/** What only this device knows of a row. */
export interface RowFacts {
	readonly favourite: boolean
	readonly kept: boolean
	/** Unix ms; undefined when it was never played here. */
	readonly playedMs: number | undefined
}

const DAY_MS = 24 * 60 * 60_000

/** True when a row is wanted. Rules without a value (an editor's empty line) want everything. */
export function wants({ match, rules }: SmartRules, row: EntryRow, facts: RowFacts, nowMs: number): boolean {
	const filled = rules.filter(isFilled)
	if (filled.length === 0) return true
	const holds = (rule: SmartRule) => ruleHolds(rule, row, facts, nowMs)
	return match === 'all' ? filled.every(holds) : filled.some(holds)
}

/** False for a rule that says nothing yet. */
export function isFilled(rule: SmartRule): boolean {
	return !('text' in rule) || foldWords(rule.text).length > 0
}

function ruleHolds(rule: SmartRule, row: EntryRow, facts: RowFacts, nowMs: number): boolean {
	switch (rule.field) {
		case 'kind':
			return (row.kind === rule.kind) === (rule.op === 'is')
		case 'lossless':
			return (row.lossless ?? false) === rule.yes
		case 'favourite':
		case 'kept':
			return facts[rule.field] === rule.yes
		case 'added':
		case 'played': {
			const atMs =
				rule.field === 'played' ? facts.playedMs : row.added === undefined ? undefined : row.added * 1000
			const isWithin = atMs !== undefined && atMs >= nowMs - rule.days * DAY_MS
			return isWithin === (rule.op === 'within')
		}
		case 'year':
		case 'bitrate':
		case 'durationMs': {
			const number = numberOf(row, rule.field)
			if (number === undefined) return false
			return rule.op === 'atLeast' ? number >= rule.number : number <= rule.number
		}
		default:
			return textHolds(rule, textsOf(row, rule.field))
	}
}

function textHolds(rule: Extract<SmartRule, { text: string }>, texts: readonly string[]): boolean {
	const wanted = foldWords(rule.text)
	const fields = texts.map((text) => foldWords(text))
	if (rule.op === 'is' || rule.op === 'isNot') {
		const same = fields.some((words) => words.join(' ') === wanted.join(' '))
		return same === (rule.op === 'is')
	}
	const all = new Set(fields.flat())
	return wanted.every((word) => all.has(word)) === (rule.op === 'has')
}

function textsOf(row: EntryRow, field: (typeof TEXT_FIELDS)[number]): readonly string[] {
	switch (field) {
		case 'title':
			return [row.title]
		case 'artist':
			return [...row.artists, ...row.albumArtists]
		case 'album':
			return row.album === undefined ? [] : [row.album]
		case 'genre':
			return row.genres
		case 'publisher':
			return [row.publisherName]
	}
}

function numberOf(row: EntryRow, field: (typeof NUMBER_FIELDS)[number]): number | undefined {
	return field === 'year' ? yearOf(row) : row[field]
}

function yearOf({ date }: EntryRow): number | undefined {
	const [, year] = /^(\d{4})/.exec(date ?? '') ?? []
	return year === undefined ? undefined : Number(year)
}

/**
 * Rows in the order that the rules ask for, as many as they allow, each file once.
 * @param random - 0 up to 1
 */
export function arrange(rules: SmartRules, rows: readonly EntryRow[], random = Math.random): EntryRow[] {
	const seen = new Set<string>()
	const once = rows.filter((row) => {
		const work = `${row.file} ${row.clip?.start ?? ''}`
		return !seen.has(work) && seen.add(work)
	})
	const sorted = rules.order === 'random' ? shuffled(once, random) : once.sort(ORDERS[rules.order])
	return sorted.slice(0, Math.max(1, Math.min(MAX_SMART_ROWS, Math.trunc(rules.limit) || MAX_SMART_ROWS)))
}

const text = (a: string, b: string) => a.localeCompare(b)

const ORDERS: Record<Exclude<SmartRules['order'], 'random'>, (a: EntryRow, b: EntryRow) => number> = {
	newest: (a, b) => (b.added ?? 0) - (a.added ?? 0) || text(a.title, b.title),
	title: (a, b) => text(a.title, b.title),
	artist: (a, b) =>
		text(a.artists[0] ?? '', b.artists[0] ?? '') ||
		text(a.album ?? '', b.album ?? '') ||
		(a.disc ?? 0) - (b.disc ?? 0) ||
		(a.track ?? 0) - (b.track ?? 0),
	longest: (a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0)
}

/** Fisher and Yates. */
function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
	const mixed = [...items]
	for (let at = mixed.length - 1; at > 0; at--) {
		const other = Math.floor(random() * (at + 1))
		;[mixed[at], mixed[other]] = [mixed[other] as Item, mixed[at] as Item]
	}
	return mixed
}

/** Words to look the index up by, so that not every row need be read; undefined when the rules name none that must be there. */
export function wordsToSearch({ match, rules }: SmartRules): string | undefined {
	if (match === 'any' && rules.filter(isFilled).length !== 1) return undefined
	const texts = rules.flatMap((rule) =>
		'text' in rule && (rule.op === 'has' || rule.op === 'is') && isFilled(rule) ? [rule.text] : []
	)
	return texts.length === 0 ? undefined : texts.join(' ')
}

/** True when only rows can match that this device has on a shelf: favourites, what is kept, what was played. */
export function asksOnlyShelves({ match, rules }: SmartRules): boolean {
	const isShelf = (rule: SmartRule) =>
		((rule.field === 'favourite' || rule.field === 'kept') && rule.yes) ||
		(rule.field === 'played' && rule.op === 'within')
	const filled = rules.filter(isFilled)
	return match === 'all' ? filled.some(isShelf) : filled.length > 0 && filled.every(isShelf)
}

/** Reads rules that were stored or came in a file; undefined for what is none. Rules that are not understood are left out. */
export function readSmartRules(value: unknown): SmartRules | undefined {
	if (!isObject(value) || !Array.isArray(value['rules'])) return undefined
	const order = SMART_ORDERS.find((one) => one === value['order']) ?? 'newest'
	const limit = Number(value['limit'])
	return {
		match: value['match'] === 'any' ? 'any' : 'all',
		rules: value['rules'].slice(0, MAX_SMART_RULES).flatMap((rule: unknown) => readRule(rule) ?? []),
		order,
		limit: limit >= 1 && limit <= MAX_SMART_ROWS ? Math.trunc(limit) : 100
	}
}

const KINDS: readonly EntryKind[] = ['audio', 'video', 'image', 'document', 'subtitle', 'other']

function readRule(value: unknown): SmartRule | undefined {
	if (!isObject(value)) return undefined
	const { op } = value
	const textField = TEXT_FIELDS.find((name) => name === value['field'])
	if (textField !== undefined) {
		const known = (['has', 'hasNot', 'is', 'isNot'] as const).find((one) => one === op)
		if (known === undefined || typeof value['text'] !== 'string') return undefined
		return { field: textField, op: known, text: value['text'].slice(0, 200) }
	}
	const numberField = NUMBER_FIELDS.find((name) => name === value['field'])
	if (numberField !== undefined) {
		const known = (['atLeast', 'atMost'] as const).find((one) => one === op)
		const { number } = value
		if (known === undefined || typeof number !== 'number' || !Number.isFinite(number)) return undefined
		return { field: numberField, op: known, number }
	}
	const timeField = TIME_FIELDS.find((name) => name === value['field'])
	if (timeField !== undefined) {
		const known = (['within', 'notWithin'] as const).find((one) => one === op)
		const { days } = value
		if (known === undefined || typeof days !== 'number' || !(days >= 0 && days <= 100_000)) return undefined
		return { field: timeField, op: known, days }
	}
	const factField = FACT_FIELDS.find((name) => name === value['field'])
	if (factField !== undefined) {
		return typeof value['yes'] === 'boolean' ? { field: factField, op: 'is', yes: value['yes'] } : undefined
	}
	const kind = KINDS.find((one) => one === value['kind'])
	if (value['field'] !== 'kind' || kind === undefined) return undefined
	return { field: 'kind', op: op === 'isNot' ? 'isNot' : 'is', kind }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
