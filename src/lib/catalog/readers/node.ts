import type { CID } from 'multiformats/cid'
import { AppError } from '../../errors'
import { MAX_BLOCK_BYTES } from '../../gateway/verify-block'
import { decodeStrict } from '../dag-cbor'
import { MAX_LIST_BYTES } from '../limits'
import { listText, parseJson } from '../playlist-files'
import type { UnixFsReader } from './unixfs'

const DAG_CBOR = 0x71
const DAG_JSON = 0x0129
const JSON_CODEC = 0x0200

/** True for a CID of data rather than of a file. */
export function isData(cid: CID): boolean {
	return cid.code === DAG_CBOR || cid.code === DAG_JSON || cid.code === JSON_CODEC
}

/**
 * The data of a dag-cbor, dag-json or JSON block, or of a UnixFS file of JSON. Links of dag-json stay maps `{"/": …}`.
 * @throws AppError `content-unsupported`, `too-large`, and what reading throws
 */
export async function readNode(reader: UnixFsReader, cid: CID): Promise<unknown> {
	if (cid.code === DAG_CBOR) return decodeStrict(await reader.block(cid), MAX_BLOCK_BYTES, 'content-unsupported')
	const value = parseJson(listText(isData(cid) ? await reader.block(cid) : await reader.file(cid, MAX_LIST_BYTES)))
	if (value === undefined) throw new AppError('content-unsupported', `${cid.toString()} is not JSON`)
	return value
}
