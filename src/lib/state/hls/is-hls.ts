import type { EntryRow } from '$lib/catalog/row'

const TYPE = /^application\/(?:vnd\.apple\.|x-)mpegurl\s*(?:;|$)/i

/** True for a row that stands for segments, of which a playlist says how they follow each other (RFC 8216). */
export const isHls = ({ mime }: Pick<EntryRow, 'mime'>): boolean => TYPE.test(mime)
