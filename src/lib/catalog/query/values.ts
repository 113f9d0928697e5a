import type { Span } from './query'

/** What one number of a query stands for: `5m` is all from 5:00 to 5:59.999. */
export interface Stretch {
	readonly from: number
	readonly to: number
}

type ReadOne = (text: string) => Stretch | undefined

export type SpanReading = { readonly span: Span } | { readonly problem: 'bad-number' | 'bad-range' }

/** What is measured finer than people say it: 5:00.4 is not longer than `5m`. */
const ROUNDING = 999

/**
 * `1990`, `1990..1999`, `..1999`, `1990..`, `>=1990`, `<2000` and the like. Both ends belong to it.
 * @param measured - of times and rates `5m` alone is all that begins so, but compared with others it is one point
 */
export function readSpan(text: string, one: ReadOne, measured = false): SpanReading {
	const after = ({ from, to }: Stretch) => (measured ? from + 1 : to + 1)
	const upTo = ({ from, to }: Stretch) => (measured ? Math.min(to, from + ROUNDING) : to)
	const compared = /^(?<sign>>=|<=|=>|=<|[<>=\u2265\u2264])(?<value>.+)$/u.exec(text)?.groups
	if (compared !== undefined) {
		const value = one(compared['value'] ?? '')
		if (value === undefined) return { problem: 'bad-number' }
		switch (compared['sign']) {
			case '>':
				return { span: { from: after(value) } }
			case '<':
				return value.from <= 0 ? { problem: 'bad-range' } : { span: { to: value.from - 1 } }
			case '=':
				return { span: value }
			case '<=':
			case '=<':
			case '\u2264':
				return { span: { to: upTo(value) } }
			default:
				return { span: { from: value.from } }
		}
	}
	const ends = text.split(/\.{2,3}|\u2026/u)
	if (ends.length > 2) return { problem: 'bad-range' }
	const [first = '', last] = ends
	if (last === undefined) {
		const value = one(first)
		return value === undefined ? { problem: 'bad-number' } : { span: value }
	}
	const from = first === '' ? undefined : one(first)
	const to = last === '' ? undefined : one(last)
	if ((first !== '' && from === undefined) || (last !== '' && to === undefined)) return { problem: 'bad-number' }
	if (from === undefined && to === undefined) return { problem: 'bad-range' }
	if (from !== undefined && to !== undefined && from.from > to.to) return { problem: 'bad-range' }
	return {
		span: { ...(from === undefined ? {} : { from: from.from }), ...(to === undefined ? {} : { to: upTo(to) }) }
	}
}

/** `1994`, a decade as `1990s` or `90s`, and the beginning of a year: `199` is the same decade. */
export function readYear(text: string): Stretch | undefined {
	const decade = /^(?<decade>(?:\d\d)?\d0)'?s$/u.exec(text)?.groups?.['decade']
	if (decade !== undefined) {
		const short = Number(decade)
		const from = decade.length === 4 ? short : short + (short >= 30 ? 1900 : 2000)
		return { from, to: from + 9 }
	}
	if (!/^\d{1,4}$/u.test(text)) return undefined
	const unit = 10 ** (4 - text.length)
	const from = Number(text) * unit
	return from === 0 ? undefined : { from, to: from + unit - 1 }
}

/** A decade written short, as a person typing `year:1990-1999` means a span. */
export const dashedYears = (text: string): string => text.replace(/^(\d{4})[-\u2013](\d{4})$/u, '$1..$2')

const DECIMAL = /^(?<whole>\d{1,12})(?:[.,](?<part>\d{1,3}))?(?<unit>[a-z/]*)$/iu
const BITRATES: Readonly<Record<string, number>> = { k: 1000, m: 1_000_000 }

/** bit/s: `256k`, `1.4M`, `320kbps`; a bare number below 10,000 is kbit/s. */
export function readBitrate(text: string): Stretch | undefined {
	const { whole = '', part = '', unit = '' } = DECIMAL.exec(text)?.groups ?? {}
	if (whole === '') return undefined
	const letters = unit.toLowerCase()
	if (!/^(?:[km]?(?:bps|bit\/s|bit|b\/s)?)$/u.test(letters)) return undefined
	const scale = BITRATES[letters[0] ?? ''] ?? (letters === '' && Number(whole) < 10_000 ? 1000 : 1)
	return stretch(whole, part, scale)
}

const UNITS_MS: Readonly<Record<string, number>> = {
	h: 3_600_000,
	hr: 3_600_000,
	std: 3_600_000,
	m: 60_000,
	min: 60_000,
	s: 1000,
	sec: 1000,
	sek: 1000,
	ms: 1
}

/** Milliseconds: `5m`, `90s`, `1h30m`, `4:30`, `1:02:03`; a bare number is minutes. It runs on to the end of its last unit. */
export function readDuration(text: string): Stretch | undefined {
	const clock = /^(?:(?<h>\d{1,3}):)?(?<m>\d{1,3}):(?<s>[0-5]\d)$/u.exec(text)?.groups
	if (clock !== undefined) {
		const from = ((Number(clock['h'] ?? 0) * 60 + Number(clock['m'])) * 60 + Number(clock['s'])) * 1000
		return { from, to: from + 999 }
	}
	if (/^\d{1,6}(?:[.,]\d{1,3})?$/u.test(text)) return readDuration(`${text}m`)
	if (!/^(?:\d{1,9}(?:[.,]\d{1,3})?[a-z]{1,3})+$/iu.test(text)) return undefined
	let total = 0
	let last = 0
	let smallest = Infinity
	for (const [, whole = '', part = '', name = ''] of text.matchAll(/(\d+)(?:[.,](\d+))?([a-z]+)/giu)) {
		const unit = UNITS_MS[name.toLowerCase()]
		if (unit === undefined || unit >= smallest) return undefined
		smallest = unit
		const value = stretch(whole, part, unit)
		total += value.from
		last = value.to - value.from
	}
	return { from: total, to: total + last }
}

/** From the value to just before the next one that is written as precisely. */
function stretch(whole: string, part: string, scale: number): Stretch {
	const from = Math.round(Number(`${whole}.${part || '0'}`) * scale)
	const step = Math.max(1, Math.round(scale / 10 ** part.length))
	return { from, to: from + step - 1 }
}
