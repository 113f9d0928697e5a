import { CID } from 'multiformats/cid'
import { assertVerifiable, identityBlock } from '../gateway/verify-block'
import { MAX_MIME_LENGTH } from './limits'
import { fits, isMediaType, normalText } from './text'

/** What one value of an untrusted map must be. */
export interface Rule<T> {
	/** In words, to follow "must be". */
	readonly expected: string
	/** The value as it is kept; `undefined` when it breaks the rule. */
	read(value: unknown): T | undefined
}

/** One rule a key. `required` names those that may not be missing. */
export type RulesOf<T> = { readonly [K in keyof T]-?: Rule<NonNullable<T[K]>> }

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
	return (
		typeof value === 'object' &&
		value !== null &&
		!Array.isArray(value) &&
		!ArrayBuffer.isView(value) &&
		CID.asCID(value) === null
	)
}

/** The outcome of {@link readMap}: the fields that have a rule, and the other keys as they came. */
export type MapReading<T> =
	{ readonly fields: T; readonly extra?: Readonly<Record<string, unknown>> } | { readonly broken: string }

/**
 * Reads the own keys of an untrusted map by their rules. Inherited keys count as missing, and unknown ones go to an
 * object without a prototype, so that a key `__proto__` is a key like any other.
 */
export function readMap<T extends object>(
	value: unknown,
	rules: RulesOf<T>,
	required: readonly (keyof T & string)[]
): MapReading<T> {
	if (!isMap(value)) return { broken: 'must be a map' }
	const fields: Record<string, unknown> = {}
	let extra: Record<string, unknown> | undefined
	for (const key of Object.keys(value)) {
		const rule = Object.hasOwn(rules, key) ? rules[key as keyof T] : undefined
		if (rule === undefined) {
			extra ??= Object.create(null) as Record<string, unknown>
			extra[key] = value[key]
			continue
		}
		const read = rule.read(value[key])
		if (read === undefined) return { broken: `${key} must be ${rule.expected}` }
		fields[key] = read
	}
	for (const key of required) if (!Object.hasOwn(fields, key)) return { broken: `${key} is missing` }
	return extra === undefined ? { fields: fields as T } : { fields: fields as T, extra }
}

/** A map inside a map; its unknown keys are left out. */
export function mapOf<T extends object>(
	rules: RulesOf<T>,
	required: readonly (keyof T & string)[],
	also: (fields: T) => boolean = () => true
): Rule<T> {
	return {
		expected: `a map of ${Object.keys(rules).join(', ')}`,
		read(value) {
			const reading = readMap(value, rules, required)
			return 'fields' in reading && also(reading.fields) ? reading.fields : undefined
		}
	}
}

export function listOf<T>(rule: Rule<T>, max: number): Rule<readonly T[]> {
	return {
		expected: `a list of at most ${max}, each ${rule.expected}`,
		read(value) {
			if (!Array.isArray(value) || value.length > max) return undefined
			const read: T[] = []
			for (const item of value as readonly unknown[]) {
				const one = rule.read(item)
				if (one === undefined) return undefined
				read.push(one)
			}
			return read
		}
	}
}

/** Kept in NFC. */
export function text(max: number, min = 0): Rule<string> {
	return {
		expected: min === 0 ? `text of at most ${max} characters` : `text of ${min} to ${max} characters`,
		read(value) {
			if (typeof value !== 'string' || value.length > 4 * max) return undefined
			const normal = normalText(value)
			return normal.length >= min && fits(normal, max) ? normal : undefined
		}
	}
}

export function oneOf<T extends string>(all: readonly T[]): Rule<T> {
	return { expected: `one of ${all.join(', ')}`, read: (value) => all.find((one) => one === value) }
}

/** A whole number, 0 or more, that JavaScript holds exactly. */
export const int: Rule<number> = {
	expected: 'a whole number, 0 or more',
	read: (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined)
}

export function number(min: number, max: number): Rule<number> {
	return {
		expected: `a number from ${min} to ${max}`,
		read: (value) => (typeof value === 'number' && value >= min && value <= max ? value : undefined)
	}
}

export const bool: Rule<boolean> = {
	expected: 'true or false',
	read: (value) => (typeof value === 'boolean' ? value : undefined)
}

export function bytes(max: number): Rule<Uint8Array> {
	return {
		expected: `at most ${max} bytes`,
		// A copy: what was decoded is a view of the whole page, which it would keep in memory.
		read: (value) => (value instanceof Uint8Array && value.byteLength <= max ? value.slice() : undefined)
	}
}

/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
export const date: Rule<string> = {
	expected: 'a date YYYY, YYYY-MM or YYYY-MM-DD',
	read: (value) =>
		typeof value === 'string' && /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/.test(value)
			? value
			: undefined
}

export const mediaType: Rule<string> = {
	expected: 'a media type',
	read: (value) =>
		typeof value === 'string' && value.length <= MAX_MIME_LENGTH && isMediaType(value) ? value : undefined
}

const DAG_PB = 0x70
const RAW = 0x55

/** True when blocks of this CID can be checked against it here; a truncated digest, which could be forged, cannot. */
export function isCheckable(cid: CID): boolean {
	try {
		assertVerifiable(cid)
		identityBlock(cid)
		return true
	} catch {
		return false
	}
}

/** Root of a UnixFS file, or one raw leaf. */
export const fileCid: Rule<CID> = {
	expected: 'the CID of a file (dag-pb or raw, sha2)',
	read(value) {
		const cid = CID.asCID(value)
		return cid !== null && (cid.code === DAG_PB || cid.code === RAW) && isCheckable(cid) ? cid : undefined
	}
}

/** One raw leaf, as heads, pages and playlists are. */
export const leafCid: Rule<CID> = {
	expected: 'the CID of a raw leaf',
	read(value) {
		const cid = CID.asCID(value)
		return cid !== null && cid.code === RAW && isCheckable(cid) ? cid : undefined
	}
}

/** Of any codec. */
export const anyCid: Rule<CID> = {
	expected: 'a CID',
	read(value) {
		const cid = CID.asCID(value)
		return cid !== null && isCheckable(cid) ? cid : undefined
	}
}
