import type { DraftEntry } from '$lib/catalog/publishing'
import { withField, type DraftField } from './draft-fields'

/** What a pattern can name, with the field that it fills. */
const PLACES: Readonly<Record<string, DraftField | undefined>> = {
	title: 'title',
	artist: 'artists',
	albumartist: 'albumArtists',
	album: 'album',
	year: 'date',
	date: 'date',
	track: 'track',
	disc: 'disc',
	genre: 'genres',
	composer: 'composers',
	/** What is passed over. */
	any: undefined
}

export const PATTERN_NAMES = Object.keys(PLACES)

/** Shapes that many collections have, for a person to begin with. */
export const PATTERNS = [
	'{artist}/{album}/{track} {title}',
	'{artist}/{album} ({year})/{track} - {title}',
	'{artist} - {album}/{track}. {title}',
	'{artist} - {title}',
	'{track} - {artist} - {title}'
] as const

export interface PathPattern {
	/** Fields in their order. */
	readonly fields: readonly DraftField[]
	/** What the pattern finds in a path; undefined where it does not fit. */
	read(path: string): ReadonlyMap<DraftField, string> | undefined
}

/** Why a pattern cannot be used: the name in braces that is none, or that it names nothing, or one thing twice. */
export type PatternProblem =
	| { readonly problem: 'unknown-name'; readonly name: string }
	| { readonly problem: 'names-nothing' }
	| { readonly problem: 'named-twice'; readonly name: string }

/**
 * Reads a pattern such as `{artist}/{album} ({year})/{track} - {title}`. It is laid at the end of a path, the file's
 * extension left out: folders further up do not matter.
 */
export function parsePattern(text: string): PathPattern | PatternProblem {
	const names: (DraftField | undefined)[] = []
	let source = ''
	for (const part of text.trim().split(/(\{[^{}]*\})/)) {
		const name = /^\{\s*(.*?)\s*\}$/
			.exec(part)?.[1]
			?.toLowerCase()
			.replaceAll(/[\s_-]/g, '')
		if (name === undefined) {
			source += part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/\s+/g, '[\\s_]+')
			continue
		}
		if (!Object.hasOwn(PLACES, name)) return { problem: 'unknown-name', name }
		const field = PLACES[name]
		if (field !== undefined && names.includes(field)) return { problem: 'named-twice', name }
		names.push(field)
		source += field === 'track' || field === 'disc' ? '(\\d{1,4})' : name === 'year' ? '(\\d{4})' : '([^/]+?)'
	}
	const fields = names.filter((name) => name !== undefined)
	if (fields.length === 0) return { problem: 'names-nothing' }
	const pattern = new RegExp(`(?:^|/)${source}$`, 'u')
	return {
		fields,
		read(path) {
			const found = pattern.exec(path.replace(/\.[^./]*$/, ''))
			if (found === null) return undefined
			const texts = names.flatMap((field, at): [DraftField, string][] =>
				field === undefined ? [] : [[field, tidied(found[at + 1] ?? '', field)]]
			)
			return new Map(texts)
		}
	}
}

/** The entry as a pattern reads its path; undefined where the pattern does not fit. */
export function filledFromPath(entry: DraftEntry, pattern: PathPattern): DraftEntry | undefined {
	const found = pattern.read(entry.path)
	if (found === undefined) return undefined
	let filled = entry
	for (const [field, text] of found) {
		const outcome = withField(filled, field, text)
		if ('problem' in outcome) return undefined
		filled = outcome.entry
	}
	return filled
}

const tidied = (text: string, field: DraftField): string => {
	const spaced = (text.includes(' ') ? text : text.replaceAll('_', ' ')).trim()
	return field === 'track' || field === 'disc' ? String(Number(spaced)) : spaced
}
