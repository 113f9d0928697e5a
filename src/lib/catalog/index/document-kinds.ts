import type { EntryKind } from '../entry'

/** Kinds by number, as the index holds them. Append only: the numbers are stored. */
export const KINDS: readonly EntryKind[] = ['audio', 'video', 'image', 'document', 'subtitle', 'other']

/** The same for what the index of names holds. */
export const NAME_KINDS = ['album', 'artist'] as const
export const ALBUM = NAME_KINDS.indexOf('album')
export const ARTIST = NAME_KINDS.indexOf('artist')
