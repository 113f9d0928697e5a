import { base32upper } from 'multiformats/bases/base32'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import * as Digest from 'multiformats/hashes/digest'

/** Under what a block lies in the store: by its hash alone, whatever its codec; as blockstore-idb has it. */
export const blockKey = (cid: CID): string => `/${base32upper.encoder.encode(cid.multihash.bytes)}`

/** The codec is not kept: the CID names the block as raw bytes. */
export const cidOfKey = (key: string): CID =>
	CID.createV1(raw.code, Digest.decode(base32upper.decoder.decode(key.slice(1))))
