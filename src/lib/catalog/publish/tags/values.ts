import { meantText } from './native-tags'

const MAX_TEXT = 500
const MAX_LIST = 50

/** Trimmed, in NFC, without NULs and at most 500 characters; undefined when nothing is left. */
export function bounded(text: unknown): string | undefined {
	if (typeof text !== 'string') return undefined
	const clean = meantText(text).replaceAll('\0', ' ').trim().normalize('NFC').slice(0, MAX_TEXT).trim()
	return clean === '' ? undefined : clean
}

export function list(value: string | readonly string[] | undefined): string[] {
	const texts = value === undefined ? [] : typeof value === 'string' ? [value] : value
	return [...new Set(texts.flatMap((text) => bounded(text) ?? []))].slice(0, MAX_LIST)
}

/** A whole number over 0. */
export function positive(value: number | null | undefined): number | undefined {
	if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
	const whole = Math.round(value)
	return whole > 0 && Number.isSafeInteger(whole) ? whole : undefined
}

/** Leaves out what is undefined. */
export function given<T extends object>(map: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined)) as {
		[K in keyof T]?: Exclude<T[K], undefined>
	}
}
