import type { EntryRow } from './row'

/**
 * What holds the tracks of one album together: publisher, album artist and album, letters of either case alike.
 * Where no album artist is given the folder stands in for it, so that a guest on one track does not split the album;
 * the folders of its discs count as one. Where there is no folder either, the first artist.
 * @returns `undefined` for a row without an album
 */
export function albumKey(
	row: Pick<EntryRow, 'publisher' | 'k' | 'album' | 'albumArtists' | 'artists'>
): string | undefined {
	const album = folded(row.album ?? '')
	if (album === '') return undefined
	return [row.publisher, folded(by(row)), album].join('\n')
}

function by({ k, albumArtists, artists }: Pick<EntryRow, 'k' | 'albumArtists' | 'artists'>): string {
	if (albumArtists.length > 0) return albumArtists.join(', ')
	const folder = k.slice(0, Math.max(0, k.lastIndexOf('/'))).replace(/(?:^|\/)(?:cd|disc|disk)[ _-]?\d{1,3}$/i, '')
	return folder === '' ? (artists[0] ?? '') : `${folder}/`
}

/** NFKC, lower case, single spaces; line breaks cannot be in it, so that the parts of a key stay apart. */
const folded = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim()
