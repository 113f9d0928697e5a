import type { PublisherRow } from '$lib/catalog/catalog'
import type { OpenMenu } from '../overlay.svelte'
import type { SharedPlaylist } from '../read-playlist'
import { entryHref, publisherHref } from '../page-address'
import { totalsOf, type Keepable } from './keep'

/** What a menu's acts are for, as something to keep; undefined for several rows that are no album or list. */
export function keepableOf(menu: Extract<OpenMenu, { kind: 'rows' }>): Keepable | undefined {
	const { rows, title, whole } = menu
	const [row] = rows
	if (row === undefined) return undefined
	const totals = totalsOf(rows)
	if (whole) return { ...whole, title, rows, ...totals }
	if (rows.length > 1) return undefined
	return { kind: 'entry', key: row.file, title, by: row.artists.join(', '), href: entryHref(row), rows, ...totals }
}

export const keepableOfPublisher = (publisher: PublisherRow): Keepable => ({
	kind: 'publisher',
	key: publisher.name,
	title: publisher.displayName,
	by: '',
	href: publisherHref(publisher.name),
	rows: [],
	root: publisher.root,
	files: publisher.entries,
	bytes: publisher.sizeBytes,
	...(publisher.playlists && { lists: publisher.playlists })
})

/** A playlist of somebody else's, as its link shows it. */
export const keepableOfPlaylist = (
	{ key, cid, title, rows }: SharedPlaylist,
	by: string,
	href: string
): Keepable => ({
	kind: 'playlist',
	key,
	title,
	by,
	href,
	rows,
	...totalsOf(rows),
	...(cid !== undefined && { lists: [cid] })
})
