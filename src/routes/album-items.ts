import type { AlbumRow, Catalog } from '$lib/catalog/catalog'
import type { AlbumItem } from '$lib/components/AlbumRows.svelte'
import { formatAgo } from '$lib/format'
import type { Messages } from '$lib/i18n/index.svelte'
import { albumHref, publisherHref } from '$lib/state/page-address'
import type { PlayerState } from '$lib/state/player.svelte'

/** An album as a line of a list. */
export const albumItem = (m: Messages, album: AlbumRow, nowMs: number): AlbumItem => ({
	key: album.key,
	href: albumHref(album.key),
	title: album.album,
	second: [album.artists.join(', '), m.shell.tracks(album.tracks)].filter(Boolean).join(' · '),
	publisher: { name: album.publisherName, href: publisherHref(album.publisher) },
	cover: album.cover,
	hue: album.hue,
	when: formatAgo(album.indexedMs, nowMs, m.locale)
})

/** Plays an album from its start; pauses or goes on with the one that the player holds. */
export async function playAlbum(
	catalog: Pick<Catalog, 'album'>,
	player: PlayerState,
	key: string,
	shuffle = false
): Promise<void> {
	const found = await catalog.album(key)
	if (found === undefined) return
	if (!shuffle && found.rows.some((row) => player.holds(row))) await player.toggle()
	else await player.play(found.rows, 0, { shuffle })
}
