import type { CID } from 'multiformats/cid'

/** Key of a block in maps: its multihash, so that the same bytes under two codecs are the same block. Cheap, and no text. */
export const blockKey = (cid: CID): string => String.fromCharCode(...cid.multihash.bytes)
