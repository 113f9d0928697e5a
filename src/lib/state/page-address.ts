import { albumKey } from '$lib/catalog/album-key'
import type { EntryRow } from '$lib/catalog/row'
import { STARTER_NAME } from '$lib/catalog/starter'

/*
 * Where the pages are. The router decodes the whole hash when the page is opened and writes it back so, hence nothing
 * in it may need a percent sign to be told apart: album keys are base64url, and words have an escape of their own.
 */

const toBase64Url = (text: string): string => {
	const bytes = new TextEncoder().encode(text)
	return btoa(String.fromCharCode(...bytes))
		.replaceAll('+', '-')
		.replaceAll('/', '_')
		.replace(/=+$/, '')
}

export const albumHref = (key: string): string => `#/album/${toBase64Url(key)}`

/** Reads what {@link albumHref} wrote; undefined when it is not such a text. */
export function albumKeyOf(parameter: string): string | undefined {
	try {
		const bytes = Uint8Array.from(atob(parameter.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
			char.charCodeAt(0)
		)
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
	} catch {
		return undefined
	}
}

/** Page of the album that a row stands in; undefined when it stands in none. */
export const albumHrefOfRow = (row: EntryRow): string | undefined => {
	const key = row.publisher === '' ? undefined : albumKey(row)
	return key === undefined ? undefined : albumHref(key)
}

export const entryHref = (row: Pick<EntryRow, 'file'>): string => `#/e/${row.file}`
/**
 * What a link to an entry opens for others (protocol section 5): it names the publisher, so that whoever opens it with
 * nothing in the index finds out who signed. The starter collection is everywhere.
 * @param time - `9`, `9,12.5`: seconds
 */
export function entryLink(row: Pick<EntryRow, 'file' | 'publisher'>, time = ''): string {
	const by = row.publisher === '' || row.publisher === STARTER_NAME ? '' : `by=${row.publisher}`
	const query = [time === '' ? '' : `t=${time}`, by].filter(Boolean).join('&')
	return entryHref(row) + (query === '' ? '' : `?${query}`)
}
export const publisherHref = (name: string): string => `#/u/${name}`
export const ownPlaylistHref = (id: string): string => `#/library/${id}`
/** Where all that is kept is listed. */
export const keptHref = '#/library?shelf=kept'
export const importPlaylistHref = '#/library/import'

const RESERVED = /[~%&#+?]/g

/** Text as a value of the query behind the hash. */
export const escaped = (text: string): string =>
	encodeURI(text.replace(RESERVED, (char) => `~${char.charCodeAt(0).toString(16).padStart(2, '0')}`)).replaceAll(
		'%20',
		'+'
	)

/** Page of the results for these words. */
export const searchHref = (text: string): string => (text === '' ? '#/search' : `#/search?q=${escaped(text)}`)

/** A value of the query behind the hash: `#/search?q=…`. */
export function hashQuery(hash: string, name: string): string | undefined {
	const query = hash.slice(hash.indexOf('?') + 1)
	if (!hash.includes('?')) return undefined
	const pair = query.split('&').find((part) => part.startsWith(`${name}=`))
	if (pair === undefined) return undefined
	const raw = pair.slice(name.length + 1).replaceAll('+', ' ')
	let text: string
	try {
		text = decodeURIComponent(raw)
	} catch {
		text = raw
	}
	return text.replace(/~([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
